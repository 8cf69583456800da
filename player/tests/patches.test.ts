import fc from "fast-check";
import { expect, test } from "vitest";
import { type Patch, type Picture, strokes } from "../src/index.ts";
import { at } from "../src/lists.ts";
import { Grid, sampleRig } from "./samples.ts";

const [WIDTH, HEIGHT] = [9, 7];

const patch: fc.Arbitrary<Patch> = fc
  .record({
    x: fc.nat(WIDTH - 1),
    y: fc.nat(HEIGHT - 1),
    wide: fc.nat(99),
    high: fc.nat(99),
    sx: fc.nat(3),
    sy: fc.nat(3),
  })
  .map(({ x, y, wide, high, sx, sy }) => [0, sx, sy, 1 + (wide % (WIDTH - x)), 1 + (high % (HEIGHT - y)), x, y]);
const few = fc.array(patch, { minLength: 1, maxLength: 3 });

/** Two bases, and pictures on them that draw on a few patches, so that many have some in common. */
const somePictures: fc.Arbitrary<Picture[]> = fc
  .tuple(few, few, few, fc.array(fc.tuple(fc.nat(1), fc.array(fc.nat(5), { maxLength: 4 })), { maxLength: 6 }))
  .map(([one, other, shared, rest]) => [
    { base: null, patches: one },
    { base: null, patches: other },
    ...rest.map(([base, chosen]) => ({
      base,
      patches: chosen.map((number) => at(shared, number % shared.length)),
    })),
  ]);

const drawn = (pictures: readonly Picture[], picture: number): number[][] =>
  new Grid(WIDTH, HEIGHT, 77).carryOut(strokes(pictures, null, picture)).rows();

test("whatever stood before, a picture comes out as if it were drawn alone", () => {
  fc.assert(
    fc.property(somePictures, fc.array(fc.nat(99), { minLength: 2, maxLength: 12 }), (pictures, walk) => {
      const grid = new Grid(WIDTH, HEIGHT, 77);
      let last: number | null = null;
      for (const step of walk) {
        const next = step % pictures.length;
        expect(grid.carryOut(strokes(pictures, last, next)).rows()).toEqual(drawn(pictures, next));
        last = next;
      }
    }),
    { numRuns: 2000 },
  );
});

test("a picture drawn alone is its base with its patches, in order", () => {
  const alone = strokes(sampleRig().pictures, null, 1);

  expect(alone).toEqual([{ wipe: null }, { put: [0, 0, 0, 8, 6, 0, 0] }, { put: [0, 8, 0, 2, 2, 1, 1] }]);
});

test("between pictures on one base nothing but their patches is touched", () => {
  const { pictures } = sampleRig();

  expect(strokes(pictures, 1, 2)).toEqual([{ put: [0, 8, 2, 3, 2, 1, 1] }]);
  expect(strokes(pictures, 2, 3)).toEqual([
    { wipe: [1, 1, 3, 2] },
    { put: [0, 1, 1, 3, 2, 1, 1] },
    { put: [0, 8, 4, 2, 1, 4, 2] },
  ]);
  expect(strokes(pictures, 3, 0)).toEqual([{ wipe: [4, 2, 2, 1] }, { put: [0, 4, 2, 2, 1, 4, 2] }]);
});

test("what stands already is not drawn again", () => {
  const eye: Patch = [0, 8, 0, 2, 2, 1, 1];
  const mouth: Patch = [0, 8, 4, 2, 1, 4, 4];
  const pictures: Picture[] = [
    { base: null, patches: [[0, 0, 0, 8, 6, 0, 0]] },
    { base: 0, patches: [eye] },
    { base: 0, patches: [eye, mouth] },
  ];

  expect(strokes(pictures, 1, 2)).toEqual([{ put: mouth }]);
  expect(strokes(pictures, 2, 2)).toEqual([]);
});
