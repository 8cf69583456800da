import { beforeEach, expect, test } from "vitest";
import { useSelection } from "./selection.ts";

const ALL = [0, 0.25, 0.5, 0.75, 1];
const now = (): ReturnType<typeof useSelection.getState> => useSelection.getState();

beforeEach(() => useSelection.setState(useSelection.getInitialState()));

test("a range grows and shrinks from where it began", () => {
  now().selectFrame(0.5);
  now().extendTo(1, ALL);
  expect(now().selected).toEqual([0.5, 0.75, 1]);

  now().extendTo(0.25, ALL);
  expect(now().selected).toEqual([0.25, 0.5]);
});

test("moving about keeps a range, and takes a single frame along", () => {
  now().selectFrames([0.75, 0.25]);
  now().moveTo(0.5);
  expect(now()).toMatchObject({ t: 0.5, selected: [0.25, 0.75] });

  now().selectFrame(0.25);
  now().moveTo(1);
  expect(now()).toMatchObject({ t: 1, selected: [1] });
});

test("another sequence begins with nothing of the old selection", () => {
  now().selectFrames(ALL);
  now().openSequence("b", 0.5);

  expect(now()).toMatchObject({ view: "review", pathId: "b", t: 0.5, selected: [0.5] });
});
