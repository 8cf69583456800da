/** What holds for any cues; what a performance shows in detail stands in the golden file. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Clip, type Cue, dice, EASING_NAMES, Performance, type State, TransitionGraph } from "../src/index.ts";

const [CALM, GLAD, SAD, SHUT] = ["calm", "glad", "sad", "shut"].map((expression) => ({
  expression,
  pose: "front",
})) as [State, State, State, State];

function clip(path: string, start: State, end: State, frames: number): Clip {
  const places = Array.from({ length: frames }, (_, place) => place);
  return {
    path,
    start,
    end,
    times: places.map((place) => place / (frames - 1)),
    files: places.map((place) => `${place}.png`),
  };
}

const STAR = new TransitionGraph([
  clip("to glad", CALM, GLAD, 9),
  clip("to sad", CALM, SAD, 5),
  clip("to shut", CALM, SHUT, 5),
]);

const playing = (cues: readonly Cue[], seed: number | null = null): Performance =>
  new Performance(STAR, CALM, { cues, seed, blinks: ["shut"], fps: 10 });

const moments = fc.double({ min: 0, max: 1e5, noNaN: true });
const someCues = fc.array(
  fc.oneof(
    fc.record({
      atMs: fc.nat(4000),
      state: fc.constantFrom(...STAR.states),
      ms: fc.option(fc.nat(2000)),
      easing: fc.constantFrom(...EASING_NAMES),
    }),
    fc.record({ atMs: fc.nat(4000) }),
  ),
  { maxLength: 12 },
);

test("what shows depends on the time alone", () => {
  fc.assert(
    fc.property(someCues, fc.option(fc.integer()), fc.array(moments), (cues, seed, times) => {
      const once = playing(cues, seed);
      for (const ms of times) expect(once.showing(ms)).toEqual(playing(cues, seed).showing(ms));
    }),
  );
});

test("a cue that comes later is as good as one known before", () => {
  fc.assert(
    fc.property(someCues, fc.option(fc.integer()), fc.array(moments), (cues, seed, times) => {
      const live = playing([], seed);
      for (const cue of cues.toSorted((one, other) => one.atMs - other.atMs)) {
        if (cue.atMs > 0) live.showing(cue.atMs - 0.5);
        live.add(cue);
      }
      for (const ms of times) expect(live.showing(ms)).toEqual(playing(cues, seed).showing(ms));
    }),
  );
});

test("after its last cue a character arrives", () => {
  fc.assert(
    fc.property(someCues, fc.constantFrom(...STAR.states), (cues, state) => {
      const shown = playing([...cues, { atMs: 4000, state }]).showing(10_000);
      expect(shown).toMatchObject({ state, arrived: true });
    }),
  );
});

test("dice roll what they roll in Python", () => {
  const roll = dice(4294967295);

  expect([roll(), roll(), roll()]).toEqual([0.8964226141106337, 0.189478256739676, 0.7156526781618595]);
});

test.each<[Cue, string]>([
  [{ atMs: -1 }, "a cue at -1 ms"],
  [{ atMs: Number.NaN, state: GLAD }, "a cue at NaN ms"],
  [{ atMs: 0, state: GLAD, ms: -5 }, "a transition of -5 ms"],
  [{ atMs: 0, state: GLAD, easing: "bounce" as "linear" }, "easing 'bounce': expected one of linear, ease-in"],
  [{ atMs: 0, state: { expression: "far", pose: "away" } }, "no state 'far' at 'away'; there are 'calm' at 'front'"],
])("a cue that makes no sense is refused: %j", (cue, message) => {
  expect(() => playing([cue])).toThrow(message);
});

test("a cue for what was asked for already is refused", () => {
  const performance = playing([]);
  performance.showing(500);

  expect(() => performance.add({ atMs: 500, state: GLAD })).toThrow("above 500, which was asked for already");
});

test("a state without a frame cannot be the first", () => {
  const graph = new TransitionGraph(STAR.clips, [{ expression: "far", pose: "away" }]);

  expect(() => new Performance(graph, { expression: "far", pose: "away" })).toThrow("no sequence begins or ends at");
});

test.each([0, -1, Infinity, Number.NaN])("a pace that makes no sense is refused: %d", (fps) => {
  expect(() => new Performance(STAR, CALM, { fps })).toThrow("fps");
});

test.each([-1, Infinity, Number.NaN])("a time that makes no sense is refused: %d", (ms) => {
  expect(() => playing([]).showing(ms)).toThrow("expected a number of at least 0");
});

test.each([
  [[0], ["0.png"], undefined],
  [[0, 1], ["0.png"], undefined],
  [[0, 1], ["0.png", "1.png"], 0],
  [[0, 1], ["0.png", "1.png"], Number.NaN],
])("a clip that cannot be a way is refused: %j %j %j", (times, files, weight) => {
  const odd = { path: "odd", start: CALM, end: GLAD, times, files, weight: weight ?? null };

  expect(() => new TransitionGraph([odd])).toThrow("clip 'odd'");
});
