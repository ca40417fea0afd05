import type { components } from "@/api/schema";

export type Problem = components["schemas"]["Problem"];
type FieldProblem = NonNullable<Problem["errors"]>[number];

/** The service refused; it says why, and where. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = "Refused";
  }

  /** What is wrong with a field, by its name in the body. */
  field(name: string): string | undefined {
    return this.fields.find((error) => error.pointer?.split("/")[1] === name)?.detail;
  }

  get fields(): FieldProblem[] {
    return this.problem.errors ?? [];
  }

  /** The fault lies with the service, so the same may be sent again. */
  get isFault(): boolean {
    return this.problem.status >= 500 || this.problem.status === 429;
  }
}

/** No answer came: nobody knows whether the service has done it. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super("unreachable", { cause });
    this.name = "Unreachable";
  }
}

export function refusal(error: unknown): Refused | undefined {
  return error instanceof Refused ? error : undefined;
}
