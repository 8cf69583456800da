import { describe, expect, it } from "vitest";
import { aFrame, anEngine } from "../testing/samples.ts";
import { bytesWords, factsOfFrame, origins, scoreLines, selectionTitle } from "./frameWords.ts";

const valueOf = (frame: Parameters<typeof factsOfFrame>[0], name: string, engine = anEngine()) =>
  factsOfFrame(frame, "720 × 720", engine).find((fact) => fact.name === name)?.value;

describe("a frame's facts", () => {
  it("leave out what nobody knows", () => {
    expect(factsOfFrame(aFrame(0.5, { engine: null, bytes: null }), null, undefined).map((fact) => fact.name)).toEqual([
      "File",
    ]);
  });

  it("say how good a picture was judged, and what it stands in for", () => {
    const frame = aFrame(0.5, { judged: 0.42, judged_faults: ["it slid"], instead_of: "openai" });

    expect(valueOf(frame, "Judged")).toBe("42 %: it slid");
    expect(valueOf(frame, "Instead of")).toBe("openai, not good enough");
  });

  it("say that a free engine's frame was free", () => {
    expect(valueOf(aFrame(0.5), "Cost")).toBe("free");
  });

  it("never say that a paid frame without a known price was free", () => {
    expect(valueOf(aFrame(0.5, { engine: "openai" }), "Cost", anEngine({ paid: true }))).toBe("not known");
  });

  it("say what a frame cost", () => {
    expect(valueOf(aFrame(0.5, { cost_usd: 0.035 }), "Cost")).toBe("$0.035");
  });

  it("give a drawing no cost", () => {
    expect(valueOf(aFrame(0, { state: "key", engine: null }), "Cost")).toBeUndefined();
  });

  it("show the size of picture and file", () => {
    expect(valueOf(aFrame(0.5, { bytes: 123_456 }), "Size")).toBe("720 × 720 · 123 kB");
  });
});

it.each([
  [999, "999 B"],
  [1000, "1 kB"],
  [1_234_567, "1.2 MB"],
])("%d bytes are %s", (bytes, words) => {
  expect(bytesWords(bytes)).toBe(words);
});

it("the pictures that a frame was made from tell whether they are other ones now", () => {
  const frames = [aFrame(0, { digest: "a" }), aFrame(1, { digest: "b" })];
  const frame = aFrame(0.5, {
    made_from: [
      { t: 0, digest: "a" },
      { t: 1, digest: "old" },
    ],
  });

  expect(origins(frame, frames).map((origin) => origin.changed)).toEqual([false, true]);
});

describe("scores", () => {
  const scores = { step: 0.01234, progress: 0.48, changed: 0.2, stray: 0, drift_px: null, faults: [] };

  it("stand beside the place that they should follow", () => {
    expect(scoreLines(0.5, scores)[0]?.shown).toBe("48 % at 50 %");
  });

  it("keep small numbers visible", () => {
    expect(scoreLines(0.5, { ...scores, stray: 0.0004 }).map((line) => line.shown)).toEqual([
      "48 % at 50 %",
      "1.2 %",
      "20 %",
      "0.04 %",
    ]);
  });

  it("show a drift only where it can be told", () => {
    expect(scoreLines(0.5, { ...scores, drift_px: 2 }).at(-1)?.shown).toBe("2.0 px");
  });
});

it.each([
  [[0.5], "Frame 0.5"],
  [[0.25, 0.5, 0.75], "3 frames, 0.25 to 0.75"],
  [[], "No frame"],
])("the selection %j is called %s", (selected, title) => {
  expect(selectionTitle(selected)).toBe(title);
});
