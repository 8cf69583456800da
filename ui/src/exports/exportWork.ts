/** What can be exported, as plain data. */
import type { ExportFormat, FormatSetting, Work } from "../api/types.ts";

type ExportWork = Extract<Work, { kind: "export" }>;
type FormatWork = Extract<Work, { kind: "format" }>;

/** A kind of file that the studio makes by itself, or the formats of other programs. */
export type Kind = ExportWork["format"] | "programs";

export const KINDS: Readonly<Record<Kind, { label: string; meaning: string; hasFps: boolean }>> = {
  webp: { label: "Animations", meaning: "one looping WebP for each sequence", hasFps: true },
  "contact-sheet": { label: "Contact sheet", meaning: "one picture with every frame of every sequence", hasFps: false },
  zip: { label: "Frames", meaning: "a ZIP archive with the folders of frames and their manifests", hasFps: false },
  programs: { label: "Other programs", meaning: "files that other programs play or edit", hasFps: true },
};

/** Which sequences go into an export. */
export type Scope = "all" | "shown" | "open";

/** Return the paths of a scope; null for all of the project. */
export function pathsOf(scope: Scope, open: string | null, shown: readonly string[]): string[] | null {
  if (scope === "open" && open !== null) return [open];
  return scope === "shown" ? [...shown] : null;
}

/** Frames per second as typed, or null where it is no number from 1 to 60. */
export function parseFps(text: string): number | null {
  const fps = Number(text.trim().replace(",", "."));
  return text.trim() !== "" && fps >= 1 && fps <= 60 ? fps : null;
}

const LEAST_SCALE = 0.01;
const MOST_SCALE = 4;

/** The factor to both sides of every picture as typed, or null where it is no number from 0.01 to 4. */
export function parseScale(text: string): number | null {
  const scale = Number(text.trim().replace(",", "."));
  return text.trim() !== "" && scale >= LEAST_SCALE && scale <= MOST_SCALE ? scale : null;
}

/** What is chosen of a format; a setting that is not in `settings` has its default. */
export interface FormatChoices {
  readonly name: string;
  readonly scale: string;
  /** Null to stay see-through. */
  readonly background: string | null;
  readonly settings: Readonly<Record<string, string>>;
}

/** Why a setting can't have a value; null where it can. */
export function settingFault(setting: FormatSetting, value: string): string | null {
  if (setting.words !== null) return setting.words.includes(value) ? null : `there is no ${setting.name} ${value}`;
  if (setting.least === null || setting.most === null) return null;
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  const fits = number >= setting.least && number <= setting.most;
  return fits ? null : `${setting.name} is a whole number from ${setting.least} to ${setting.most}`;
}

/** The value of a setting: what was typed, or else its default. */
export function valueOf(setting: FormatSetting, choices: FormatChoices): string {
  return choices.settings[setting.name] ?? setting.default;
}

/** Why nothing can be exported in a format as it is chosen; null where it can. */
export function formatFault(format: ExportFormat | undefined, choices: FormatChoices): string | null {
  if (!format) return "choose a format";
  if (format.fault !== "") return format.fault;
  if (parseScale(choices.scale) === null) return "the scale is a number from 0.01 to 4";
  const faults = format.settings.map((setting) => settingFault(setting, valueOf(setting, choices)));
  return faults.find((fault) => fault !== null) ?? null;
}

/** The work of exporting in a format; only what differs from the defaults is named. */
export function formatWork(
  format: ExportFormat,
  choices: FormatChoices,
  paths: string[] | null,
  fps: number,
): FormatWork {
  const differing = format.settings.filter((setting) => valueOf(setting, choices) !== setting.default);
  return {
    kind: "format",
    format: format.name,
    paths,
    fps,
    scale: parseScale(choices.scale) ?? 1,
    background: choices.background,
    settings: Object.fromEntries(differing.map((setting) => [setting.name, valueOf(setting, choices)])),
  };
}
