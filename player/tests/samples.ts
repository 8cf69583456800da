/** A small rig, and a canvas of numbers to draw it on. */
import type { Patch, Rig, State, Stroke } from "../src/index.ts";

export const CALM: State = { expression: "calm", pose: "front" };
export const GLAD: State = { expression: "glad", pose: "front" };
export const SHUT: State = { expression: "eyes_shut", pose: "front" };

/** Calm, glad and shut eyes, on a canvas of 8 × 6; picture 0 is the base of all. */
export function sampleRig(): Rig {
  return {
    format: "watercolor-rig",
    version: 1,
    size: [8, 6],
    fps: 10,
    start: CALM,
    blinks: ["eyes_shut"],
    sheets: [{ file: "sheet-0.webp", size: [16, 16] }],
    pictures: [
      { base: null, patches: [[0, 0, 0, 8, 6, 0, 0]] },
      { base: 0, patches: [[0, 8, 0, 2, 2, 1, 1]] },
      { base: 0, patches: [[0, 8, 2, 3, 2, 1, 1]] },
      { base: 0, patches: [[0, 8, 4, 2, 1, 4, 2]] },
    ],
    clips: [
      { path: "calm_to_glad__front", start: CALM, end: GLAD, times: [0, 0.5, 1], pictures: [0, 1, 2] },
      { path: "calm_to_eyes_shut__front", start: CALM, end: SHUT, times: [0, 1], pictures: [0, 3] },
    ],
  };
}

/** What stands at each pixel: a number of its own for each pixel of a sheet, 0 for nothing. */
export class Grid {
  private readonly pixels: number[];

  constructor(
    readonly width: number,
    readonly height: number,
    /** What may stand there before anything is drawn. */
    rubbish = 0,
  ) {
    this.pixels = Array.from({ length: width * height }, () => rubbish);
  }

  carryOut(strokes: readonly Stroke[]): this {
    for (const stroke of strokes) {
      if ("put" in stroke) this.put(stroke.put);
      else this.fill(stroke.wipe ?? [0, 0, this.width, this.height], () => 0);
    }
    return this;
  }

  rows(): number[][] {
    return Array.from({ length: this.height }, (_, y) => this.pixels.slice(y * this.width, (y + 1) * this.width));
  }

  private put([sheet, sx, sy, width, height, x, y]: Patch): void {
    this.fill([x, y, width, height], (dx, dy) => 1 + sheet * 1e6 + (sx + dx) * 1e3 + sy + dy);
  }

  private fill([x, y, width, height]: readonly number[], pixel: (dx: number, dy: number) => number): void {
    for (let dy = 0; dy < (height ?? 0); dy += 1) {
      for (let dx = 0; dx < (width ?? 0); dx += 1) {
        this.pixels[((y ?? 0) + dy) * this.width + (x ?? 0) + dx] = pixel(dx, dy);
      }
    }
  }
}
