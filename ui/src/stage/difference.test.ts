import fc from "fast-check";
import { expect, test } from "vitest";
import { difference, heat, heatMap } from "./difference.ts";
import { skinPixels } from "./skins.ts";

const pixels = (...values: number[]): Uint8ClampedArray => new Uint8ClampedArray(values);
const pictures = fc.uint8ClampedArray({ minLength: 16, maxLength: 16 });

test("the largest difference of a channel counts", () => {
  const found = difference(pixels(10, 20, 30, 255, 0, 0, 0, 255), pixels(10, 50, 20, 255, 0, 0, 0, 255));

  expect([...found.values]).toEqual([30, 0]);
  expect(found).toMatchObject({ max: 30, changed: 0.5 });
});

test("colour under full transparency is no difference", () => {
  expect(difference(pixels(255, 0, 0, 0), pixels(0, 255, 0, 0)).max).toBe(0);
});

test("the smallest difference that can be seen is not rounded away", () => {
  expect(difference(pixels(100, 0, 0, 128), pixels(101, 0, 0, 128)).max).toBe(1);
});

test("a difference has no direction, and a picture none to itself", () => {
  fc.assert(
    fc.property(pictures, pictures, (a, b) => {
      expect(difference(a, b)).toEqual(difference(b, a));
      expect(difference(a, a).changed).toBe(0);
    }),
  );
});

test("pictures of different sizes are refused", () => {
  expect(() => difference(pixels(0, 0, 0, 0), pixels())).toThrow("sizes");
});

test("the colours grow brighter all the way", () => {
  const brightness = Array.from({ length: 21 }, (_, k) => heat(k / 20)).map(([r, g, b]) => 3 * r + 6 * g + b);

  expect(brightness).toEqual([...brightness].sort((a, b) => a - b));
});

test("what differs is painted in full, and what does not stays faint and grey", () => {
  const [a, b] = [pixels(200, 0, 0, 255, 50, 60, 70, 255), pixels(200, 0, 0, 255, 90, 60, 70, 255)];
  const map = heatMap(a, difference(a, b));

  expect([map[0], map[1], map[2], map[3]]).toEqual([60, 60, 60, 64]);
  expect(map[7]).toBe(255);
});

test("an onion skin is clear where two frames are equal", () => {
  const [a, b] = [pixels(9, 9, 9, 255, 0, 0, 0, 255), pixels(9, 9, 9, 255, 255, 255, 255, 255)];

  expect([...skinPixels(a, b, -1)]).toEqual([0, 0, 0, 0, 255, 62, 54, 191]);
  expect(skinPixels(a, b, 2)[7]).toBe(96);
});
