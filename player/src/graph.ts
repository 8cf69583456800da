/**
 * From any state of a face to any other: the same ways as `core/transitions.py`, where the rules are explained.
 *
 * Both are tested against `tests/golden/transitions.json`. Ties go by the order in which clips are given, never by comparing
 * text, which the two languages order differently.
 */
import { at } from "./lists.ts";

/** How a face may rest. */
export interface State {
  readonly expression: string;
  readonly pose: string;
}

/** A sequence between two states. */
export interface Clip {
  readonly path: string;
  readonly start: State;
  readonly end: State;
  /** Positions of its frames, strictly ascending, at least two. */
  readonly times: readonly number[];
  /** Their file names, as many. */
  readonly files: readonly string[];
  /** What the whole way costs, above 0; without it the number of frames that follow the first one. */
  readonly weight?: number | null;
}

/** A part of a way: frames of a clip, by their places; `first` above `last` is played backwards. */
export interface Leg {
  /** The clip's place among `TransitionGraph.clips`. */
  readonly clip: number;
  readonly first: number;
  readonly last: number;
}

/** A base path or a pose path that would bring states within reach. */
export interface MissingPath {
  /** The two states of every sequence that it consists of and that is not there yet. */
  readonly sequences: readonly (readonly [State, State])[];
  /** How many states it brings within reach. */
  readonly joins: number;
}

/** No sequence leads to the state that was asked for; the message says which path is missing. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

/** Whether two states are one. */
export function isSame(one: State, other: State): boolean {
  return one.expression === other.expression && one.pose === other.pose;
}

/** A state in words. */
export function spell(state: State): string {
  return `'${state.expression}' at '${state.pose}'`;
}

interface Way {
  readonly cost: number;
  readonly taken: readonly number[];
}

interface Exit {
  readonly clip: number;
  readonly to: number;
}

type Pair = readonly [number, number];

const MOST_NAMED = 8;

export class TransitionGraph {
  readonly clips: readonly Clip[];
  readonly states: readonly State[];
  private readonly numbers = new Map<string, number>();
  private readonly exits: Exit[][];

  /**
   * @param clips In order of preference: of two ways that cost the same, the one with fewer clips is taken, and then the one
   *   that takes the earlier clip where they part.
   * @param states Further states that have a drawing, so that those no clip reaches can be named.
   */
  constructor(clips: Iterable<Clip>, states: Iterable<State> = []) {
    this.clips = [...clips];
    this.clips.forEach(check);
    const known: State[] = [];
    for (const state of [...this.clips.flatMap((clip) => [clip.start, clip.end]), ...states]) {
      if (!this.numbers.has(keyOf(state))) this.numbers.set(keyOf(state), known.push(state) - 1);
    }
    this.states = known;
    this.exits = known.map(() => []);
    this.clips.forEach((clip, number) => {
      const [start, end] = [this.numberOf(clip.start), this.numberOf(clip.end)];
      at(this.exits, start).push({ clip: number, to: end });
      if (start !== end) at(this.exits, end).push({ clip: number, to: start });
    });
  }

  /** The shortest way between two states, empty from a state to itself. Throws `UnreachableError` where there is none. */
  route(start: State, end: State): Leg[] {
    const goal = this.numberOf(end);
    const best = new Map<number, Way>([[this.numberOf(start), { cost: 0, taken: [] }]]);
    const done = new Set<number>();
    for (;;) {
      const [here, way] = nearest(best);
      if (here === undefined || way === undefined) throw new UnreachableError(this.noWay(start, end));
      if (here === goal) return this.legs(start, way.taken);
      best.delete(here);
      done.add(here);
      for (const { clip, to } of at(this.exits, here)) {
        if (done.has(to)) continue;
        const longer = { cost: way.cost + costOf(at(this.clips, clip)), taken: [...way.taken, clip] };
        const known = best.get(to);
        if (known === undefined || isBefore(longer, known)) best.set(to, longer);
      }
    }
  }

  /**
   * The shortest way from any frame of a clip: on to one of its ends or back to the other, and from there. What is left of a
   * clip costs its share of the frames; of two ways that are alike, the one that goes on forwards is taken.
   */
  routeFrom(clip: number, frame: number, end: State): Leg[] {
    const there = at(this.clips, clip);
    const resting = this.stateAt(clip, frame);
    if (resting) return this.route(resting, end);
    const forwards = [{ clip, first: frame, last: lastOf(there) }, ...this.route(there.end, end)];
    const backwards = [{ clip, first: frame, last: 0 }, ...this.route(there.start, end)];
    const [one, other] = [this.cost(forwards), this.cost(backwards)];
    return one < other || (one === other && forwards.length <= backwards.length) ? forwards : backwards;
  }

