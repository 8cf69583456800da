/** Pure: where frames lie on the strip. A frame's width is how long it stands, so the strip runs as the player does. */
import { standing } from "../playback/timing.ts";
import type { Spacing } from "../stores/settings.ts";

export interface Cell {
  t: number;
  x: number;
  width: number;
}

/** The cells of all frames, side by side over `width` pixels. */
export function cellsOf(times: readonly number[], spacing: Spacing, width: number): Cell[] {
  const ticks = standing(times, spacing);
  const total = ticks.reduce((sum, each) => sum + each, 0);
  let x = 0;
  return times.map((t, index) => {
    const cell = { t, x, width: ((ticks[index] ?? 0) / total) * width };
    x += cell.width;
    return cell;
  });
}

/** The place of the frame under a pixel; the nearest one outside the strip, −1 where there is none. */
export function placeAt(cells: readonly Cell[], x: number): number {
  const found = cells.findIndex((cell) => x < cell.x + cell.width);
  return found === -1 ? cells.length - 1 : found;
}

/** How wide the strip has to be so that frames stay wide enough to be hit; it scrolls where that is too wide. */
export function stripWidth(frames: number, room: number, zoom: number): number {
  return Math.max(room, frames * MIN_CELL, 0) * zoom;
}

const MIN_CELL = 6;

/** The places whose labels have room, from the left; `widthOf` is what a label needs. */
export function labelled(cells: readonly Cell[], widthOf: (cell: Cell) => number): ReadonlySet<number> {
  let free = 0;
  const found = new Set<number>();
  for (const [place, cell] of cells.entries()) {
    if (cell.x < free) continue;
    found.add(place);
    free = cell.x + widthOf(cell);
  }
  return found;
}
