/** Which frames a frame can be made from, and what a regenerate of the selected ones asks for. */

import type { Frame, Work } from "../api/types.ts";

type RegenerateWork = Extract<Work, { kind: "regenerate" }>;

/** The frames that can stand on either side of a time, nearest first. */
export interface AnchorChoices {
  readonly before: readonly Frame[];
  readonly after: readonly Frame[];
}

const USABLE: ReadonlySet<Frame["state"]> = new Set(["key", "made", "stale"]);

/** Return the frames with a picture before and after `t`, nearest first. */
export function anchorChoices(frames: readonly Frame[], t: number): AnchorChoices {
  const usable = frames.filter((frame) => USABLE.has(frame.state) && frame.digest !== null);
  return {
    before: usable.filter((frame) => frame.t < t).reverse(),
    after: usable.filter((frame) => frame.t > t),
  };
}

/** What of a selection can be made anew, and what is left alone for which reason. */
export interface Selection {
  readonly times: readonly number[];
  readonly trusted: readonly number[];
  readonly ends: readonly number[];
}

/** Sort the selected times into those to make anew and those that stay: endpoints and trusted frames. */
export function selectionOf(frames: readonly Frame[], selected: Iterable<number>): Selection {
  const wanted = new Set(selected);
  const chosen = frames.filter((frame) => wanted.has(frame.t));
  const inner = chosen.filter((frame) => frame.t > 0 && frame.t < 1);
  return {
    times: inner.filter((frame) => !frame.trusted).map((frame) => frame.t),
    trusted: inner.filter((frame) => frame.trusted).map((frame) => frame.t),
    ends: chosen.filter((frame) => frame.t <= 0 || frame.t >= 1).map((frame) => frame.t),
  };
}

/** What the person set in the panel; null anchors: the nearest neighbours. */
export interface RegenerateChoices {
  readonly anchorStart: number | null;
  readonly anchorEnd: number | null;
  readonly note: string;
}

/** Return the order's work; anchors belong to a single frame only, and a note only to an engine that reads prompts. */
export function regenerateWork(
  pathId: string,
  times: readonly number[],
  choices: RegenerateChoices,
  takesPrompt: boolean,
): RegenerateWork {
  const single = times.length === 1;
  return {
    kind: "regenerate",
    path_id: pathId,
    times: [...times],
    anchor_start_t: single ? choices.anchorStart : null,
    anchor_end_t: single ? choices.anchorEnd : null,
    note: takesPrompt ? choices.note.trim() : "",
  };
}

/** `Regenerate 0.25`, `Regenerate 3 frames`. */
export function regenerateLabel(times: readonly number[]): string {
  const [first] = times;
  return times.length === 1 && first !== undefined
    ? `Regenerate ${timeLabel(first)}`
    : `Regenerate ${times.length} frames`;
}

/** A time as people read it: no more digits than it has, at most four. */
export function timeLabel(t: number): string {
  return String(Number(t.toFixed(4)));
}
