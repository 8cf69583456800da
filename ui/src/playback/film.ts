/** The open sequence as the player and the stage need it; outside React, because they draw without it. */
import { create } from "zustand";
import type { Frame, Sequence } from "../api/types.ts";
import { nearest } from "./nearest.ts";

/** A frame that can be shown. */
export interface Picture {
  t: number;
  digest: string;
}

export interface Film {
  pathId: string;
  /** The expressions at its two ends. */
  ends: { start: string; end: string };
  /** Of one frame, in pixels; null until there is one. */
  size: { width: number; height: number } | null;
  /** All frames, by ascending t, also those that are missing. */
  frames: readonly Frame[];
  /** Those with a picture; what plays. */
  pictures: readonly Picture[];
}

export const useFilm = create<{ film: Film | null }>(() => ({ film: null }));

export function filmOf(sequence: Sequence): Film {
  const { width, height, frames } = sequence;
  return {
    pathId: sequence.row.path_id,
    ends: { start: sequence.row.expr_start, end: sequence.row.expr_end },
    size: width && height ? { width, height } : null,
    frames,
    pictures: frames.flatMap(({ t, digest }) => (digest ? [{ t, digest }] : [])),
  };
}

/** The place of the frame at or nearest to `t`; −1 where there is none. */
export function placeOf(frames: readonly { t: number }[], t: number): number {
  const found = nearest(frames, t);
  return found ? frames.indexOf(found) : -1;
}

/** The section between two positions, as places; all of it for null. */
export function sectionOf(
  frames: readonly { t: number }[],
  inT: number | null,
  outT: number | null,
): { first: number; last: number } {
  const last = frames.length - 1;
  const from = inT === null ? 0 : frames.findIndex((frame) => frame.t >= inT);
  const to = outT === null ? last : frames.findLastIndex((frame) => frame.t <= outT);
  return from === -1 || to === -1 || from > to ? { first: 0, last } : { first: from, last: to };
}

/** What a frame is called where there is little room: `0.5`, never `0.30000000000000004`. */
export function shortT(t: number): string {
  return String(Math.round(t * 10_000) / 10_000);
}
