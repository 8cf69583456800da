/** Pure: what the quality lane shows, from the frames' scores. */
import type { Frame, FrameScores } from "../api/types.ts";

export interface Change {
  t: number;
  /** The step to this frame over its distance in t; 0 for the first. Even in a smooth sequence. */
  rate: number;
  progress: number;
  /** What is conspicuous, in words; empty for a frame that looks well. */
  faults: readonly string[];
}

/** A step so many times the middle one is a spike. */
const SPIKE = 2.5;
/** A rate under this is no spike, whatever the others are: nobody sees it. */
const VISIBLE = 0.008;

/** The change at each frame that has scores, by ascending t. */
export function changesOf(scores: readonly FrameScores[]): Change[] {
  const sorted = [...scores].sort((a, b) => a.t - b.t);
  const changes = sorted.map(({ t, scores: { step, progress, faults } }, index) => {
    const before = sorted[index - 1]?.t;
    return { t, rate: before === undefined ? 0 : step / (t - before), progress, faults };
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
