import { expect, test } from "vitest";
import { aFrame, aSequence } from "../testing/samples.ts";
import { filmOf, placeOf, sectionOf, shortT } from "./film.ts";
import { outwards } from "./loading.ts";
import { nearest } from "./nearest.ts";
import { isAnchor, neighbour } from "./usePlaybackCommands.ts";

const frames = [0, 0.25, 0.5, 1].map((t) => ({ t }));

test("only frames with a picture play, and all are listed", () => {
  const film = filmOf(aSequence([], { frames: [aFrame(0), aFrame(0.5, { digest: null }), aFrame(1)] }));

  expect(film.pictures.map((picture) => picture.t)).toEqual([0, 1]);
  expect(film.frames).toHaveLength(3);
});

test("the nearest frame, and its place", () => {
  expect(nearest(frames, 0.7)?.t).toBe(0.5);
  expect(placeOf(frames, 0.9)).toBe(3);
  expect(placeOf([], 0.5)).toBe(-1);
});

test("a section is given by positions and need not name frames", () => {
  expect(sectionOf(frames, 0.2, 0.6)).toEqual({ first: 1, last: 2 });
  expect(sectionOf(frames, null, null)).toEqual({ first: 0, last: 3 });
});

test("a section with no frame in it is the whole sequence", () => {
  expect(sectionOf(frames, 0.6, 0.7)).toEqual({ first: 0, last: 3 });
});

test("pictures are decoded from the one on the stage outwards", () => {
  const pictures = frames.map(({ t }) => ({ t, digest: String(t) }));

  expect(outwards(pictures, 0.25).map((picture) => picture.t)).toEqual([0.25, 0, 0.5, 1]);
});

test("a neighbour is never beyond an end", () => {
  expect(neighbour(frames, 0, -1)?.t).toBe(0);
  expect(neighbour(frames, 0.25, 1)?.t).toBe(0.5);
  expect(neighbour<{ t: number }>([], 0, 1)).toBeUndefined();
});

test("anchors are the drawings and what the user trusts", () => {
  expect([aFrame(0), aFrame(0.5), aFrame(0.5, { trusted: true })].map(isAnchor)).toEqual([true, false, true]);
});

test("a position is written without the noise of binary fractions", () => {
  expect(shortT(0.1 + 0.2)).toBe("0.3");
});
