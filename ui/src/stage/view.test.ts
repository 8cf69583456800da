import fc from "fast-check";
import { expect, test } from "vitest";
import { fitted, kept, nextZoom, placed, wheelFactor, zoomedAt } from "./view.ts";

const sizes = fc.record({ width: fc.integer({ min: 1, max: 4096 }), height: fc.integer({ min: 1, max: 4096 }) });
const stages = fc.record({ width: fc.integer({ min: 50, max: 3000 }), height: fc.integer({ min: 50, max: 2000 }) });
const points = fc.record({ x: fc.integer({ min: 0, max: 2000 }), y: fc.integer({ min: 0, max: 2000 }) });
const placements = fc.record({
  zoom: fc.double({ min: 0.05, max: 32, noNaN: true }),
  x: fc.integer({ min: -2000, max: 2000 }),
  y: fc.integer({ min: -2000, max: 2000 }),
});

test("a picture that fits lies in the middle with all of it in sight", () => {
  fc.assert(
    fc.property(sizes, stages, (picture, stage) => {
      const { x, y, zoom } = fitted(picture, stage);
      expect(x).toBeGreaterThanOrEqual(0);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(2 * x + picture.width * zoom).toBeCloseTo(stage.width, 6);
      expect(2 * y + picture.height * zoom).toBeCloseTo(stage.height, 6);
    }),
  );
});

test("what is under the pointer stays there while zooming", () => {
  fc.assert(
    fc.property(placements, points, fc.double({ min: 0.1, max: 10, noNaN: true }), (from, point, factor) => {
      const to = zoomedAt(from, point, factor);
      expect((point.x - to.x) / to.zoom).toBeCloseTo((point.x - from.x) / from.zoom, 4);
      expect((point.y - to.y) / to.zoom).toBeCloseTo((point.y - from.y) / from.zoom, 4);
    }),
  );
});

test("the picture can't be lost out of sight", () => {
  fc.assert(
    fc.property(placements, sizes, stages, (from, picture, stage) => {
      const { x, y } = kept(from, picture, stage);
      expect(x).toBeLessThan(stage.width);
      expect(x + picture.width * from.zoom).toBeGreaterThan(0);
      expect(y).toBeLessThan(stage.height);
      expect(y + picture.height * from.zoom).toBeGreaterThan(0);
    }),
  );
});

test("small pictures are enlarged by whole numbers, so that their pixels stay even", () => {
  expect(placed("fit", { width: 100, height: 100 }, { width: 400, height: 500 }).zoom).toBe(3);
});

test("zooming by step goes along the usual row", () => {
  expect([0.37, 0.5, 1].map((zoom) => nextZoom(zoom, 1))).toEqual([0.5, 1, 2]);
  expect([0.37, 0.5, 1].map((zoom) => nextZoom(zoom, -1))).toEqual([0.25, 0.25, 0.5]);
});

test("a wheel's turn there and back leaves the zoom as it was", () => {
  expect(wheelFactor(100, 0) * wheelFactor(-100, 0)).toBeCloseTo(1);
  expect(wheelFactor(-3, 1)).toBeGreaterThan(1);
});
