/** What can be exported, as plain data. */
import type { Work } from "../api/types.ts";

export type ExportWork = Extract<Work, { kind: "export" }>;
export type Format = ExportWork["format"];

export const FORMATS: Readonly<Record<Format, { label: string; meaning: string; hasFps: boolean }>> = {
  webp: { label: "Animations", meaning: "one looping WebP for each sequence", hasFps: true },
  "contact-sheet": { label: "Contact sheet", meaning: "one picture with every frame of every sequence", hasFps: false },
  zip: { label: "Frames", meaning: "a ZIP archive with the folders of frames and their manifests", hasFps: false },
};

/** Which sequences go into an export. */
export type Scope = "all" | "shown" | "open";

/** Return the paths of a scope; null for all of the project. */
export function pathsOf(scope: Scope, open: string | null, shown: readonly string[]): string[] | null {
  if (scope === "open" && open !== null) return [open];
  return scope === "shown" ? [...shown] : null;
}

/** Frames per second as typed, or null where it is no number from above 0 to 60. */
export function parseFps(text: string): number | null {
  const fps = Number(text.trim().replace(",", "."));
  return text.trim() !== "" && fps > 0 && fps <= 60 ? fps : null;
}