  /** The cheapest single clip between two states, the earliest of several; null where there is none. */
  direct(start: State, end: State): Leg | null {
    const [from, to] = [this.numbers.get(keyOf(start)), this.numbers.get(keyOf(end))];
    if (from === undefined || to === undefined || from === to) return null;
    const between = at(this.exits, from).filter((exit) => exit.to === to);
    if (between.length === 0) return null;
    const cheapest = between.reduce((one, other) =>
      costOf(at(this.clips, other.clip)) < costOf(at(this.clips, one.clip)) ? other : one,
    );
    return at(this.legs(start, [cheapest.clip]), 0);
  }

  /** What playing these legs costs. */
  cost(legs: readonly Leg[]): number {
    return legs.reduce((total, leg) => {
      const clip = at(this.clips, leg.clip);
      return total + (costOf(clip) * Math.abs(leg.last - leg.first)) / lastOf(clip);
    }, 0);
  }

  /** The state that a frame shows, or null for one in between. */
  stateAt(clip: number, frame: number): State | null {
    const there = at(this.clips, clip);
    if (frame === 0) return there.start;
    return frame === lastOf(there) ? there.end : null;
  }

  /** A frame that shows a state; null where no clip meets it. */
  firstFrame(state: State): { clip: number; frame: number } | null {
    const [exit] = this.exits[this.numbers.get(keyOf(state)) ?? -1] ?? [];
    if (!exit) return null;
    const clip = at(this.clips, exit.clip);
    return { clip: exit.clip, frame: isSame(clip.start, state) ? 0 : lastOf(clip) };
  }

  /** The states that no way leads to, in the order of `states`. */
  unreachable(start: State): State[] {
    const components = this.components();
    const home = at(components, this.numberOf(start));
    return this.states.filter((_, number) => components[number] !== home);
  }

  /**
   * The one path that would bring most states within reach; of several the one with the fewest sequences to make, then the
   * one where most clips meet, then the first. Null where all is within reach, or a drawing is missing before a sequence is.
   */
  missingPath(start: State): MissingPath | null {
    const components = this.components();
    const home = at(components, this.numberOf(start));
    let best: { rank: number[]; pairs: Pair[]; joins: number } | null = null;
    for (const pairs of this.pathsToMake(components)) {
      const joined = withinReach(
        home,
        pairs.map(([one, other]) => [at(components, one), at(components, other)]),
      );
      const joins = components.filter((component) => joined.has(component)).length;
      const meeting = pairs.flat().reduce((sum, state) => sum + at(this.exits, state).length, 0);
      const rank = [-joins, pairs.length, -meeting];
      if (joins > 0 && (best === null || isLess(rank, best.rank))) best = { rank, pairs, joins };
    }
    if (best === null) return null;
    const sequences = best.pairs.map(([one, other]) => [at(this.states, one), at(this.states, other)] as const);
    return { sequences, joins: best.joins };
  }

  /** The sequences of every base path and pose path that could join two components. */
  private *pathsToMake(components: readonly number[]): Generator<Pair[]> {
    const expressions = [...new Set(this.states.map((state) => state.expression))];
    const poses = [...new Set(this.states.map((state) => state.pose))];
    const toMake = (pairs: readonly (readonly [State, State])[]): Pair[] => {
      const drawn = pairs.flatMap(([one, other]): Pair[] => {
        const [a, b] = [this.numbers.get(keyOf(one)), this.numbers.get(keyOf(other))];
        return a === undefined || b === undefined ? [] : [[a, b]];
      });
      if (drawn.every(([a, b]) => components[a] === components[b])) return [];
      return drawn.filter(([a, b]) => !this.direct(at(this.states, a), at(this.states, b)));
    };
    for (const [one, other] of twos(expressions)) {
      const pairs = toMake(
        poses.map(
          (pose) =>
            [
              { expression: one, pose },
              { expression: other, pose },
            ] as const,
        ),
      );
      if (pairs.length > 0) yield pairs;
    }
    for (const expression of expressions) {
      for (const [one, other] of twos(poses)) {
        const pairs = toMake([
          [
            { expression, pose: one },
            { expression, pose: other },
          ],
        ]);
        if (pairs.length > 0) yield pairs;
      }
    }
  }

