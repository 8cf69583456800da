/**
 * What to draw so that one picture of a rig becomes another, without drawing all of it.
 *
 * Where both stand on the same base, only the rectangles of their patches differ from it: those of the old picture go back to
 * the base, those of the new one are drawn. A patch that both have stays untouched where no other one meets it.
 */
import { at } from "./lists.ts";
import type { Patch, Picture } from "./rig.ts";

/** Make a rectangle clear; null for the whole canvas. */
export interface Wipe {
  readonly wipe: readonly [x: number, y: number, width: number, height: number] | null;
}

/** Replace a patch's rectangle by the sheet's pixels: a wipe and a copy. */
export interface Put {
  readonly put: Patch;
}

export type Stroke = Wipe | Put;

/** The strokes, in order, that turn the picture `from` into `to`; null is a canvas of which nothing is known. */
export function strokes(pictures: readonly Picture[], from: number | null, to: number): Stroke[] {
  if (from === to) return [];
  const after = at(pictures, to);
  const before = from === null ? null : at(pictures, from);
  const ground = after.base ?? to;
  if (before === null || (before.base ?? from) !== ground) {
    const below = after.base === null ? [] : at(pictures, after.base).patches;
    return [{ wipe: null }, ...[...below, ...after.patches].map((put) => ({ put }))];
  }
  const old = before.base === null ? [] : before.patches;
  const fresh = after.base === null ? [] : after.patches;
  const stays = (patch: Patch): boolean =>
    onlyOne(old, patch) &&
    onlyOne(fresh, patch) &&
    ![...old, ...fresh].some((o) => !isEqual(o, patch) && meet(o, patch));
  const covered = (patch: Patch): boolean => fresh.some((other) => holds(other, patch));
  return [
    ...old.filter((patch) => !covered(patch)).flatMap((patch) => restore(at(pictures, ground).patches, patch)),
    ...fresh.filter((patch) => !stays(patch)).map((put) => ({ put })),
  ];
}

/** The strokes that bring the base back where a patch lies. */
function restore(base: readonly Patch[], [, , , width, height, x, y]: Patch): Stroke[] {
  const parts = base.flatMap(([sheet, sx, sy, w, h, px, py]): Put[] => {
    const [left, top] = [Math.max(px, x), Math.max(py, y)];
    const [right, bottom] = [Math.min(px + w, x + width), Math.min(py + h, y + height)];
    if (right <= left || bottom <= top) return [];
    return [{ put: [sheet, sx + left - px, sy + top - py, right - left, bottom - top, left, top] }];
  });
  return [{ wipe: [x, y, width, height] }, ...parts];
}

function isEqual(one: Patch, other: Patch): boolean {
  return one.every((number, place) => number === other[place]);
}

function onlyOne(patches: readonly Patch[], patch: Patch): boolean {
  return patches.filter((other) => isEqual(other, patch)).length === 1;
}

function meet([, , , w, h, x, y]: Patch, [, , , width, height, left, top]: Patch): boolean {
  return x < left + width && left < x + w && y < top + height && top < y + h;
}

function holds([, , , w, h, x, y]: Patch, [, , , width, height, left, top]: Patch): boolean {
  return x <= left && y <= top && x + w >= left + width && y + h >= top + height;
}
