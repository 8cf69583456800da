/**
 * Which frame of which sequence a character shows at any moment: the same as `core/performance.py`, where it is explained.
 *
 * Both are tested against `tests/golden/performance.json`, and both add and multiply in the same order. Time comes in as a
 * number, and asking changes nothing.
 */
import { EASING_NAMES, type Easing, ease } from "./easing.ts";
import { isSame, type Leg, type State, spell, type TransitionGraph, UnreachableError } from "./graph.ts";
import { blinkTimes } from "./idle.ts";
import { at } from "./lists.ts";
import { endsOf, frameAt, type Step, shownAfter, steps } from "./timing.ts";

const CLOSING_MS = 80;
const CLOSED_MS = 40;
const OPENING_MS = 160;

/** A cue: from now on to a state. */
export interface Go {
  readonly atMs: number;
  readonly state: State;
  /** How long the whole way takes; 0 shows the end at once, and without it the frames keep their pace. */
  readonly ms?: number | null;
  readonly easing?: Easing;
}

/** A cue: blink now, if the face rests. */
export interface Blink {
  readonly atMs: number;
}

export type Cue = Go | Blink;

export interface PerformanceOptions {
  readonly cues?: Iterable<Cue>;
  /** Of the blinks that come by themselves; without it there are none. */
  readonly seed?: number | null;
  /** The expressions that are closed eyes, in order of preference. */
  readonly blinks?: Iterable<string>;
  /** Ticks a second of what is not told how long to take, above 0. */
  readonly fps?: number;
}

/** What stands on the screen. */
export interface Showing {
  readonly path: string;
  /** The frame's place in its sequence. */
  readonly frame: number;
  readonly t: number;
  readonly file: string;
  /** Where the character was last told to go; a blink does not change it. */
  readonly state: State;
  /** Whether it is there; it stays there while it blinks. */
  readonly arrived: boolean;
}

/** Frames in one row and how long each stands; `ticks` is the time until the last one, which stays. */
interface Film {
  readonly frames: readonly { readonly clip: number; readonly frame: number }[];
  readonly round: readonly Step[];
  readonly ticks: number;
}

/** A film from a moment on, until the next stretch begins; without `ms` it goes at the pace. */
interface Stretch {
  readonly beginsMs: number;
  readonly film: Film;
  readonly ms: number | null;
  readonly easing: Easing;
  readonly state: State;
  readonly isBlink: boolean;
}

export class Performance {
  private readonly fps: number;
  private readonly closedEyes: readonly string[];
  private readonly stretches: Stretch[];
  private readonly idle: Generator<number, never> | null;
  private nextIdleMs: number;
  private readonly blinks = new Map<string, readonly [Film, Film] | null>();
  private readonly cues: Cue[] = [];
  private played = 0;
  private askedMs = -1;

  /** Throws `UnreachableError` for a state that no way leads to, and `RangeError` for what makes no sense. */
  constructor(
    private readonly graph: TransitionGraph,
    private readonly start: State,
    options: PerformanceOptions = {},
  ) {
    const { cues = [], seed = null, blinks = [], fps = 24 } = options;
    if (!(fps > 0 && fps < Infinity)) throw new RangeError(`fps ${fps}: expected a number above 0`);
    const frame = graph.firstFrame(start);
    if (!frame) {
      throw new UnreachableError(`no sequence begins or ends at ${spell(start)}, so there is no frame of it; make one`);
    }
    this.fps = fps;
    this.closedEyes = [...blinks];
    this.stretches = [{ beginsMs: 0, film: still(frame), ms: 0, easing: "linear", state: start, isBlink: false }];
    this.idle = seed === null ? null : blinkTimes(seed);
    this.nextIdleMs = this.idle?.next().value ?? Infinity;
    for (const cue of cues) this.add(cue);
  }

  /** Put one more cue in, as if it had been among the first ones; later than every moment that was asked for. */
  add(cue: Cue): void {
    if (!(this.askedMs < cue.atMs && cue.atMs < Infinity && cue.atMs >= 0)) {
      const asked = this.askedMs >= 0 ? ` and above ${this.askedMs}, which was asked for already` : "";
      throw new RangeError(`a cue at ${cue.atMs} ms: expected a number of at least 0${asked}`);
    }
    if (isGo(cue)) {
      checkHow(cue);
      this.graph.route(this.start, cue.state);
    }
    const later = this.cues.findIndex((each, place) => place >= this.played && each.atMs > cue.atMs);
    this.cues.splice(later < 0 ? this.cues.length : later, 0, cue);
  }

  /** What stands on the screen `ms`, at least 0, after the start; the same for the same time, whatever was asked before. */
  showing(ms: number): Showing {
    if (!(ms >= 0 && ms < Infinity)) throw new RangeError(`${ms} ms: expected a number of at least 0`);
    this.playTo(ms);
    const stretch = at(this.stretches, lastNotAfter(this.stretches, ms));
    const place = this.placeAt(stretch, ms);
    const { clip, frame } = at(stretch.film.frames, place);
    const { path, times, files } = at(this.graph.clips, clip);
    const arrived = stretch.isBlink || place === lastOf(stretch.film);
    return { path, frame, t: at(times, frame), file: at(files, frame), state: stretch.state, arrived };
  }

  /** Until when what stands at `ms` stays if no cue comes; `ms` itself while a way is being played. */
  stillUntil(ms: number): number {
    this.playTo(ms);
    const place = lastNotAfter(this.stretches, ms);
    const stretch = at(this.stretches, place);
    if (this.placeAt(stretch, ms) < lastOf(stretch.film)) return ms;
    const opening = this.stretches[place + 1]?.beginsMs ?? Infinity;
    return Math.min(opening, this.cues[this.played]?.atMs ?? Infinity, this.nextIdleMs);
  }

