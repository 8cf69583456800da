import { expect, test } from "vitest";
import { aFrame, aJob, aRow, aSequence } from "../testing/samples.ts";
import { withFrame, withJob, withRows } from "./updates.ts";

test("a known job is replaced where it stands", () => {
  const jobs = withJob([aJob("b"), aJob("a")], aJob("a", { made: 2 }));

  expect(jobs.map((job) => [job.id, job.made])).toEqual([
    ["b", 0],
    ["a", 2],
  ]);
});

test("a new job comes to the front", () => {
  expect(withJob([aJob("a")], aJob("b")).map((job) => job.id)).toEqual(["b", "a"]);
});

test("a frame is replaced by its t, and a new one goes where it belongs", () => {
  const sequence = withFrame(aSequence([0, 0.5, 1]), aFrame(0.5, { state: "running" }));

  expect(sequence.frames.map((frame) => frame.state)).toEqual(["key", "running", "key"]);
  expect(withFrame(sequence, aFrame(0.25)).frames.map((frame) => frame.t)).toEqual([0, 0.25, 0.5, 1]);
});

test("rows change where they stand, go, and come last", () => {
  const rows = [aRow("b"), aRow("a"), aRow("c")];
  const changed = new Map([
    ["a", aRow("a", { state: "running" })],
    ["b", null],
    ["aa", aRow("aa")],
  ] as const);

  expect(withRows(rows, changed).map((row) => [row.path_id, row.state])).toEqual([
    ["a", "running"],
    ["c", "complete"],
    ["aa", "complete"],
  ]);
});
