/** The player shows the frame that an exported film shows then: `tests/export/test_same_time.py` has the other half. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { LoopMode } from "../stores/settings.ts";
import { frameAt, steps } from "./timing.ts";

interface ExportedCase {
  times: number[];
  loop: LoopMode;
  fps: number;
  indices: number[];
  durations: Readonly<Record<string, number[]>>;
  ticks: number[];
}

const GOLDEN = resolve(import.meta.dirname, "../../../tests/golden/exports.json");
const cases = JSON.parse(readFileSync(GOLDEN, "utf8")) as ExportedCase[];
const numbered = cases.map((each, number) => [number, each] as const);
const ROUNDING = 1e-6;

describe("an exported film and the player", () => {
  it.each(numbered)("show the same pictures in the same order: case %i", (_, each) => {
    expect(steps(each.times, each.loop).map((step) => step.index)).toEqual(each.indices);
  });

  it.each(numbered)("change pictures at the same moment, to half a unit of the format: case %i", (_, each) => {
    const round = steps(each.times, each.loop);
    for (const [units, durations] of Object.entries(each.durations)) {
      let inFilm = 0;
      let inPlayer = 0;
      for (const [at, duration] of durations.entries()) {
        inFilm += duration / Number(units);
        inPlayer += (round[at]?.ticks ?? Number.NaN) / each.fps;
        expect(Math.abs(inFilm - inPlayer)).toBeLessThanOrEqual(0.5 / Number(units) + ROUNDING);
      }
    }
  });

  it.each(numbered)("show the same picture at every tick: case %i", (_, each) => {
    const round = steps(each.times, each.loop);
    const shown = each.ticks.map((_place, tick) =>
      frameAt(((tick + ROUNDING) * 1000) / each.fps, each.fps, round, each.loop),
    );

    expect(shown.map(({ index }) => index)).toEqual(each.ticks);
  });
});
