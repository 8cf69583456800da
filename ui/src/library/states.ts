/** What the states of a sequence are called; the order is that of the filter's buttons. */

import type { SequenceRow, SequenceState } from "../api/types.ts";
import { count } from "../money/wording.ts";

/** How much a state asks for a look. */
export type Tone = "good" | "busy" | "warn" | "stale" | "bad" | "quiet";

interface StateWords {
  readonly label: string;
  readonly tone: Tone;
  /** What it means, for the badge's tooltip and for screen readers. */
  readonly meaning: string;
}

export const STATE_WORDS: Readonly<Record<SequenceState, StateWords>> = {
  running: { label: "Running", tone: "busy", meaning: "frames are being made now" },
  broken: { label: "Broken", tone: "bad", meaning: "a frame or the manifest can't be read" },
  blocked: { label: "Blocked", tone: "bad", meaning: "it can't be made until an endpoint is there" },
  missing: { label: "Missing", tone: "warn", meaning: "not every frame is there yet" },
  stale: { label: "Stale", tone: "stale", meaning: "a picture that frames were made from has changed" },
  flagged: { label: "Flagged", tone: "warn", meaning: "you flagged frames for another look" },
  complete: { label: "Complete", tone: "good", meaning: "every frame is there" },
  unchecked: { label: "Unchecked", tone: "quiet", meaning: "not looked at yet" },
};

export const STATES = Object.keys(STATE_WORDS) as readonly SequenceState[];

/** What a row's badge says beyond its label: counts and reasons. */
export function stateDetail(row: SequenceRow): string {
  switch (row.state) {
    case "blocked":
    case "broken":
      return row.reason ?? STATE_WORDS[row.state].meaning;
    case "missing":
      return `${row.frames} of ${row.wanted} in-betweens`;
    case "stale":
      return `${row.stale} of ${row.frames} in-betweens stale`;
    case "flagged":
      return `${count(row.flagged, "frame")} flagged`;
    case "running":
    case "complete":
    case "unchecked":
      return STATE_WORDS[row.state].meaning;
  }
}
