import { expect, test } from "vitest";
import { clipsOf, Performance, parseRig, RigError, TransitionGraph } from "../src/index.ts";
import { CALM, GLAD, sampleRig } from "./samples.ts";

/** The sample with one place in it replaced, by a path such as `clips.0.times`. */
function changed(path: string, value: unknown): string {
  const rig = JSON.parse(JSON.stringify(sampleRig())) as Record<string, unknown>;
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const holder = keys.reduce((place, key) => place[key] as Record<string, unknown>, rig);
  holder[last] = value;
  return JSON.stringify(rig);
}

test("a rig is read as it was written, and what this player doesn't know is left alone", () => {
  const text = changed("later_addition", { any: "thing" });

  const clips = sampleRig().clips.map((clip) => ({ ...clip, weight: null }));
  expect(parseRig(text)).toEqual({ ...sampleRig(), clips });
});

test("a performance plays a rig's pictures by their places", () => {
  const performance = new Performance(new TransitionGraph(clipsOf(sampleRig())), CALM, { fps: 10 });
  performance.add({ atMs: 0, state: GLAD });

  expect([0, 100, 200].map((ms) => performance.showing(ms).file)).toEqual(["0", "1", "2"]);
});

test.each<[string, unknown, string]>([
  ["format", "spine", 'rig.json: format: "spine"; expected "watercolor-rig"; this is another kind of file'],
  ["version", 2, "rig.json: version: 2; expected 1; export the rig again, or take the player that came with it"],
  ["size", [8], "rig.json: size: [8]; expected [width, height]"],
  ["size", [8, 0], "rig.json: size[1]: 0; expected a whole number of at least 1"],
  ["fps", 0, "rig.json: fps: 0; expected a number above 0"],
  ["start", undefined, "rig.json: start: nothing; expected an object"],
  ["start.pose", "", 'rig.json: start.pose: ""; expected a text'],
  ["start.pose", "left", "rig.json: start: no clip begins or ends at 'calm' at 'left'; choose another start"],
  ["blinks", "eyes_shut", 'rig.json: blinks: "eyes_shut"; expected a list'],
  ["sheets.0.file", 3, "rig.json: sheets[0].file: 3; expected a text"],
  ["pictures.0.base", "0", 'rig.json: pictures[0].base: "0"; expected a whole number of at least 0'],
  ["pictures.2.base", 1, "rig.json: pictures[2].base: 1; expected null or one of 4 pictures that has no base itself"],
  ["pictures.2.base", 9, "rig.json: pictures[2].base: 9; expected null or one of 4 pictures that has no base itself"],
  [
    "pictures.1.patches.0",
    [1, 0, 0, 2, 2, 1, 1],
    "rig.json: pictures[1].patches[0]: [1,0,0,2,2,1,1]; expected a patch of one of 1 sheets",
  ],
  [
    "pictures.1.patches.0",
    [0, 0, 0, 2],
    "rig.json: pictures[1].patches[0]: [0,0,0,2]; expected [sheet, sx, sy, width, height, x, y]",
  ],
  [
    "pictures.1.patches.0",
    [0, 15, 0, 2, 2, 1, 1],
    "rig.json: pictures[1].patches[0]: [0,15,0,2,2,1,1]; expected a part of sheet 0, 16 × 16",
  ],
  [
    "pictures.1.patches.0",
    [0, 0, 0, 2, 2, 7, 1],
    "rig.json: pictures[1].patches[0]: [0,0,0,2,2,7,1]; expected a part of the canvas, 8 × 6",
  ],
  ["pictures.1.patches.0.5", 0.5, "rig.json: pictures[1].patches[0][5]: 0.5; expected a whole number of at least 0"],
  ["clips", [], "rig.json: clips: []; expected at least one sequence; export the rig again"],
  [
    "clips.0.times",
    [0, 0.5, 0.5],
    "rig.json: clips[0].times: [0,0.5,0.5]; expected two numbers or more, each above the one before",
  ],
  ["clips.0.pictures", [0, 1], "rig.json: clips[0].pictures: [0,1]; expected as many as times, 3"],
  ["clips.1.pictures.1", 4, "rig.json: clips[1].pictures[1]: 4; expected a whole number from 0 to 3"],
  ["clips.1.weight", -1, "rig.json: clips[1].weight: -1; expected null or a number above 0"],
])("what is wrong in a rig is named with its place: %s", (path, value, message) => {
  expect(() => parseRig(changed(path, value))).toThrow(new RigError(message));
});

test("a file that is no JSON is named", () => {
  expect(() => parseRig("<!doctype html>", "hero/rig.json")).toThrow(
    /^hero\/rig.json: no JSON \(.+\); export the rig again$/,
  );
});
