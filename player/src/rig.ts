/**
 * A character as one file: `rig.json` of `watercolor-rig export web`, version 1.
 *
 * A picture is a clear canvas, or another picture, with patches in order; each patch replaces its rectangle by pixels of a
 * sheet, alpha included. Whatever breaks this is named here, before anything is drawn.
 */
import { type Clip, isSame, type State, spell } from "./graph.ts";

/** Width and height in pixels. */
export type Size = readonly [number, number];

/** `[sheet, sx, sy, width, height, x, y]`: these pixels of the sheet stand at x, y of the canvas. */
export type Patch = readonly [number, number, number, number, number, number, number];

export interface Picture {
  /** The picture below the patches, which has no base itself; null for a clear canvas. */
  readonly base: number | null;
  readonly patches: readonly Patch[];
}

export interface Sheet {
  /** Its address, as seen from `rig.json`. */
  readonly file: string;
  readonly size: Size;
}

export interface RigClip {
  readonly path: string;
  readonly start: State;
  readonly end: State;
  readonly times: readonly number[];
  /** Places among the rig's pictures, as many as times. */
  readonly pictures: readonly number[];
  readonly weight?: number | null;
}

export interface Rig {
  readonly format: "watercolor-rig";
  readonly version: 1;
  /** The canvas. */
  readonly size: Size;
  /** Pace of what is not told how long to take. */
  readonly fps: number;
  /** Where the character rests first. */
  readonly start: State;
  /** Expressions with closed eyes, best first. */
  readonly blinks: readonly string[];
  readonly sheets: readonly Sheet[];
  readonly pictures: readonly Picture[];
  readonly clips: readonly RigClip[];
}

/** A rig that cannot be played; the message names the place in it and what is expected there. */
export class RigError extends Error {
  override readonly name = "RigError";
}

/** Read a rig from the text of its file, which messages call `file`. Throws `RigError`. */
export function parseRig(text: string, file = "rig.json"): Rig {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RigError(`${file}: no JSON (${why}); export the rig again`);
  }
  return checkRig(value, file);
}

/** Make sure that a value is a rig in all its parts. Throws `RigError`. */
export function checkRig(value: unknown, file = "rig.json"): Rig {
  const rig = new Place(file, value, true);
  const { format, version } = rig.object();
  if (format !== "watercolor-rig") rig.in("format").fail(`"watercolor-rig"; this is another kind of file`);
  if (version !== 1) rig.in("version").fail("1; export the rig again, or take the player that came with it");
  const size = sizeAt(rig.in("size"));
  const fps = rig.in("fps").number((fps) => fps > 0, "a number above 0");
  const start = stateAt(rig.in("start"));
  const blinks = rig.in("blinks").list((blink) => blink.text());
  const sheets = rig.in("sheets").list((sheet) => ({ file: sheet.in("file").text(), size: sizeAt(sheet.in("size")) }));
  const pictures = rig.in("pictures").list((picture) => pictureAt(picture, size, sheets));
  for (const [place, { base }] of pictures.entries()) {
    if (base === null || pictures[base]?.base === null) continue;
    rig.in("pictures").in(place).in("base").fail(`null or one of ${pictures.length} pictures that has no base itself`);
  }
  const clips = rig.in("clips").list((clip) => clipAt(clip, pictures.length));
  if (clips.length === 0) rig.in("clips").fail("at least one sequence; export the rig again");
  if (!clips.some((clip) => isSame(clip.start, start) || isSame(clip.end, start))) {
    throw new RigError(`${file}: start: no clip begins or ends at ${spell(start)}; choose another start`);
  }
  return { format: "watercolor-rig", version: 1, size, fps, start, blinks, sheets, pictures, clips };
}

/** A rig's clips as the performance takes them: a file is the place of a picture. */
export function clipsOf(rig: Rig): Clip[] {
  return rig.clips.map(({ pictures, ...clip }) => ({ ...clip, files: pictures.map(String) }));
}

