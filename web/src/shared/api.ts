import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "@/api/schema";
import { type Problem, Refused, Unreachable } from "./problem";

export type Schema = components["schemas"];
export type Done = Schema["Done"];

/** In which organisation the page works, and the last position that it has written. */
const here: { organisation?: string; written?: string } = {};

export function workIn(organisation: string) {
  if (here.organisation === organisation) return;
  here.organisation = organisation;
  here.written = undefined;
}

export function organisationHeader(): Record<string, string> {
  return here.organisation === undefined ? {} : { "Dossier-Organization": here.organisation };
}

let signedOut: () => void = () => {};

export function onSignedOut(then: () => void) {
  signedOut = then;
}

/** One reads what one has written: a read waits for it, but rather shows old rows than none. */
const standing: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(organisationHeader())) {
      request.headers.set(name, value);
    }
    if (request.method === "GET" && here.written !== undefined) {
      request.headers.set("Dossier-Min-Position", here.written);
      request.headers.set("Prefer", "wait=2, handling=lenient");
    }
    return request;
  },
  onResponse({ response, request }) {
    if (response.status === 401 && !/\/v1\/(?:session|invitations\/accept)$/.test(request.url)) {
      signedOut();
    }
    return response;
  },
};

export const api = createClient<paths>({
  baseUrl: typeof location === "undefined" ? "http://localhost" : location.origin,
  credentials: "same-origin",
  querySerializer: (query) => queryText(query),
});
api.use(standing);

/** `{filter: {tags: "vip"}}` stands in the address as `filter[tags]=vip`. */
export function queryText(query: Record<string, unknown>): string {
  const pairs: [string, string][] = [];
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === "") continue;
    if (Array.isArray(value)) pairs.push([name, value.join(",")]);
    else if (typeof value === "object") {
      for (const [part, text] of Object.entries(value)) {
        if (text !== undefined) pairs.push([`${name}[${part}]`, `${text}`]);
      }
    } else pairs.push([name, `${value}`]);
  }
  return new URLSearchParams(pairs).toString();
}

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The answer's body, or why there is none. */
export async function read<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer.catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new Unreachable(cause);
  });
  if (error !== undefined || !response.ok) throw new Refused(problem(error, response));
  return data as T;
}

/** The same of a command, after which reads wait for what it wrote. */
export async function write<T>(answer: Promise<Answer<T>>): Promise<T> {
  const data = await read(answer);
  const position = (data as { position?: string } | undefined)?.position;
  if (position !== undefined && BigInt(position) > BigInt(here.written ?? 0)) {
    here.written = position;
  }
  return data;
}

function problem(error: unknown, response: Response): Problem {
  if (typeof error === "object" && error !== null && "code" in error) return error as Problem;
  return {
    type: "about:blank",
    title: response.statusText,
    status: response.status,
    code: "no_problem_document",
    request_id: response.headers.get("dossier-request-id") ?? undefined,
  };
}

/** The header under which a command is done once. */
export function once(key: string) {
  return { "Idempotency-Key": key };
}