  /** For each state a number, the same for states that a way joins. */
  private components(): number[] {
    const found = new Map<number, number>();
    this.states.forEach((_, number) => {
      const waiting = found.has(number) ? [] : [number];
      for (let here = waiting.pop(); here !== undefined; here = waiting.pop()) {
        if (found.has(here)) continue;
        found.set(here, number);
        waiting.push(...at(this.exits, here).map((exit) => exit.to));
      }
    });
    return this.states.map((_, number) => found.get(number) ?? number);
  }

  private legs(start: State, taken: readonly number[]): Leg[] {
    let here = start;
    return taken.map((number) => {
      const clip = at(this.clips, number);
      const forwards = isSame(clip.start, here);
      here = forwards ? clip.end : clip.start;
      const last = lastOf(clip);
      return forwards ? { clip: number, first: 0, last } : { clip: number, first: last, last: 0 };
    });
  }

  private numberOf(state: State): number {
    const number = this.numbers.get(keyOf(state));
    if (number !== undefined) return number;
    throw new UnreachableError(`no state ${spell(state)}; there are ${listing(this.states) || "none"}`);
  }

  private noWay(start: State, end: State): string {
    const outOfReach = this.unreachable(start);
    const missing = this.missingPath(start);
    const advice = missing
      ? `make ${spellPath(missing)}, which joins ${missing.joins} of ${outOfReach.length}`
      : "draw one of their expressions at a pose that is within reach, or the other way round";
    return `no way from ${spell(start)} to ${spell(end)}; out of reach: ${listing(outOfReach)}; ${advice}`;
  }
}

/** A missing path in words. */
export function spellPath(path: MissingPath): string {
  const [start, end] = at(path.sequences, 0);
  return start.expression === end.expression
    ? `the pose path '${start.pose}' → '${end.pose}' of '${start.expression}'`
    : `the base path '${start.expression}' → '${end.expression}'`;
}

function check(clip: Clip): void {
  const { path, times, files, weight } = clip;
  if (times.length < 2 || times.length !== files.length) {
    const found = `${times.length} times, ${files.length} files`;
    throw new RangeError(`clip '${path}': ${found}; expected as many, two or more`);
  }
  const cost = costOf(clip);
  if (!(cost > 0 && cost < Infinity)) {
    throw new RangeError(`clip '${path}': weight ${String(weight)}; expected a number above 0`);
  }
}

function costOf(clip: Clip): number {
  return clip.weight ?? lastOf(clip);
}

function lastOf(clip: Clip): number {
  return clip.times.length - 1;
}

function keyOf(state: State): string {
  return JSON.stringify([state.expression, state.pose]);
}

function nearest(ways: ReadonlyMap<number, Way>): [number, Way] | [] {
  let best: [number, Way] | [] = [];
  for (const entry of ways) {
    if (best[1] === undefined || isBefore(entry[1], best[1])) best = entry;
  }
  return best;
}

function isBefore(one: Way, other: Way): boolean {
  if (one.cost !== other.cost) return one.cost < other.cost;
  if (one.taken.length !== other.taken.length) return one.taken.length < other.taken.length;
  return isLess(one.taken, other.taken);
}

/** Whether the first difference of two lists of the same length is one where `one` is less. */
function isLess(one: readonly number[], other: readonly number[]): boolean {
  const place = one.findIndex((number, index) => number !== other[index]);
  return place >= 0 && at(one, place) < at(other, place);
}

/** The other components that joints bring within reach of `home`. */
function withinReach(home: number, joints: readonly Pair[]): Set<number> {
  const reached = new Set<number>();
  const waiting = [home];
  for (let here = waiting.pop(); here !== undefined; here = waiting.pop()) {
    if (reached.has(here)) continue;
    reached.add(here);
    for (const [one, other] of joints) {
      if (one === here) waiting.push(other);
      if (other === here) waiting.push(one);
    }
  }
  reached.delete(home);
  return reached;
}

function twos(names: readonly string[]): [string, string][] {
  return names.flatMap((one, place) => names.slice(place + 1).map((other): [string, string] => [one, other]));
}

function listing(states: readonly State[]): string {
  const rest = states.length - MOST_NAMED;
  return states.slice(0, MOST_NAMED).map(spell).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
