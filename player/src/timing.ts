/**
 * Which frame stands on the screen when; the same rule as `core/playback.py`, where it is explained.
 *
 * Both are tested against `tests/golden/playback.json`, and both add and multiply in the same order, so that not even a
 * rounding differs. Pure: time comes in as a number.
 */

/** How long a frame stands: as its distance in t says, or one tick whatever its t. */
export type Spacing = "true" | "uniform";

/** What happens at the end: the last frame stays, the first one follows, or it goes back without showing an end twice. */
export type LoopMode = "once" | "loop" | "ping-pong";

/** A frame, by its place among all frames of the sequence, and how long it stands, in ticks of 1/fps s. */
export interface Step {
  index: number;
  ticks: number;
}

/** The frames that play, by their places; both ends are part of it. */
export interface Section {
  first: number;
  last: number;
}

export interface Shown {
  index: number;
  /** Nothing more is to come. */
  ended: boolean;
}

export interface RoundOptions {
  spacing?: Spacing;
  backwards?: boolean;
  section?: Section | null;
}

/** The frames of one round in the order in which they are shown; `times` ascend strictly. */
export function steps(times: readonly number[], loop: LoopMode, options: RoundOptions = {}): Step[] {
  const { spacing = "true", backwards = false, section } = options;
  const gaps = gapsOf(times, spacing);
  const { first, last } = section ?? { first: 0, last: times.length - 1 };
  if (!(first >= 0 && first <= last && last < times.length)) {
    throw new RangeError(`section ${first}–${last} of ${times.length} frames: expected two places in order`);
  }
  const forth = places(first, last).map((index) => ({ index, ticks: gaps[index] ?? 1 }));
  const back = places(first, last)
    .map((index) => ({ index: index + 1, ticks: gaps[index] ?? 1 }))
    .reverse();
  if (loop === "ping-pong" && first < last) return backwards ? [...back, ...forth] : [...forth, ...back];
  return backwards ? [...back, { index: first, ticks: 1 }] : [...forth, { index: last, ticks: 1 }];
}

/** The frame to show `elapsedMs` after the start of a round; `fps` is above 0, and a speed multiplies it. */
export function frameAt(elapsedMs: number, fps: number, round: readonly Step[], loop: LoopMode): Shown {
  return shownAfter((elapsedMs * fps) / 1000, round, loop);
}

/** The frame to show when `ticks`, at least 0, have passed since the start of a round. */
export function shownAfter(ticks: number, round: readonly Step[], loop: LoopMode): Shown {
  const ends = endsOf(round);
  const period = ends.at(-1) ?? 0;
  const lastIndex = round.at(-1)?.index ?? 0;
  if (loop === "once" && ticks >= period) return { index: lastIndex, ended: true };
  const moment = ticks % period;
  const step = ends.findIndex((end) => end > moment);
  return { index: round[step]?.index ?? lastIndex, ended: false };
}

/** When each step of a round ends, in ticks from its start. */
export function endsOf(round: readonly Step[]): number[] {
  let sum = 0;
  return round.map((step) => {
    sum += step.ticks;
    return sum;
  });
}

function places(first: number, last: number): number[] {
  return Array.from({ length: last - first }, (_, k) => first + k);
}

/** The ticks between each frame and the next. */
function gapsOf(times: readonly number[], spacing: Spacing): number[] {
  const [start, end] = [times[0], times.at(-1)];
  const gaps = times.slice(1).map((late, index) => late - (times[index] ?? late));
  if (start === undefined || end === undefined || gaps.some((gap) => !(gap > 0))) {
    throw new RangeError(`times ${times.join(", ")}: expected at least one, strictly ascending`);
  }
  const mean = (end - start) / Math.max(1, gaps.length);
  return gaps.map((gap) => (spacing === "uniform" ? 1 : gap / mean));
}
