/**
 * The one way to the server. An answer that is an error becomes an `ApiError`, never an empty value.
 *
 * Paths, bodies and answers are typed by the generated schema: a route that the server does not have does not compile.
 */
import type { paths } from "./schema.ts";
import type { Problem } from "./types.ts";

/** What the server, or the way to it, refused; `message` can be shown to the user as it is. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    /** HTTP status, or 0 where no answer came. */
    readonly status: number,
    /** The error tree's code, or `unreachable`, or `unreadable`. */
    readonly code: string,
    message: string,
    /** All problems, where there are several. */
    readonly problems: readonly string[] = [],
  ) {
    super(message);
  }
}

/** Where the server tells what changes; `events.ts` keeps the studio fresh by it. */
export const EVENTS_URL = "/api/v1/events";

type Method = "get" | "put" | "post";

/** The paths that have `method`. */
export type PathWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: object }> ? P : never;
}[keyof paths];

type Operation<P extends keyof paths, M extends Method> = paths[P][M];

type JsonOf<R> = R extends { content: { "application/json": infer T } } ? T : never;

/** What a route answers when all is well. */
export type Answer<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { responses: infer R }
    ? { [S in keyof R & (200 | 201 | 202)]: JsonOf<R[S]> }[keyof R & (200 | 201 | 202)]
    : never;

/** What a route wants as JSON; `undefined` where it wants none. */
export type Body<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { requestBody: { content: { "application/json": infer T } } } ? T : undefined;

export interface Options<B> {
  /** Values for `{name}` in the path; encoded here. */
  params?: Record<string, string | number>;
  query?: Record<string, string | number>;
  json?: B;
  /** A picture's bytes, instead of JSON. */
  bytes?: Blob;
  signal?: AbortSignal;
}

/** Ask the server. Throws `ApiError`, or the signal's reason when aborted. */
export async function request<M extends Method, P extends PathWith<M>>(
  method: M,
  path: P,
  options: Options<Body<P, M>> = {},
): Promise<Answer<P, M>> {
  const response = await send(method, urlOf(path, options.params, options.query), options);
  if (!response.ok) throw await errorOf(response);
  try {
    return (await response.json()) as Answer<P, M>;
  } catch (error) {
    if (error instanceof DOMException) throw error;
    throw new ApiError(response.status, "unreadable", `The studio's server sent an answer that is no JSON: ${path}.`);
  }
}

/** Fill in `{name}` and append the query. */
export function urlOf(
  path: string,
  params: Record<string, string | number> = {},
  query: Record<string, string | number> = {},
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`${path}: no value for {${name}}`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)])).toString();
  return search ? `${filled}?${search}` : filled;
}

async function send(method: Method, url: string, options: Options<unknown>): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json" };
  const init: RequestInit = { method: method.toUpperCase(), headers };
  if (options.signal) init.signal = options.signal;
  if (options.bytes) {
    init.body = options.bytes;
    headers["content-type"] = options.bytes.type || "application/octet-stream";
  } else if (options.json !== undefined) {
    init.body = JSON.stringify(options.json);
    headers["content-type"] = "application/json";
  }
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(
      0,
      "unreachable",
      "The studio's server does not answer. Is `watercolor-rig studio` still running?",
    );
  }
}

async function errorOf(response: Response): Promise<ApiError> {
  return errorFrom(response.status, await response.json().catch(() => null));
}

/** Return the error that an answer of this status and content is. */
export function errorFrom(status: number, found: unknown): ApiError {
  if (isProblem(found)) return new ApiError(status, found.code, found.detail, found.problems);
  return new ApiError(status, "unreadable", `The studio's server answered ${status} without a reason.`);
}

function isProblem(found: unknown): found is Problem {
  return (
    typeof found === "object" &&
    found !== null &&
    "code" in found &&
    "detail" in found &&
    typeof found.code === "string" &&
    typeof found.detail === "string"
  );
}
