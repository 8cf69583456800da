import { describe, expect, it } from "vitest";
import { aRow } from "../testing/samples.ts";
import { countStates, filtered, moved, NO_FILTER, poseOf, tallyExpressions, tallyPoses, workWords } from "./rows.ts";

const ids = (rows: readonly { path_id: string }[]) => rows.map((row) => row.path_id);
const rows = [
  aRow("neutral_to_happy__center"),
  aRow("neutral_to_happy__left", { state: "missing" }),
  aRow("neutral_to_sad__center", { state: "stale" }),
];

describe("the filter", () => {
  it("wants every word of its text, in any order and case", () => {
    expect(ids(filtered(rows, { ...NO_FILTER, text: "CENTER happy" }))).toEqual(["neutral_to_happy__center"]);
  });

  it("lets several states through", () => {
    expect(ids(filtered(rows, { ...NO_FILTER, states: new Set(["missing", "stale"]) }))).toEqual([
      "neutral_to_happy__left",
      "neutral_to_sad__center",
    ]);
  });

  it("finds an expression at either end", () => {
    const both = [...rows, aRow("happy_to_sad__center")];

    expect(ids(filtered(both, { ...NO_FILTER, expression: "sad" }))).toEqual([
      "neutral_to_sad__center",
      "happy_to_sad__center",
    ]);
  });

  it("narrows to a pose", () => {
    expect(ids(filtered(rows, { ...NO_FILTER, pose: "left" }))).toEqual(["neutral_to_happy__left"]);
  });

  it("finds a turn of the head by either of its poses", () => {
    const turn = aRow("neutral_center_to_neutral_left", { expr_end: "neutral", pose: "center", end_pose: "left" });

    expect(ids(filtered([turn], { ...NO_FILTER, pose: "left" }))).toEqual([turn.path_id]);
    expect(ids(filtered([turn], { ...NO_FILTER, pose: "center" }))).toEqual([turn.path_id]);
    expect(tallyPoses([turn]).get("left")).toEqual({ total: 1, complete: 1 });
    expect(poseOf(turn)).toBe("center → left");
  });

  it("gives back the same list while it is empty, so that nothing is drawn anew", () => {
    expect(filtered(rows, NO_FILTER)).toBe(rows);
  });
});

describe("counts", () => {
  it("are by state", () => {
    expect(countStates(rows).get("missing")).toBe(1);
  });

  it("of an expression take both ends", () => {
    expect(tallyExpressions(rows).get("neutral")).toEqual({ total: 3, complete: 1 });
    expect(tallyExpressions(rows).get("happy")).toEqual({ total: 2, complete: 1 });
  });

  it("of a pose take its sequences", () => {
    expect(tallyPoses(rows).get("center")).toEqual({ total: 2, complete: 1 });
  });
});

describe("what is left to do", () => {
  it("is what is missing or stale, and what is blocked", () => {
    const blocked = aRow("a_to_b__center", { state: "blocked" });

    expect(workWords(countStates([...rows, blocked]))).toBe("2 to make, 1 blocked");
  });

  it("is nothing when all is complete or flagged", () => {
    expect(workWords(countStates([aRow("a_to_b__center", { state: "flagged" })]))).toBe("Nothing to make");
  });
});

describe("the keyboard", () => {
  it.each([
    ["ArrowDown", -1, 0],
    ["ArrowDown", 1, 2],
    ["ArrowDown", 2, 2],
    ["ArrowUp", 0, 0],
    ["ArrowUp", -1, 2],
    ["PageDown", 0, 2],
    ["PageUp", 2, 0],
    ["Home", 2, 0],
    ["End", 0, 2],
  ])("%s from row %d goes to row %d", (key, at, expected) => {
    expect(moved(key, at, 3, 10)).toBe(expected);
  });

  it("leaves other keys to others", () => {
    expect(moved("a", 0, 3, 10)).toBeNull();
  });

  it("has nowhere to go in an empty list", () => {
    expect(moved("ArrowDown", -1, 0, 10)).toBeNull();
  });
});
