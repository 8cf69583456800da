/**
 * When a character blinks by itself, from a seed: the same moments as `core/idle.py`, where the numbers come from.
 */

const SHORTEST_MS = 600;
const SPREAD_MS = 11_700;

/**
 * Numbers from 0 up to but not including 1, the same for the same seed, of which the lowest 32 bits count: Mulberry32 by
 * Tommy Ettinger, public domain, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c.
 */
export function dice(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The moments of blinks without end, in ms from the start. */
export function* blinkTimes(seed: number): Generator<number, never> {
  const roll = dice(seed);
  let atMs = 0;
  for (;;) {
    const first = roll();
    const second = roll();
    atMs += SHORTEST_MS + SPREAD_MS * first * second;
    yield atMs;
  }
}
