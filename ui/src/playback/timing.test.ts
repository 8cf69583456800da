import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { LOOP_MODES, type LoopMode, type Spacing } from "../stores/settings.ts";
import { frameAt, shownAfter, standing, steps, ticksBefore } from "./timing.ts";

interface GoldenCase {
  times: number[];
  loop: LoopMode;
  spacing: Spacing;
  backwards: boolean;
  section: [number, number] | null;
  steps: [number, number][];
  shown: [number, number, number, boolean][];
}

const GOLDEN = resolve(import.meta.dirname, "../../../tests/golden/playback.json");
const golden = JSON.parse(readFileSync(GOLDEN, "utf8")) as GoldenCase[];

describe("the rule that Python has too", () => {
  it.each(golden.map((each, number) => [number, each] as const))("golden case %i", (_, each) => {
    const section = each.section && { first: each.section[0], last: each.section[1] };
    const round = steps(each.times, each.loop, { spacing: each.spacing, backwards: each.backwards, section });

    expect(round.map((step) => [step.index, step.ticks])).toEqual(each.steps);
    for (const [elapsed, fps, index, ended] of each.shown) {
      expect(frameAt(elapsed, fps, round, each.loop)).toEqual({ index, ended });
    }
  });
});

const someTimes = fc
  .uniqueArray(fc.integer({ min: 0, max: 1024 }), { minLength: 1, maxLength: 40 })
  .map((found) => found.sort((a, b) => a - b).map((k) => k / 1024));
const loops = fc.constantFrom(...LOOP_MODES);
const spacings = fc.constantFrom<Spacing>("true", "uniform");

test("there is a frame of the round at every moment", () => {
  fc.assert(
    fc.property(
      someTimes,
      loops,
      spacings,
      fc.boolean(),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      (times, loop, spacing, backwards, ticks) => {
        const round = steps(times, loop, { spacing, backwards });
        expect(round.map((step) => step.index)).toContain(shownAfter(ticks, round, loop).index);
      },
    ),
  );
});

test("going to where a frame begins shows that frame", () => {
  fc.assert(
    fc.property(someTimes, loops, spacings, fc.boolean(), fc.nat(), (times, loop, spacing, backwards, seed) => {
      const index = seed % times.length;
      const round = steps(times, loop, { spacing, backwards });
      expect(shownAfter(ticksBefore(index, round), round, loop).index).toBe(index);
    }),
  );
});

test("a whole sequence stands as many ticks as it has frames, in either spacing", () => {
  fc.assert(
    fc.property(someTimes, spacings, (times, spacing) => {
      const total = standing(times, spacing).reduce((sum, ticks) => sum + ticks, 0);
      expect(total).toBeCloseTo(times.length, 6);
    }),
  );
});

test.each([[[]], [[0, 0]], [[0.5, 0.25]]])("times that do not ascend are refused: %j", (times: number[]) => {
  expect(() => steps(times, "once")).toThrow("strictly ascending");
});

test("a section outside the frames is refused", () => {
  expect(() => steps([0, 1], "once", { section: { first: 0, last: 2 } })).toThrow("section");
});
