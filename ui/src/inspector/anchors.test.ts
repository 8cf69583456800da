import { describe, expect, it } from "vitest";
import type { Frame } from "../api/types.ts";
import { aFrame } from "../testing/samples.ts";
import { anchorChoices, regenerateLabel, regenerateWork, selectionOf, timeLabel } from "./anchors.ts";

const times = (frames: readonly Frame[]) => frames.map((frame) => frame.t);
const frames = [
  aFrame(0, { state: "key" }),
  aFrame(0.25),
  aFrame(0.5, { trusted: true }),
  aFrame(0.75),
  aFrame(1, { state: "key" }),
];
const nearest = { anchorStart: null, anchorEnd: null, note: "" };

describe("anchors", () => {
  it("are offered nearest first on either side", () => {
    const choices = anchorChoices(frames, 0.5);

    expect(times(choices.before)).toEqual([0.25, 0]);
    expect(times(choices.after)).toEqual([0.75, 1]);
  });

  it("are never frames without a picture", () => {
    const gap = [
      aFrame(0, { state: "key" }),
      aFrame(0.25, { state: "missing", digest: null }),
      aFrame(0.375, { state: "broken" }),
      aFrame(0.5),
    ];

    expect(times(anchorChoices(gap, 0.5).before)).toEqual([0]);
  });

  it("go into the order of a single frame", () => {
    const work = regenerateWork("a__center", [0.5], { ...nearest, anchorStart: 0, anchorEnd: 0.75 }, false);

    expect([work.anchor_start_t, work.anchor_end_t]).toEqual([0, 0.75]);
  });

  it("stay out of a range, which is made in the order of its dependencies", () => {
    const work = regenerateWork("a__center", [0.25, 0.5], { ...nearest, anchorStart: 0, anchorEnd: 1 }, false);

    expect([work.anchor_start_t, work.anchor_end_t]).toEqual([null, null]);
  });
});

describe("a selection", () => {
  it("leaves endpoints and trusted frames alone", () => {
    expect(selectionOf(frames, [0, 0.25, 0.5, 0.75])).toEqual({ times: [0.25, 0.75], trusted: [0.5], ends: [0] });
  });

  it("ignores times that the sequence does not have", () => {
    expect(selectionOf(frames, [0.3]).times).toEqual([]);
  });
});

describe("a note", () => {
  it("reaches an engine that reads prompts", () => {
    expect(regenerateWork("a", [0.5], { ...nearest, note: " keep the lips closed " }, true).note).toBe(
      "keep the lips closed",
    );
  });

  it("is not sent to one that does not", () => {
    expect(regenerateWork("a", [0.5], { ...nearest, note: "keep" }, false).note).toBe("");
  });
});

describe("labels", () => {
  it.each([
    [[0.25], "Regenerate 0.25"],
    [[0.25, 0.5], "Regenerate 2 frames"],
  ])("%j: %s", (selected, label) => {
    expect(regenerateLabel(selected)).toBe(label);
  });

  it("show no more digits than a time has", () => {
    expect([0, 0.5, 0.0078125, 1].map(timeLabel)).toEqual(["0", "0.5", "0.0078", "1"]);
  });
});