/** A value and where it stands, such as `rig.json: clips[3].times`. */
class Place {
  constructor(
    private readonly where: string,
    private readonly value: unknown,
    private readonly isFile = false,
  ) {}

  fail(expected: string): never {
    const found = this.value === undefined ? "nothing" : JSON.stringify(this.value);
    throw new RigError(`${this.where}: ${found.length > 80 ? `${found.slice(0, 80)} …` : found}; expected ${expected}`);
  }

  object(): Readonly<Record<string, unknown>> {
    const { value } = this;
    if (typeof value !== "object" || value === null || Array.isArray(value)) this.fail("an object");
    return value as Readonly<Record<string, unknown>>;
  }

  in(key: string | number): Place {
    if (typeof key === "number") return new Place(`${this.where}[${key}]`, this.array()[key]);
    return new Place(`${this.where}${this.isFile ? ": " : "."}${key}`, this.object()[key]);
  }

  list<T>(read: (each: Place) => T): T[] {
    return this.array().map((_, place) => read(this.in(place)));
  }

  text(): string {
    if (typeof this.value !== "string" || this.value === "") this.fail("a text");
    return this.value;
  }

  number(isGood: (value: number) => boolean, expected: string): number {
    const { value } = this;
    if (typeof value !== "number" || !Number.isFinite(value) || !isGood(value)) this.fail(expected);
    return value;
  }

  whole(least: number, most: number): number {
    return this.number(
      (value) => Number.isInteger(value) && value >= least && value <= most,
      most < Infinity ? `a whole number from ${least} to ${most}` : `a whole number of at least ${least}`,
    );
  }

  private array(): readonly unknown[] {
    if (!Array.isArray(this.value)) this.fail("a list");
    return this.value;
  }
}

function sizeAt(place: Place): Size {
  const [width, height, ...more] = place.list((side) => side.whole(1, Infinity));
  if (width === undefined || height === undefined || more.length > 0) place.fail("[width, height]");
  return [width, height];
}

function stateAt(place: Place): State {
  return { expression: place.in("expression").text(), pose: place.in("pose").text() };
}

function pictureAt(place: Place, canvas: Size, sheets: readonly Sheet[]): Picture {
  const base = place.object()["base"] === null ? null : place.in("base").whole(0, Infinity);
  return { base, patches: place.in("patches").list((patch) => patchAt(patch, canvas, sheets)) };
}

function patchAt(place: Place, canvas: Size, sheets: readonly Sheet[]): Patch {
  const [number = -1, sx = 0, sy = 0, width = 0, height = 0, x = 0, y = 0, ...more] = place.list((each) =>
    each.whole(0, Infinity),
  );
  const sheet = sheets[number]?.size;
  if (!sheet) place.fail(`a patch of one of ${sheets.length} sheets`);
  if (width < 1 || height < 1 || more.length > 0) place.fail("[sheet, sx, sy, width, height, x, y]");
  if (sx + width > sheet[0] || sy + height > sheet[1]) place.fail(`a part of sheet ${number}, ${sheet.join(" × ")}`);
  if (x + width > canvas[0] || y + height > canvas[1]) place.fail(`a part of the canvas, ${canvas.join(" × ")}`);
  return [number, sx, sy, width, height, x, y];
}

function clipAt(place: Place, count: number): RigClip {
  const times = place.in("times").list((time) => time.number(() => true, "a number"));
  const ascending = times.every((time, index) => index === 0 || time > (times[index - 1] ?? time));
  if (times.length < 2 || !ascending) place.in("times").fail("two numbers or more, each above the one before");
  const pictures = place.in("pictures").list((picture) => picture.whole(0, count - 1));
  if (pictures.length !== times.length) place.in("pictures").fail(`as many as times, ${times.length}`);
  const weight = place.object()["weight"] ?? null;
  if (weight !== null) place.in("weight").number((value) => value > 0, "null or a number above 0");
  return {
    path: place.in("path").text(),
    start: stateAt(place.in("start")),
    end: stateAt(place.in("end")),
    times,
    pictures,
    weight: weight as number | null,
  };
}
