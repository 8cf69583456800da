/** Which frame a position means. Needs nothing, so the page can tell before the rest of it is loaded. */

/** The frame nearest to a position; undefined where there is none. */
export function nearest<F extends { t: number }>(frames: readonly F[], t: number): F | undefined {
  return frames.reduce<F | undefined>(
    (best, frame) => (best === undefined || Math.abs(frame.t - t) < Math.abs(best.t - t) ? frame : best),
    undefined,
  );
}
