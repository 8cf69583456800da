/**
 * A performance as it happens: commands come in now, a clock says what now is, and pictures go out when they change.
 *
 * It asks for screen frames only while a way is being played. At rest it sleeps on one timer until the next blink or cue, and
 * with neither it does not wake at all. What comes is added to the performance when its time has come, so that a new command
 * can drop the cues that wait, and begins at the frame that stands.
 */
import type { Easing } from "./easing.ts";
import { isSame, type State, type TransitionGraph } from "./graph.ts";
import { blinkTimes } from "./idle.ts";
import { type Cue, checkHow, Performance } from "./performance.ts";

/** Ends what was started; calling it again does nothing. */
export type Stop = () => void;

/** Moments in ms from any beginning; they never go back. */
export interface LiveClock {
  now: () => number;
  /** Call once before the next picture of the screen. */
  nextFrame: (callback: () => void) => Stop;
  after: (delayMs: number, callback: () => void) => Stop;
  /** Nobody looks: screen frames may not come. */
  isHidden: () => boolean;
}

/** How a way is played. */
export interface How {
  readonly ms?: number | null | undefined;
  readonly easing?: Easing | undefined;
}

/** A command for later, counted from now: to a state, or a blink. */
export interface Plan extends How {
  readonly atMs: number;
  readonly state?: State;
  readonly blink?: boolean;
}

export interface LiveOptions {
  readonly fps: number;
  readonly blinks: readonly string[];
  /** Of the blinks that come by themselves. */
  readonly seed: number;
  readonly clock: LiveClock;
  /** A picture, by its `file`, stands from now on. */
  readonly show: (file: string) => void;
  readonly left?: (from: State, to: State) => void;
  readonly arrived?: (state: State) => void;
}

interface Waiting extends Plan {
  /** By the performance's time. */
  readonly atMs: number;
  readonly settle?: Settle;
}

type Settle = (arrived: boolean) => void;

const HIDDEN_STEP_MS = 250;
const LEAST_MS = 0.001;

export class Live {
  private readonly performance: Performance;
  private readonly beganMs: number;
  private readonly idle: Generator<number, never>;
  private nextIdleMs: number;
  private lastMs = -1;
  private file: string | null = null;
  private target: State;
  private going: { readonly state: State; readonly settle: Settle | undefined } | null = null;
  /** What is to be told once the clock has been looked at, since who hears it may give the next command. */
  private news: (() => void)[] = [];
  private playing: Settle | null = null;
  private waiting: Waiting[] = [];
  private blinksItself = true;
  private isStill = false;
  private stopWaking: Stop = () => undefined;

  /** Shows the first picture at once. Throws as `Performance` does. */
  constructor(
    private readonly graph: TransitionGraph,
    start: State,
    private readonly options: LiveOptions,
  ) {
    const { fps, blinks, seed, clock } = options;
    this.performance = new Performance(graph, start, { fps, blinks });
    this.idle = blinkTimes(seed);
    this.nextIdleMs = this.idle.next().value;
    this.target = start;
    this.beganMs = clock.now();
    this.tick();
  }

  /** Where the character was last told to go. */
  get state(): State {
    return this.target;
  }

  /** Whether it blinks by itself. */
  setBlinking(on: boolean): void {
    this.blinksItself = on;
    this.tick();
  }

  /** Whether nothing moves: every way takes no time, and nothing blinks. */
  setStill(on: boolean): void {
    this.isStill = on;
    this.tick();
  }

  /**
   * Go to a state from the frame that stands, and forget the cues that wait. The answer is true on arrival and false where
   * another command came first. Throws `UnreachableError` and `RangeError`, and then changes nothing.
   */
  go(state: State, how: How = {}): Promise<boolean> {
    this.check(state, how);
    return new Promise((settle) => {
      this.drop();
      this.waiting = [{ ...how, state, atMs: this.lastMs, settle }];
      this.tick();
    });
  }

