import { expect, test } from "vitest";
import { clipsOf, Live, type LiveClock, type State, TransitionGraph, UnreachableError } from "../src/index.ts";
import { CALM, GLAD, SHUT, sampleRig } from "./samples.ts";

/** A clock that the test turns; it knows what waits, so that a loop that burns is seen. */
class TurnedClock implements LiveClock {
  private nowMs = 0;
  private readonly waiting = new Map<() => void, number>();
  frames = 0;
  wakings = 0;
  hidden = false;

  now = (): number => this.nowMs;
  isHidden = (): boolean => this.hidden;
  nextFrame = (callback: () => void): (() => void) => {
    if (this.hidden) return () => undefined;
    const counted = (): void => {
      this.frames += 1;
      callback();
    };
    return this.after(16, counted);
  };
  after = (delayMs: number, callback: () => void): (() => void) => {
    const own = (): void => callback();
    this.waiting.set(own, this.nowMs + delayMs);
    return () => void this.waiting.delete(own);
  };

  turnTo(ms: number): void {
    for (;;) {
      const [next] = [...this.waiting].sort(([, one], [, other]) => one - other);
      if (!next || next[1] > ms) break;
      this.waiting.delete(next[0]);
      this.nowMs = next[1];
      this.wakings += 1;
      next[0]();
    }
    this.nowMs = ms;
  }

  get isAsleep(): boolean {
    return this.waiting.size === 0;
  }
}

interface Stage {
  readonly live: Live;
  readonly clock: TurnedClock;
  /** The pictures that were shown, in order. */
  readonly shown: string[];
  readonly news: string[];
}

function staged(seed = 7, blinking = false): Stage {
  const clock = new TurnedClock();
  const shown: string[] = [];
  const news: string[] = [];
  const live = new Live(new TransitionGraph(clipsOf(sampleRig())), CALM, {
    fps: 10,
    blinks: ["eyes_shut"],
    seed,
    clock,
    show: (file) => shown.push(file),
    left: (from, to) => news.push(`${from.expression} → ${to.expression}`),
    arrived: (state) => news.push(`at ${state.expression}`),
  });
  live.setBlinking(blinking);
  return { live, clock, shown, news };
}

test("a way is shown picture by picture, and then nothing wakes any more", async () => {
  const { live, clock, shown, news } = staged();
  expect([shown, clock.isAsleep]).toEqual([["0"], true]);

  const going = live.go(GLAD);
  clock.turnTo(150);
  expect([shown, news, clock.isAsleep]).toEqual([["0", "1"], ["calm → glad"], false]);

  clock.turnTo(1000);
  expect([shown, news, clock.isAsleep]).toEqual([["0", "1", "2"], ["calm → glad", "at glad"], true]);
  expect(await going).toBe(true);
});

test("a new command goes on from the frame that stands, and the old one is told so", async () => {
  const { live, clock, shown } = staged();
  const first = live.go(GLAD);
  clock.turnTo(120);
  const second = live.go(SHUT);
  clock.turnTo(2000);

  expect(shown).toEqual(["0", "1", "0", "3"]);
  expect(await Promise.all([first, second])).toEqual([false, true]);
});

test("a way in no time shows its end at once", async () => {
  const { live, shown } = staged();

  expect(await live.go(GLAD, { ms: 0 })).toBe(true);
  expect(shown).toEqual(["0", "2"]);
});

test("who hears of an arrival may give the next command", async () => {
  const { live, clock, news, shown } = staged();
  const further: Promise<boolean>[] = [];
  const original = news.push.bind(news);
  news.push = (text) => {
    if (text === "at glad") further.push(live.go(SHUT, { ms: 0 }));
    return original(text);
  };
  const first = await live.go(GLAD, { ms: 0 });
  clock.turnTo(100);

  expect([first, await Promise.all(further), shown]).toEqual([true, [true], ["0", "2", "3"]]);
});

test("cues come when it is their time, and a command forgets those that wait", async () => {
  const { live, clock, news } = staged();
  const whole = live.play([
    { atMs: 2000, state: CALM, ms: 0 },
    { atMs: 1000, state: GLAD, ms: 0 },
  ]);
  clock.turnTo(999);
  expect(news).toEqual([]);
  clock.turnTo(2500);
  expect(news).toEqual(["calm → glad", "at glad", "glad → calm", "at calm"]);
  expect(await whole).toBe(true);

  const dropped = live.play([{ atMs: 500, state: SHUT }]);
  await live.go(GLAD, { ms: 0 });
  clock.turnTo(9000);
  expect([await dropped, live.state]).toEqual([false, GLAD]);
});

test("between blinks it sleeps, and asks for screen frames only while eyes move", () => {
  const { clock, shown } = staged(7, true);
  clock.turnTo(60_000);

  const blinks = shown.filter((file) => file === "3").length;
  expect(blinks).toBeGreaterThan(8);
  expect(clock.frames).toBeLessThan(blinks * 25);
  expect(clock.wakings - clock.frames).toBeLessThan(blinks * 4);
});

test("blinks by itself come at the moments of the seed", () => {
  const whole = staged(7, true);
  whole.clock.turnTo(30_000);
  const late = staged(7, true);
  for (let ms = 0; ms <= 30_000; ms += 40) late.clock.turnTo(ms);

  expect(late.shown).toEqual(whole.shown);
});

test("a blink is carried out at rest, and not where blinking has no drawing", () => {
  const { live, clock, shown } = staged();
  live.blink();
  clock.turnTo(500);
  expect(shown).toEqual(["0", "3", "0"]);

  void live.go(GLAD, { ms: 0 });
  live.blink();
  clock.turnTo(1000);
  expect(shown).toEqual(["0", "3", "0", "2"]);
});

test("where stillness is wanted nothing moves, and a way that is being played ends", () => {
  const { live, clock, shown } = staged(7, true);
  live.setStill(true);
  void live.go(GLAD, { ms: 5000 });
  live.blink();
  clock.turnTo(60_000);

  expect([shown, clock.isAsleep]).toEqual([["0", "2"], true]);
});

test("on a hidden page no screen frame is asked for, and a way still arrives", async () => {
  const { live, clock, news } = staged(7, true);
  clock.hidden = true;
  live.wake();
  expect(clock.isAsleep).toBe(true);

  const going = live.go(GLAD);
  clock.turnTo(3000);
  expect([clock.frames, news.at(-1), clock.isAsleep, await going]).toEqual([0, "at glad", true, true]);
});

test("a state that is not there is refused, and what plays goes on", async () => {
  const { live, clock, shown } = staged();
  const going = live.go(GLAD);
  const nowhere: State = { expression: "sad", pose: "front" };

  expect(() => live.go(nowhere)).toThrow(UnreachableError);
  expect(() => live.go(CALM, { ms: -1 })).toThrow("a transition of -1 ms");
  expect(() => live.play([{ atMs: -1, blink: true }])).toThrow("a cue at -1 ms");
  clock.turnTo(1000);
  expect([await going, shown]).toEqual([true, ["0", "1", "2"]]);
});

test("who stops it is told nothing more", async () => {
  const { live, clock } = staged(7, true);
  const going = live.go(GLAD);
  live.stop();

  expect([await going, clock.isAsleep]).toEqual([false, true]);
});
