import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { useSelection } from "../stores/selection.ts";
import { VIEWS } from "../stores/views.ts";
import { hashOf, placeOf } from "./place.ts";
import { followAddress } from "./router.ts";

beforeEach(() => {
  useSelection.setState(useSelection.getInitialState());
  window.history.replaceState(null, "", "#/");
});

test("a place survives the address bar", () => {
  const places = fc.record({
    view: fc.constantFrom(...VIEWS),
    pathId: fc.option(fc.string({ minLength: 1, unit: "grapheme" })),
    t: fc.option(fc.double({ min: 0, max: 1, noNaN: true }).map((t) => t + 0)),
  });
  fc.assert(
    fc.property(places, ({ view, pathId, t }) => {
      const kept = view === "review" && pathId !== null;
      expect(placeOf(hashOf({ view, pathId, t }))).toEqual({ view, pathId: kept ? pathId : null, t: kept ? t : null });
    }),
  );
});

test.each(["", "#", "#/nonsense/x", "#/review", "#/review/%E0%A4%A?t=2"])(
  "a strange address %j opens the review",
  (hash) => {
    expect(placeOf(hash).view).toBe("review");
    expect(placeOf(hash).t).toBeNull();
  },
);

test("the address opens a sequence, and opening one writes the address", () => {
  window.history.replaceState(null, "", "#/review/a__center?t=0.5");
  const stop = followAddress();

  expect(useSelection.getState()).toMatchObject({ view: "review", pathId: "a__center", t: 0.5 });

  useSelection.getState().openSequence("b__center");

  expect(window.location.hash).toBe("#/review/b__center?t=0");
  stop();
});
