import { createHash } from "node:crypto";

type Headers = Record<string, string>;
type Found = { id: string; version: number; position: string };

/** What somebody could as well do on the page, done quickly. */
export class Api {
  #written: string | undefined;

  constructor(
    readonly url: string,
    readonly cookie: string,
  ) {}

  async read<T>(path: string): Promise<T> {
    return (await this.#call("GET", path)) as T;
  }

  /** A command; said twice it is done once, so that a test may begin anew. */
  async write(path: string, body: object = {}): Promise<Found> {
    const key = createHash("sha256")
      .update(`${path} ${JSON.stringify(body)}`)
      .digest("hex");
    const done = (await this.#call("POST", path, body, key)) as Found;
    this.#written = done.position;
    return done;
  }

  /** A command that may be refused, in words; never as a fault of the service. */
  async try(path: string, body: object): Promise<Found | undefined> {
    try {
      return await this.write(path, body);
    } catch (error) {
      if (error instanceof Answered && error.status < 500) return undefined;
      throw error;
    }
  }

  /** All rows of a list. */
  async all<T>(path: string): Promise<T[]> {
    const found: T[] = [];
    let after: string | undefined;
    do {
      const more = after === undefined ? "" : `&after=${encodeURIComponent(after)}`;
      const page = await this.read<{ data: T[]; page?: { next?: string | null } }>(path + more);
      found.push(...page.data);
      after = page.page?.next ?? undefined;
    } while (after !== undefined);
    return found;
  }

  /** Imports a file, and waits until that is done. */
  async import(query: string, file: string) {
    const { id } = (await this.#send("POST", `/v1/imports?${query}`, file, {
      "Content-Type": "text/csv",
    })) as { id: string };
    for (;;) {
      const job = await this.read<{ finished_at: string | null }>(`/v1/jobs/${id}`);
      if (job.finished_at !== null) return;
      await new Promise((done) => setTimeout(done, 250));
    }
  }

  /** The customer of this name. */
  async customer(name: string): Promise<string> {
    const { data } = await this.read<{ data: { id: string; display_name: string }[] }>(
      `/v1/customers?q=${encodeURIComponent(name)}`,
    );
    const found = data.find((row) => row.display_name === name);
    if (found === undefined) throw new Error(`there is no customer ${name}`);
    return found.id;
  }

  #call(method: string, path: string, body?: object, key?: string) {
    const headers: Record<string, string> = {};
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (key !== undefined) headers["Idempotency-Key"] = key;
    return this.#send(method, path, body && JSON.stringify(body), headers);
  }

  async #send(method: string, path: string, body: string | undefined, more: Headers) {
    const headers: Headers = { Cookie: this.cookie, Origin: this.url, ...more };
    if (this.#written !== undefined) {
      headers["Dossier-Min-Position"] = this.#written;
      headers.Prefer = "wait=10";
    }
    const answer = await fetch(`${this.url}${path}`, { method, headers, body: body ?? null });
    const text = await answer.text();
    if (!answer.ok) throw new Answered(answer.status, `${method} ${path}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }
}

/** That the service refused something. */
class Answered extends Error {
  constructor(
    readonly status: number,
    what: string,
  ) {
    super(`${status} ${what}`);
  }
}
