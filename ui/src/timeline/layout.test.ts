import fc from "fast-check";
import { expect, test } from "vitest";
import { cellsOf, labelled, placeAt, stripWidth } from "./layout.ts";

const someTimes = fc
  .uniqueArray(fc.integer({ min: 0, max: 128 }), { minLength: 1, maxLength: 30 })
  .map((found) => found.sort((a, b) => a - b).map((k) => k / 128));

test("the gap to the next frame is a frame's width", () => {
  const cells = cellsOf([0, 0.5, 0.75, 1], "true", 400);

  expect(cells.map((cell) => Math.round(cell.width))).toEqual([150, 75, 75, 100]);
});

test("cells fill the strip without a gap, and every pixel belongs to the frame it lies on", () => {
  fc.assert(
    fc.property(someTimes, fc.constantFrom("true" as const, "uniform" as const), (times, spacing) => {
      const cells = cellsOf(times, spacing, 1000);
      const last = cells.at(-1)!;
      expect(last.x + last.width).toBeCloseTo(1000, 6);
      expect(cells.map((cell) => placeAt(cells, cell.x + cell.width / 2))).toEqual(cells.map((_, k) => k));
    }),
  );
});

test("beyond an end is that end", () => {
  const cells = cellsOf([0, 1], "true", 100);

  expect(placeAt(cells, -5)).toBe(0);
  expect(placeAt(cells, 500)).toBe(1);
  expect(placeAt([], 5)).toBe(-1);
});

test("a strip is as wide as its room, unless frames would be too thin or it is lengthened", () => {
  expect(stripWidth(5, 900, 1)).toBe(900);
  expect(stripWidth(300, 900, 1)).toBe(1800);
  expect(stripWidth(5, 900, 2)).toBe(1800);
});

test("labels keep their distance", () => {
  const cells = cellsOf([0, 0.1, 0.5, 0.55, 1], "true", 500);

  expect([...labelled(cells, () => 60)]).toEqual([0, 2, 4]);
});
