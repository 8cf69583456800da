/** What the inspector says about a frame, as plain data. */
import type { EngineInfo, Frame, FrameState, Scores } from "../api/types.ts";
import { duration, usd } from "../money/wording.ts";
import { timeLabel } from "./anchors.ts";

type Tone = "good" | "warn" | "bad" | "busy" | "stale" | "quiet";

export const FRAME_STATES: Readonly<Record<FrameState, { label: string; tone: Tone; meaning: string }>> = {
  key: { label: "Endpoint", tone: "quiet", meaning: "a drawing; it is replaced in the endpoints view" },
  made: { label: "Made", tone: "good", meaning: "made from what is there now" },
  stale: { label: "Stale", tone: "stale", meaning: "a picture that it was made from has changed since" },
  missing: { label: "Missing", tone: "warn", meaning: "not made yet" },
  broken: { label: "Broken", tone: "bad", meaning: "the file can't be read" },
  running: { label: "Running", tone: "busy", meaning: "it is being made now" },
};

/** A fact with its name. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** Return what is known of a frame's file and of how it was made; what nobody knows is left out. */
export function factsOfFrame(frame: Frame, size: string | null, engine: EngineInfo | undefined): readonly Fact[] {
  const facts: Fact[] = [{ name: "File", value: frame.file }];
  if (frame.bytes !== null)
    facts.push({ name: "Size", value: [size, bytesWords(frame.bytes)].filter(Boolean).join(" · ") });
  if (frame.engine !== null) facts.push({ name: "Engine", value: frame.engine });
  if (frame.model !== null && frame.model !== "") facts.push({ name: "Model", value: frame.model });
  if (frame.method !== null && frame.method !== "") facts.push({ name: "Method", value: frame.method });
  if (frame.state !== "key" && frame.state !== "missing") facts.push(...costFacts(frame, engine));
  if (frame.made !== null) facts.push({ name: "Made", value: momentWords(frame.made) });
  if (frame.shared_from !== null) facts.push({ name: "Same as", value: frame.shared_from });
  if (frame.instead_of !== null) facts.push({ name: "Instead of", value: `${frame.instead_of}, not good enough` });
  if (frame.judged !== null) facts.push({ name: "Judged", value: judgedWords(frame.judged, frame.judged_faults) });
  return facts;
}

function costFacts(frame: Frame, engine: EngineInfo | undefined): readonly Fact[] {
  const facts: Fact[] = [];
  if (frame.cost_usd !== null) facts.push({ name: "Cost", value: frame.cost_usd === 0 ? "free" : usd(frame.cost_usd) });
  else if (engine !== undefined) facts.push({ name: "Cost", value: engine.paid ? "not known" : "free" });
  if (frame.seconds !== null) facts.push({ name: "Took", value: duration(frame.seconds) });
  return facts;
}

function judgedWords(score: number, faults: readonly string[]): string {
  const shown = `${Math.round(score * 100)} %`;
  return faults.length > 0 ? `${shown}: ${faults.join("; ")}` : shown;
}

/** `1.2 MB`. */
export function bytesWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A moment in the person's own time zone, to the minute. */
export function momentWords(iso: string): string {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return iso;
  return moment.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

/** Which of the pictures that a frame was made from are other ones now. */
export function origins(
  frame: Frame,
  frames: readonly Frame[],
): readonly { t: number; digest: string; changed: boolean }[] {
  const now = new Map(frames.map((each) => [each.t, each.digest]));
  return frame.made_from.map(({ t, digest }) => ({ t, digest, changed: now.get(t) !== digest }));
}

/** One score with its meaning; `value` from 0 to 1 may be shown as a bar, null where it is no share. */
export interface ScoreLine {
  readonly name: string;
  readonly shown: string;
  readonly share: number | null;
  readonly meaning: string;
}

export function scoreLines(t: number, scores: Scores): readonly ScoreLine[] {
  const lines: ScoreLine[] = [
    {
      name: "Progress",
      shown: `${percent(scores.progress)} at ${percent(t)}`,
      share: scores.progress,
      meaning: "distance to the start over that to both ends; it should follow the frame's place",
    },
    {
      name: "Step",
      shown: percent(scores.step),
      share: null,
      meaning: "mean difference to the frame before; steps of a smooth sequence are even",
    },
    {
      name: "Changed",
      shown: percent(scores.changed),
      share: scores.changed,
      meaning: "pixels that differ from the start",
    },
    {
      name: "Stray",
      shown: percent(scores.stray),
      share: scores.stray,
      meaning: "pixels that differ where both ends are equal; it should be 0",
    },
  ];
  if (scores.drift_px !== null) {
    lines.push({
      name: "Drift",
      shown: `${scores.drift_px.toFixed(1)} px`,
      share: null,
      meaning: "how far what should stand still has slid",
    });
  }
  return lines;
}

function percent(share: number): string {
  const value = share * 100;
  return `${value !== 0 && Math.abs(value) < 10 ? value.toFixed(value < 0.1 ? 2 : 1) : Math.round(value)} %`;
}

/** `0.25`, `3 frames, 0.25 to 0.75`. */
export function selectionTitle(selected: readonly number[]): string {
  const [first] = selected;
  const last = selected.at(-1);
  if (first === undefined || last === undefined) return "No frame";
  if (selected.length === 1) return `Frame ${timeLabel(first)}`;
  return `${selected.length} frames, ${timeLabel(first)} to ${timeLabel(last)}`;
}
