/**
 * Onion skins: of a neighbour, only what differs from the frame on the stage, in red (before) or blue (behind).
 *
 * Laid over one another, opaque drawings would only turn everything grey; where two frames are equal there is nothing to
 * show.
 */
import { pixelDifference } from "./difference.ts";

type Colour = readonly [number, number, number];

const BEFORE: Colour = [255, 62, 54];
const BEHIND: Colour = [30, 144, 255];
/** Differences from here on, of 255, are shown in full. */
const FULL_FROM = 60;
const STRENGTH = 0.75;
/** Skins are computed at this many pixels at most; nobody judges a line by its ghost. */
const MAX_PIXELS = 640_000;
const KEPT = 48;

/** The colours of a skin `distance` frames away over the frame `a`; straight RGBA, both pictures of the same size. */
export function skinPixels(
  a: Uint8ClampedArray,
  neighbour: Uint8ClampedArray,
  distance: number,
): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(a.length);
  const colour = distance < 0 ? BEFORE : BEHIND;
  const strength = (255 * STRENGTH) / Math.abs(distance);
  for (let at = 0; at < a.length; at += 4) {
    const share = Math.min(1, pixelDifference(a, neighbour, at) / FULL_FROM);
    if (share === 0) continue;
    // Lines of the neighbour stay darker than its surfaces, so that their shape can be read.
    const bright = (neighbour[at] ?? 0) + (neighbour[at + 1] ?? 0) + (neighbour[at + 2] ?? 0);
    const shade = 0.45 + (0.55 * bright) / 765;
    out[at] = colour[0] * shade;
    out[at + 1] = colour[1] * shade;
    out[at + 2] = colour[2] * shade;
    out[at + 3] = strength * share;
  }
  return out;
}

const known = new Map<string, HTMLCanvasElement>();
const names = new WeakMap<ImageBitmap, number>();
let lastName = 0;

/** The skin of a decoded neighbour over a decoded frame; kept, because a playing film comes by again. */
export function skinOf(a: ImageBitmap, neighbour: ImageBitmap, distance: number): HTMLCanvasElement {
  const key = `${nameOf(a)} ${nameOf(neighbour)} ${distance}`;
  const skin = known.get(key) ?? drawnSkin(a, neighbour, distance);
  known.delete(key);
  known.set(key, skin);
  for (const old of [...known.keys()].slice(0, -KEPT)) known.delete(old);
  return skin;
}

function drawnSkin(a: ImageBitmap, neighbour: ImageBitmap, distance: number): HTMLCanvasElement {
  const scale = Math.min(1, Math.sqrt(MAX_PIXELS / (a.width * a.height)));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(a.width * scale));
  canvas.height = Math.max(1, Math.round(a.height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return canvas;
  const pixelsOf = (bitmap: ImageBitmap): Uint8ClampedArray => {
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return context.getImageData(0, 0, canvas.width, canvas.height).data;
  };
  const pixels = skinPixels(pixelsOf(a), pixelsOf(neighbour), distance);
  context.putImageData(new ImageData(pixels, canvas.width, canvas.height), 0, 0);
  return canvas;
}

/** Bitmaps are told apart by who they are; a digest may be decoded anew in another scale. */
function nameOf(bitmap: ImageBitmap): number {
  const name = names.get(bitmap) ?? lastName + 1;
  lastName = Math.max(lastName, name);
  names.set(bitmap, name);
  return name;
}