  /** Turn the cues and blinks up to a moment into stretches; a cue comes before a blink of the same moment. */
  private playTo(ms: number): void {
    this.askedMs = Math.max(this.askedMs, ms);
    for (;;) {
      const cue = this.cues[this.played];
      if (Math.min(cue?.atMs ?? Infinity, this.nextIdleMs) > ms) return;
      if (cue === undefined || this.nextIdleMs < cue.atMs) {
        this.blink(this.nextIdleMs);
        this.nextIdleMs = this.idle?.next().value ?? Infinity;
        continue;
      }
      this.played += 1;
      if (isGo(cue)) this.go(cue);
      else this.blink(cue.atMs);
    }
  }

  /** Begin a transition at the frame that stands; what is on its way there already goes on. */
  private go({ atMs, state, ms = null, easing = "linear" }: Go): void {
    if (ms === null && easing === "linear" && isSame(state, this.latest().state)) return;
    while (this.latest().beginsMs > atMs) this.stretches.pop();
    const now = this.latest();
    const frame = at(now.film.frames, this.placeAt(now, atMs));
    const legs = this.graph.routeFrom(frame.clip, frame.frame, state);
    const film = legs.length > 0 ? filmOf(this.graph, legs) : still(frame);
    const paced = easing === "linear" ? null : (film.ticks * 1000) / this.fps;
    this.stretches.push({ beginsMs: atMs, film, ms: ms ?? paced, easing, state, isBlink: false });
  }

  /** Close and open the eyes, if the face rests in a state that can. */
  private blink(atMs: number): void {
    const now = this.latest();
    if (now.beginsMs > atMs || this.placeAt(now, atMs) < lastOf(now.film)) return;
    const films = this.blinkOf(now.state);
    if (!films) return;
    const [closing, opening] = films;
    const common = { easing: "linear", state: now.state, isBlink: true } as const;
    this.stretches.push({ ...common, beginsMs: atMs, film: closing, ms: CLOSING_MS });
    this.stretches.push({ ...common, beginsMs: atMs + CLOSING_MS + CLOSED_MS, film: opening, ms: OPENING_MS });
  }

  /** The frames that close and that open the eyes, the same ones each time. */
  private blinkOf(state: State): readonly [Film, Film] | null {
    const key = JSON.stringify([state.expression, state.pose]);
    const known = this.blinks.get(key);
    if (known !== undefined) return known;
    const closed = this.closedEyes.includes(state.expression) ? [] : this.closedEyes;
    const [leg] = closed.flatMap((expression) => this.graph.direct(state, { expression, pose: state.pose }) ?? []);
    const films = leg
      ? ([
          filmOf(this.graph, [leg]),
          filmOf(this.graph, [{ clip: leg.clip, first: leg.last, last: leg.first }]),
        ] as const)
      : null;
    this.blinks.set(key, films);
    return films;
  }

  /** The place in its film of the frame that stands at a moment, not before the stretch begins. */
  private placeAt({ beginsMs, film, ms, easing }: Stretch, nowMs: number): number {
    const elapsedMs = nowMs - beginsMs;
    if (ms === null) return frameAt(elapsedMs, this.fps, film.round, "once").index;
    if (elapsedMs >= ms) return lastOf(film);
    return shownAfter(ease(elapsedMs / ms, easing) * film.ticks, film.round, "once").index;
  }

  private latest(): Stretch {
    return at(this.stretches, this.stretches.length - 1);
  }
}

/** Throw `RangeError` where a duration or an easing makes no sense. */
export function checkHow({ ms = null, easing = "linear" }: Pick<Go, "ms" | "easing">): void {
  if (ms !== null && !(ms >= 0 && ms < Infinity)) {
    throw new RangeError(`a transition of ${ms} ms: expected a number of at least 0`);
  }
  if (!EASING_NAMES.includes(easing)) {
    throw new RangeError(`easing '${easing}': expected one of ${EASING_NAMES.join(", ")}`);
  }
}

function isGo(cue: Cue): cue is Go {
  return "state" in cue;
}

function lastOf(film: Film): number {
  return film.frames.length - 1;
}

/** The place of the last stretch that has begun; they stand in order, and the first one begins at 0. */
function lastNotAfter(stretches: readonly Stretch[], ms: number): number {
  let [low, high] = [0, stretches.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (at(stretches, middle).beginsMs <= ms) low = middle;
    else high = middle;
  }
  return low;
}

function still(frame: Film["frames"][number]): Film {
  return { frames: [frame], round: [{ index: 0, ticks: 1 }], ticks: 0 };
}

/** The frames of a way; where two legs meet, the drawing stands as the first frame of the second. */
function filmOf(graph: TransitionGraph, legs: readonly Leg[]): Film {
  const frames: Film["frames"][number][] = [];
  const standing: number[] = [];
  for (const { clip, first, last } of legs) {
    const section = { first: Math.min(first, last), last: Math.max(first, last) };
    const shown = steps(at(graph.clips, clip).times, "once", { backwards: first > last, section });
    frames.pop();
    standing.pop();
    frames.push(...shown.map((step) => ({ clip, frame: step.index })));
    standing.push(...shown.map((step) => step.ticks));
  }
  const round = standing.map((ticks, index) => ({ index, ticks }));
  return { frames, round, ticks: at(endsOf(round), round.length - 2) };
}
