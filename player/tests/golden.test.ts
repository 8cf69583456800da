/** What Python says, case by case. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type Clip,
  type Cue,
  type Easing,
  Performance,
  type State,
  spell,
  TransitionGraph,
  UnreachableError,
} from "../src/index.ts";

type Pair = [string, string];
type Legs = [number, number, number][];

interface HeldGraph {
  clips: { path: string; start: Pair; end: Pair; times: number[]; files: string[]; weight: number | null }[];
  states: Pair[];
}

interface HeldTransitions extends HeldGraph {
  routes: [Pair, Pair, Legs][];
  routes_from: [number, number, Pair, Legs][];
  refused: [Pair, Pair, string][];
  missing: [Pair, [Pair, Pair][] | null, number][];
}

interface HeldPerformance extends HeldGraph {
  start: Pair;
  cues: { at_ms: number; state?: Pair; ms?: number | null; easing?: Easing }[];
  seed: number | null;
  blinks: string[];
  fps: number;
  shown: [number, number, number, number, number][];
}

function held<T>(name: string): [string, T][] {
  const cases = JSON.parse(
    readFileSync(resolve(import.meta.dirname, `../../tests/golden/${name}.json`), "utf8"),
  ) as T[];
  return cases.map((each, number) => [`case ${number}`, each]);
}

const stateOf = ([expression, pose]: Pair): State => ({ expression, pose });

function graphOf({ clips, states }: HeldGraph): TransitionGraph {
  const own = clips.map((clip): Clip => ({ ...clip, start: stateOf(clip.start), end: stateOf(clip.end) }));
  return new TransitionGraph(own, states.map(stateOf));
}

describe("the graph leads where Python's does", () => {
  it.each(held<HeldTransitions>("transitions"))("%s", (_, each) => {
    const graph = graphOf(each);

    for (const [start, end, legs] of each.routes) {
      const found = graph.route(stateOf(start), stateOf(end)).map((leg) => [leg.clip, leg.first, leg.last]);
      expect(found, `${spell(stateOf(start))} → ${spell(stateOf(end))}`).toEqual(legs);
    }
    for (const [clip, frame, end, legs] of each.routes_from) {
      const found = graph.routeFrom(clip, frame, stateOf(end)).map((leg) => [leg.clip, leg.first, leg.last]);
      expect(found, `${clip}/${frame} → ${spell(stateOf(end))}`).toEqual(legs);
    }
    for (const [start, end, message] of each.refused) {
      expect(() => graph.route(stateOf(start), stateOf(end))).toThrow(new UnreachableError(message));
    }
    for (const [start, sequences, joins] of each.missing) {
      const expected = sequences && { sequences: sequences.map(([a, b]) => [stateOf(a), stateOf(b)]), joins };
      expect(graph.missingPath(stateOf(start))).toEqual(expected);
    }
  });
});

describe("a performance shows what Python's does", () => {
  it.each(held<HeldPerformance>("performance"))("%s", (_, each) => {
    const graph = graphOf(each);
    const cues = each.cues.map(
      ({ at_ms: atMs, state, ms = null, easing = "linear" }): Cue =>
        state ? { atMs, state: stateOf(state), ms, easing } : { atMs },
    );
    const { seed, blinks, fps } = each;
    const performance = new Performance(graph, stateOf(each.start), { cues, seed, blinks, fps });

    for (const [ms, number, frame, goal, arrived] of each.shown) {
      const clip = graph.clips[number]!;
      expect(performance.showing(ms), `${ms} ms`).toEqual({
        path: clip.path,
        frame,
        t: clip.times[frame],
        file: clip.files[frame],
        state: graph.states[goal],
        arrived: arrived === 1,
      });
    }
  });
});
