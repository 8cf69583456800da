import { expect, test, vi } from "vitest";
import { aFrame, aSequence } from "../testing/samples.ts";
import { askEarly } from "./early.ts";
import { placeOf } from "./place.ts";

const PATH_ID = "neutral_to_happy__center";
const SEQUENCE = aSequence([], { frames: [aFrame(0), aFrame(0.25, { digest: null }), aFrame(0.5), aFrame(1)] });

function answering(answer: (url: string) => Promise<Response>): ReturnType<typeof vi.fn<typeof fetch>> {
  const asked = vi.fn<typeof fetch>((url) => answer(url as string));
  vi.stubGlobal("fetch", asked);
  return asked;
}

const sequenceAnswers = (url: string): Promise<Response> =>
  Promise.resolve(Response.json(url.endsWith("/project") ? { open: true } : SEQUENCE));

test("the picture nearest to the address's t is decoded, of those that are there", async () => {
  answering(sequenceAnswers);
  const decoded: string[] = [];
  const early = askEarly(placeOf(`#/review/${PATH_ID}?t=0.3`), (digest) => Promise.resolve(decoded.push(digest)));
  await early.ready;

  expect(decoded).toEqual([aFrame(0.5).digest]);
  expect(early.sequence?.pathId).toBe(PATH_ID);
  expect(await early.sequence?.answer).toEqual(SEQUENCE);
});

test("an address without a sequence asks for the project alone", async () => {
  const asked = answering(sequenceAnswers);
  const early = askEarly(placeOf("#/jobs"), () => Promise.reject(new Error("no picture was named")));
  await early.ready;

  expect(early.sequence).toBeNull();
  expect(asked.mock.calls.map(([url]) => url)).toEqual(["/api/v1/project"]);
});

test("what fails early does not keep the window from being drawn", async () => {
  answering(() => Promise.resolve(new Response("", { status: 404 })));
  const early = askEarly(placeOf(`#/review/${PATH_ID}`), () => Promise.resolve());
  const failures = Promise.allSettled([early.project, early.sequence?.answer]);
  await early.ready;

  expect((await failures).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});

test("a slow server is not waited for", async () => {
  vi.useFakeTimers();
  answering(() => new Promise(() => undefined));
  let drawn = false;
  void askEarly(placeOf(`#/review/${PATH_ID}`), () => Promise.resolve()).ready.then(() => (drawn = true));
  await vi.advanceTimersByTimeAsync(100);
  expect(drawn).toBe(false);

  await vi.advanceTimersByTimeAsync(100);
  expect(drawn).toBe(true);
  vi.useRealTimers();
});