  /**
   * Carry out cues, counted from now, instead of those that wait. The answer is true when all is played and the character
   * rests, and false where another command came first. Throws as `go`, before anything is played.
   */
  play(plans: readonly Plan[]): Promise<boolean> {
    for (const { atMs, state, ...how } of plans) {
      if (!(atMs >= 0 && atMs < Infinity)) throw new RangeError(`a cue at ${atMs} ms: expected a number of at least 0`);
      if (state) this.check(state, how);
    }
    this.drop();
    const nowMs = this.moment();
    const inTime = plans.map((plan) => ({ ...plan, atMs: nowMs + plan.atMs }));
    this.waiting = inTime.sort((one, other) => one.atMs - other.atMs);
    return new Promise((settle) => {
      this.playing = settle;
      this.tick();
    });
  }

  /** Blink now, if the face rests and can. */
  blink(): void {
    this.waiting.unshift({ atMs: this.lastMs, blink: true });
    this.tick();
  }

  /** Look at the clock again, such as when the page is seen again. */
  wake(): void {
    this.tick();
  }

  /** End it; what was promised is answered with false. */
  stop(): void {
    this.stopWaking();
    this.drop();
    this.settleGoing(false);
  }

  private check(state: State, { ms = null, easing = "linear" }: How): void {
    checkHow({ ms, easing });
    this.graph.route(this.target, state);
  }

  /** Forget what waits. */
  private drop(): void {
    this.waiting = [];
    this.playing?.(false);
    this.playing = null;
  }

  /** Now, later than every moment that was asked for. */
  private moment(): number {
    return Math.max(this.options.clock.now() - this.beganMs, this.lastMs + LEAST_MS, 0);
  }

  private tick(): void {
    const nowMs = this.moment();
    this.takeDue(nowMs);
    const { file, state, arrived } = this.performance.showing(nowMs);
    this.lastMs = nowMs;
    if (file !== this.file) {
      this.file = file;
      this.options.show(file);
    }
    if (arrived && this.going && isSame(state, this.going.state)) this.settleGoing(true);
    if (arrived && this.waiting.length === 0) {
      this.playing?.(true);
      this.playing = null;
    }
    this.sleep(nowMs);
    for (const tell of this.news.splice(0)) tell();
  }

  /** Give the performance what is due: cues that waited, and blinks that came by themselves since the last look. */
  private takeDue(nowMs: number): void {
    for (;;) {
      const [first] = this.waiting;
      const blinkMs = this.nextIdleMs;
      if (Math.min(first?.atMs ?? Infinity, blinkMs) > nowMs) return;
      if (first && first.atMs <= blinkMs) {
        this.waiting.shift();
        this.begin(first, nowMs);
      } else {
        this.nextIdleMs = this.idle.next().value;
        if (this.blinksItself && !this.isStill && blinkMs > nowMs - 1000) this.add({ atMs: blinkMs }, nowMs);
      }
    }
  }

  private begin({ atMs, state, ms = null, easing = "linear", settle }: Waiting, nowMs: number): void {
    if (!state) {
      if (!this.isStill) this.add({ atMs }, nowMs);
      return;
    }
    this.settleGoing(false);
    this.add({ atMs, state, ...(this.isStill ? { ms: 0 } : { ms, easing }) }, nowMs);
    this.going = { state, settle };
    const from = this.target;
    this.target = state;
    this.news.push(() => this.options.left?.(from, state));
  }

  private add(cue: Cue, nowMs: number): void {
    this.performance.add({ ...cue, atMs: Math.min(nowMs, Math.max(cue.atMs, this.lastMs + LEAST_MS)) });
  }

  private settleGoing(arrived: boolean): void {
    const { going } = this;
    this.going = null;
    if (arrived && going) this.news.push(() => this.options.arrived?.(going.state));
    going?.settle?.(arrived);
  }

  /** Wake again when something may have changed. */
  private sleep(nowMs: number): void {
    this.stopWaking();
    const { clock } = this.options;
    const wake = (): void => this.tick();
    const stillMs = this.performance.stillUntil(nowMs);
    if (stillMs <= nowMs) {
      this.stopWaking = clock.isHidden() ? clock.after(HIDDEN_STEP_MS, wake) : clock.nextFrame(wake);
      return;
    }
    const idleMs = this.blinksItself && !this.isStill && !clock.isHidden() ? this.nextIdleMs : Infinity;
    const nextMs = Math.min(stillMs, this.waiting[0]?.atMs ?? Infinity, idleMs);
    if (nextMs < Infinity) this.stopWaking = clock.after(nextMs - nowMs, wake);
  }
}
