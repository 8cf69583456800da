/** Pure: what differs between two pictures, as anybody sees it. */

export interface Difference {
  /** The largest difference of a channel, 0–255. */
  max: number;
  /** Share of the pixels that differ at all. */
  changed: number;
  /** One value per pixel: the largest difference of its channels, 0–255. */
  values: Uint8Array;
}

/**
 * Compare two pictures of the same size, straight RGBA.
 *
 * Colours are weighed by their alpha first: a colour under full transparency can't be seen, so it is no difference.
 */
export function difference(a: Uint8ClampedArray, b: Uint8ClampedArray): Difference {
  if (a.length !== b.length) throw new RangeError("pictures of different sizes can't be compared");
  const values = new Uint8Array(a.length / 4);
  let max = 0;
  let changed = 0;
  for (let pixel = 0, at = 0; pixel < values.length; pixel += 1, at += 4) {
    const value = pixelDifference(a, b, at);
    values[pixel] = value;
    if (value > max) max = value;
    if (value > 0) changed += 1;
  }
  return { max, changed: values.length === 0 ? 0 : changed / values.length, values };
}

/** The largest difference of a pixel's channels, 0–255, colours weighed by alpha; `at` is the pixel's first channel. */
export function pixelDifference(a: Uint8ClampedArray, b: Uint8ClampedArray, at: number): number {
  const [alphaA, alphaB] = [a[at + 3] ?? 0, b[at + 3] ?? 0];
  let most = Math.abs(alphaA - alphaB);
  for (let channel = at; channel < at + 3; channel += 1) {
    const seen = Math.abs((a[channel] ?? 0) * alphaA - (b[channel] ?? 0) * alphaB) / 255;
    if (seen > most) most = seen;
  }
  return Math.ceil(most);
}

/** Dark violet over red and orange to pale yellow: brightness grows throughout, so it reads without colour vision too. */
const STOPS: readonly (readonly [number, number, number])[] = [
  [40, 11, 84],
  [137, 34, 106],
  [212, 72, 66],
  [251, 154, 6],
  [252, 255, 164],
];

/** The colour of a share of the scale, 0–1. */
export function heat(share: number): readonly [number, number, number] {
  const place = Math.min(1, Math.max(0, share)) * (STOPS.length - 1);
  const index = Math.min(STOPS.length - 2, Math.floor(place));
  const [low, high] = [STOPS[index] ?? [0, 0, 0], STOPS[index + 1] ?? [0, 0, 0]];
  const mix = (k: 0 | 1 | 2): number => Math.round(low[k] + (high[k] - low[k]) * (place - index));
  return [mix(0), mix(1), mix(2)];
}

/** The same colours for the legend. */
export const HEAT_GRADIENT = `linear-gradient(to right, ${STOPS.map((stop) => `rgb(${stop.join(" ")})`).join(", ")})`;

/**
 * Paint the differences over a faint grey of the first picture; returns straight RGBA.
 *
 * The scale ends at the largest difference there is, and small ones are raised (square root): what matters is where
 * something moved at all. The legend says how much.
 */
export function heatMap(a: Uint8ClampedArray, found: Difference): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(a.length);
  const colours = Array.from({ length: 256 }, (_, value) => heat(Math.sqrt(value / Math.max(1, found.max))));
  for (let pixel = 0, at = 0; pixel < found.values.length; pixel += 1, at += 4) {
    const value = found.values[pixel] ?? 0;
    const grey = ((a[at] ?? 0) * 3 + (a[at + 1] ?? 0) * 6 + (a[at + 2] ?? 0)) / 10;
    const [red, green, blue] = value > 0 ? (colours[value] ?? [0, 0, 0]) : [grey, grey, grey];
    out[at] = red;
    out[at + 1] = green;
    out[at + 2] = blue;
    out[at + 3] = value > 0 ? 255 : (a[at + 3] ?? 0) * 0.25;
  }
  return out;
}
