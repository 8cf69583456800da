import { expect, test } from "vitest";
import { filmOf } from "../playback/film.ts";
import { aFrame, aSequence, digestOf } from "../testing/samples.ts";
import { neutralDigest, type SceneInput, sceneOf } from "./scene.ts";

const film = filmOf(aSequence([0, 0.25, 0.5, 0.75, 1]));
const still: SceneInput = {
  film,
  t: 0.5,
  mode: "difference",
  against: "previous",
  comparison: null,
  neutralDigest: null,
  onionRange: 0,
};

test.each([
  ["start", 0],
  ["end", 1000],
  ["previous", 250],
  ["next", 750],
] as const)("a frame is held against the %s", (against, seed) => {
  expect(sceneOf({ ...still, against }).b?.digest).toBe(digestOf(seed));
});

test("the first frame has no previous one, and nothing is made up", () => {
  expect(sceneOf({ ...still, t: 0 }).b).toBeNull();
});

test("a frame that is missing shows nothing rather than its neighbour", () => {
  const holed = filmOf(aSequence([], { frames: [aFrame(0), aFrame(0.5, { digest: null }), aFrame(1)] }));

  expect(sceneOf({ ...still, film: holed }).a).toBeNull();
});

test("the previous picture is found over a hole", () => {
  const holed = filmOf(aSequence([], { frames: [aFrame(0), aFrame(0.25, { digest: null }), aFrame(0.5)] }));

  expect(sceneOf({ ...still, film: holed }).b?.digest).toBe(digestOf(0));
});

test("onion skins lie on either side, the farthest first, and not beyond the ends", () => {
  const { skins } = sceneOf({ ...still, t: 0.25, onionRange: 2 });

  expect(skins.map((skin) => skin.distance)).toEqual([2, -1, 1]);
});

test("two takes that are compared stand in for frame and reference", () => {
  const comparison = { a: { digest: "a", label: "in place" }, b: { digest: "b", label: "take 2" } };

  expect(sceneOf({ ...still, comparison, onionRange: 2 })).toMatchObject({ ...comparison, skins: [] });
});

test("neutral is the neutral expression at the same pose", () => {
  const cell = { file: "", state: "present", width: 1, height: 1, fault: null } as const;
  const endpoints = {
    poses: ["center", "left"],
    expressions: ["neutral"],
    ignored: [],
    cells: [
      { ...cell, expression: "neutral", pose: "left", digest: "l" },
      { ...cell, expression: "neutral", pose: "center", digest: "c" },
    ],
  };

  expect(neutralDigest(endpoints, "neutral", "center")).toBe("c");
  expect(neutralDigest(endpoints, null, "center")).toBeNull();
  expect(neutralDigest(undefined, "neutral", "center")).toBeNull();
});
