/** Pure: what the quality lane shows, from the frames' scores. */
import type { Frame, FrameScores } from "../api/types.ts";

export interface Change {
  t: number;
  /** The step to this frame over the time it had for it; 0 for the first. Even in a smooth sequence. */
  rate: number;
  progress: number;
  /** What is conspicuous, in words; empty for a frame that looks well. */
  faults: readonly string[];
}

/** A step so many times the middle one is a spike. */
const SPIKE = 2.5;
/** A step under this is no spike, whatever the others are: nobody sees it. */
const VISIBLE = 0.002;

/** The change at each frame that has scores, by ascending t; `ticks` says how long each frame stands. */
export function changesOf(
  times: readonly number[],
  ticks: readonly number[],
  scores: readonly FrameScores[],
): Change[] {
  const byTime = new Map(scores.map((each) => [each.t, each.scores]));
  const changes = times.flatMap((t, index) => {
    const found = byTime.get(t);
    if (!found) return [];
    const had = ticks[index - 1];
    return [{ t, rate: had === undefined ? 0 : found.step / had, progress: found.progress, faults: found.faults }];
  });
  const middle = median(changes.slice(1).map((change) => change.rate));
  return changes.map((change) =>
    isSpike(change.rate, middle)
      ? { ...change, faults: [...change.faults, "jumps: changes more than its neighbours"] }
      : change,
  );
}

function isSpike(rate: number, middle: number): boolean {
  return rate > VISIBLE && rate > SPIKE * middle && middle > 0;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** The times of the frames to look at: flagged by the user, or conspicuous. The two ends are drawings, not ours to make. */
export function conspicuous(frames: readonly Frame[], changes: readonly Change[]): number[] {
  const faulty = new Set(changes.filter((change) => change.faults.length > 0).map((change) => change.t));
  return frames.filter((frame) => frame.flagged || (frame.state !== "key" && faulty.has(frame.t))).map(({ t }) => t);
}
