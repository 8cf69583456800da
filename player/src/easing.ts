/** How a way goes with time; the same products in the same order as `core/easing.py`, so that no rounding differs. */

export type Easing = "linear" | "ease-in" | "ease-out" | "ease-in-out";

const EASINGS: Readonly<Record<Easing, (t: number) => number>> = {
  linear: (t) => t,
  "ease-in": (t) => t * t,
  "ease-out": (t) => 1 - (1 - t) * (1 - t),
  "ease-in-out": (t) => 3 * t * t - 2 * t * t * t,
};

export const EASING_NAMES = Object.keys(EASINGS) as readonly Easing[];

/** The share of the change that shows at `t`, 0 to 1. */
export function ease(t: number, easing: Easing): number {
  return EASINGS[easing](t);
}
