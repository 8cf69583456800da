import { expect, test, vi } from "vitest";
import { ApiError, request, urlOf } from "./client.ts";

function answering(status: number, body: string): ReturnType<typeof vi.fn<typeof fetch>> {
  const answer = vi.fn<typeof fetch>(() => Promise.resolve(new Response(body, { status })));
  vi.stubGlobal("fetch", answer);
  return answer;
}

async function errorOf(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

test("an answer is what the route says", async () => {
  answering(200, '{"undo":"the last thing","redo":null}');

  expect(await request("get", "/api/v1/history")).toEqual({ undo: "the last thing", redo: null });
});

test("a problem becomes an error that says what the server said", async () => {
  answering(409, '{"code":"conflict","detail":"It has changed.","problems":["a","b"]}');
  const error = await errorOf(request("get", "/api/v1/sequences"));

  expect(error).toMatchObject({ status: 409, code: "conflict", message: "It has changed.", problems: ["a", "b"] });
});

test("an error without a reason is still an error, never an empty list", async () => {
  answering(502, "<html>bad gateway</html>");

  expect(await errorOf(request("get", "/api/v1/sequences"))).toMatchObject({ status: 502, code: "unreadable" });
});

test("a server that does not answer is named", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));

  expect(await errorOf(request("get", "/api/v1/sequences"))).toMatchObject({ status: 0, code: "unreachable" });
});

test("an answer that is no JSON is an error", async () => {
  answering(200, "hello");

  expect(await errorOf(request("get", "/api/v1/project"))).toMatchObject({ code: "unreadable" });
});

test("an aborted request stays an abort", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new DOMException("stopped", "AbortError")));

  await expect(request("get", "/api/v1/project")).rejects.toMatchObject({ name: "AbortError" });
});

test("values in a path are encoded", () => {
  expect(urlOf("/api/{path_id}/{t}", { path_id: "a/../b ä", t: 0.25 })).toBe("/api/a%2F..%2Fb%20%C3%A4/0.25");
});

test("a value that is missing is a mistake of ours", () => {
  expect(() => urlOf("/api/{path_id}")).toThrow("path_id");
});

test("JSON and bytes go with their type", async () => {
  const sent = answering(200, "{}");
  await request("put", "/api/v1/project/budget", { json: { budget_usd: 5 } });
  const picture = new Blob(["x"], { type: "image/png" });
  await request("put", "/api/v1/endpoints/{expression}/{pose}", {
    params: { expression: "happy", pose: "center" },
    bytes: picture,
  });

  expect(sent.mock.calls[0]?.[1]).toMatchObject({ method: "PUT", body: '{"budget_usd":5}' });
  expect(sent.mock.calls[1]?.[1]).toMatchObject({ body: picture, headers: { "content-type": "image/png" } });
});
