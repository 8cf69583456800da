/** Pure: which pictures are on the stage, from what is open, where the player is and how the user wants to look. */
import type { Endpoints } from "../api/types.ts";
import { type Film, placeOf, shortT } from "../playback/film.ts";
import { nearest } from "../playback/nearest.ts";
import type { Against, Comparison, StageMode } from "../stores/stage.ts";

export interface Layer {
  digest: string;
  label: string;
}

/** A neighbour under the onion skin; `distance` counts frames, negative ones come before. */
export interface Skin {
  digest: string;
  distance: number;
}

export interface Scene {
  mode: StageMode;
  /** The frame itself; null where it has no picture. */
  a: Layer | null;
  /** What it is held against. */
  b: Layer | null;
  skins: readonly Skin[];
}

export interface SceneInput {
  film: Film;
  t: number;
  mode: StageMode;
  against: Against;
  comparison: Comparison | null;
  neutralDigest: string | null;
  /** How many frames on either side; 0 without onion skin. */
  onionRange: number;
}

export function sceneOf(input: SceneInput): Scene {
  const { film, t, mode, comparison, onionRange } = input;
  if (comparison) return { mode, a: comparison.a, b: comparison.b, skins: [] };
  const frame = nearest(film.frames, t);
  const a = frame?.digest ? { digest: frame.digest, label: `t ${shortT(frame.t)}` } : null;
  return { mode, a, b: reference(input), skins: onionRange > 0 ? skinsOf(film, t, onionRange) : [] };
}

/** What a frame is held against; null where there is no such picture. */
function reference({ film, t, against, neutralDigest }: SceneInput): Layer | null {
  const [first, last] = [film.pictures[0], film.pictures.at(-1)];
  const before = film.pictures.findLast((picture) => picture.t < t);
  const behind = film.pictures.find((picture) => picture.t > t);
  const layer = (picture: { t: number; digest: string } | undefined, label: string): Layer | null =>
    picture ? { digest: picture.digest, label: `${label}, t ${shortT(picture.t)}` } : null;
  switch (against) {
    case "neutral":
      return neutralDigest ? { digest: neutralDigest, label: "neutral" } : null;
    case "start":
      return layer(first, "start");
    case "end":
      return layer(last, "end");
    case "previous":
      return layer(before, "previous");
    case "next":
      return layer(behind, "next");
  }
}

function skinsOf(film: Film, t: number, range: number): Skin[] {
  const place = placeOf(film.pictures, t);
  const here = film.pictures[place];
  return film.pictures
    .map((picture, index) => ({ digest: picture.digest, distance: index - place }))
    .filter(({ distance }) => distance !== 0 && Math.abs(distance) <= range && here !== undefined)
    .sort((a, b) => Math.abs(b.distance) - Math.abs(a.distance));
}

/** The picture of the neutral expression at the pose of a sequence. */
export function neutralDigest(endpoints: Endpoints | undefined, neutral: string | null, pose: string): string | null {
  const cell = endpoints?.cells.find((each) => each.expression === neutral && each.pose === pose);
  return cell?.digest ?? null;
}
