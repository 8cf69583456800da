import { expect, test } from "vitest";
import { byPose, keyOf, stateOf } from "./states.ts";

const at = (pose: string, ...expressions: string[]): { expression: string; pose: string }[] =>
  expressions.map((expression) => ({ expression, pose }));
const STATES = [...at("center", "a", "b"), ...at("left", "a"), ...at("center", "c")];

test("states stand together by pose, in the order in which they come", () => {
  expect(byPose(STATES)).toEqual([
    { pose: "center", states: at("center", "a", "b", "c") },
    { pose: "left", states: at("left", "a") },
  ]);
});

test("digits go to the states at the pose where the character is", () => {
  const [center, left] = [
    { expression: "b", pose: "center" },
    { expression: "a", pose: "left" },
  ];

  expect(STATES.map((state) => keyOf(state, STATES, center))).toEqual(["1", "2", null, "3"]);
  expect(STATES.map((state) => keyOf(state, STATES, left))).toEqual([null, null, "1", null]);
  expect([stateOf(3, STATES, center), stateOf(1, STATES, left), stateOf(4, STATES, center)]).toEqual([
    { expression: "c", pose: "center" },
    { expression: "a", pose: "left" },
    null,
  ]);
});

test("the tenth has 0, and what follows has no digit", () => {
  const many = at("center", ...Array.from("abcdefghijkl"));
  const [now = { expression: "", pose: "" }] = many;

  expect(many.map((state) => keyOf(state, many, now)).slice(8)).toEqual(["9", "0", null, null]);
  expect([stateOf(0, many, now)?.expression, stateOf(1, many, now)?.expression]).toEqual(["j", "a"]);
});
