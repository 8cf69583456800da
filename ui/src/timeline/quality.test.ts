import { expect, test } from "vitest";
import type { FrameScores } from "../api/types.ts";
import { aFrame } from "../testing/samples.ts";
import { marksOf } from "./FrameCell.tsx";
import { changesOf, conspicuous } from "./quality.ts";

function scored(t: number, step: number, faults: string[] = []): FrameScores {
  return {
    t,
    digest: "0".repeat(64),
    scores: { step, progress: t, changed: 0, stray: 0, drift_px: null, faults },
  };
}

test("a step is judged by the time it had", () => {
  const scores = [scored(1, 0.03), scored(0, 0), scored(0.5, 0.06), scored(0.75, 0.03)];
  const rates = changesOf(scores).map((change) => change.rate.toFixed(3));

  expect(rates).toEqual(["0.000", "0.120", "0.120", "0.120"]);
});

test("a frame that jumps is conspicuous, though it has no other fault", () => {
  const times = [0, 0.25, 0.5, 0.75, 1];
  const scores = [0, 0.01, 0.05, 0.01, 0.01].map((step, k) => scored(times[k]!, step));
  const changes = changesOf(scores);

  expect(changes.filter((change) => change.faults.length > 0).map((change) => change.t)).toEqual([0.5]);
});

test("flagged and faulty frames are to be checked, drawings are not", () => {
  const frames = [aFrame(0), aFrame(0.25, { flagged: true }), aFrame(0.5), aFrame(0.75), aFrame(1)];
  const changes = changesOf([scored(0.5, 0, ["drifts"]), scored(1, 0.1, ["strays"])]);

  expect(conspicuous(frames, changes)).toEqual([0.25, 0.5]);
});

test("a frame's marks say all that there is to say", () => {
  const frame = aFrame(0.5, { state: "stale", flagged: true, trusted: true });
  const change = { t: 0.5, rate: 0, progress: 0.5, faults: ["drifts by 3 px"] };

  expect(marksOf(frame, change).map((mark) => mark.icon)).toEqual(["stale", "flag", "warning", "anchor"]);
});
