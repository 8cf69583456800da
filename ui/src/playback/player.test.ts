import { afterEach, beforeEach, expect, test } from "vitest";
import { usePlayback } from "../stores/playback.ts";
import { useSelection } from "../stores/selection.ts";
import { useSettings } from "../stores/settings.ts";
import { TurnedClock } from "../testing/clock.ts";
import { aSequence } from "../testing/samples.ts";
import { filmOf, useFilm } from "./film.ts";
import { Player } from "./player.ts";

const TIMES = [0, 0.25, 0.5, 0.75, 1];
let clock: TurnedClock;
let player: Player;
let stop: () => void;
let shown: (number | null)[];

beforeEach(() => {
  usePlayback.setState(usePlayback.getInitialState());
  useSelection.setState(useSelection.getInitialState());
  useSettings.setState(useSettings.getInitialState());
  useFilm.setState(useFilm.getInitialState());
  useSettings.setState({ fps: 10, loop: "loop" });
  clock = new TurnedClock();
  player = new Player(clock);
  const stopPlayer = player.follow();
  useSelection.getState().openSequence("neutral_to_happy__center");
  useFilm.setState({ film: filmOf(aSequence(TIMES)) });
  shown = [];
  const stopWatching = usePlayback.subscribe((now, before) => {
    if (now.t !== before.t) shown.push(now.t);
  });
  stop = () => {
    stopPlayer();
    stopWatching();
  };
});

afterEach(() => stop());

test("every frame comes in its turn and the sequence begins again", () => {
  player.toggle();
  clock.turn(650);

  expect(shown).toEqual([0.25, 0.5, 0.75, 1, 0, 0.25]);
});

test("the speed may change in the middle without a jump", () => {
  player.toggle();
  clock.turn(150);
  useSettings.setState({ fps: 20 });
  clock.turn(80);

  expect(shown).toEqual([0.25, 0.5, 0.75]);
});

test("nothing runs while nothing plays", () => {
  expect(clock.isRunning).toBe(false);
  player.toggle();
  expect(clock.isRunning).toBe(true);
  player.toggle();
  expect(clock.isRunning).toBe(false);
});

test("once ends at the last frame, and playing again begins at the first", () => {
  useSettings.setState({ loop: "once" });
  player.toggle();
  clock.turn(2000);
  expect(usePlayback.getState()).toMatchObject({ playing: false, t: 1 });

  player.toggle();
  expect(shown.at(-1)).toBe(1);
  clock.turn(20);
  expect(usePlayback.getState().t).toBe(0);
});

test("playing begins when the last frame is decoded", () => {
  usePlayback.setState({ loaded: 3, toLoad: 5 });
  player.toggle();
  clock.turn(500);
  expect(usePlayback.getState()).toMatchObject({ waiting: true, playing: false, t: 0 });

  usePlayback.setState({ loaded: 5 });
  player.loaded();
  clock.turn(120);
  expect(usePlayback.getState()).toMatchObject({ waiting: false, playing: true, t: 0.25 });
});

test("only the section plays", () => {
  player.markIn(0.25);
  player.markOut(0.5);
  player.toggle();
  clock.turn(350);

  expect(new Set(shown)).toEqual(new Set([0.25, 0.5]));
});

test("a section that would be empty gives up its other end", () => {
  player.markOut(0.25);
  player.markIn(0.5);

  expect(usePlayback.getState()).toMatchObject({ inT: 0.5, outT: null });
});

test("backwards begins where it stands", () => {
  useSelection.getState().selectFrame(0.75);
  shown = [];
  player.play(-1);
  clock.turn(250);

  expect(shown).toEqual([0.5, 0.25]);
});

test("the same direction again doubles the speed, the other one starts at normal speed", () => {
  const speeds: number[] = [];
  for (const direction of [1, 1, 1, 1, -1] as const) {
    player.playFaster(direction);
    speeds.push(usePlayback.getState().speed);
  }

  expect(speeds).toEqual([1, 2, 4, 4, 1]);
});

test("stopping selects the frame on the stage", () => {
  player.toggle();
  clock.turn(220);
  player.pause();

  expect(useSelection.getState()).toMatchObject({ t: 0.5, selected: [0.5] });
});

test("choosing a frame stops the player there", () => {
  player.toggle();
  clock.turn(120);
  useSelection.getState().selectFrame(0.75);

  expect(usePlayback.getState()).toMatchObject({ playing: false, t: 0.75 });
  expect(clock.isRunning).toBe(false);
});

test("a frame whose picture changes does not disturb what plays", () => {
  player.toggle();
  clock.turn(150);
  useFilm.setState({ film: filmOf(aSequence(TIMES)) });
  clock.turn(60);

  expect(shown).toEqual([0.25, 0.5]);
});

test("another sequence stops the player and forgets the section", () => {
  player.markIn(0.5);
  player.toggle();
  useSelection.getState().openSequence("another__center");

  expect(usePlayback.getState()).toMatchObject({ playing: false, inT: null });
  expect(useFilm.getState().film).toBeNull();
});

test("frames stand as long as their distance says", () => {
  useFilm.setState({ film: filmOf(aSequence([0, 0.75, 1])) });
  player.toggle();
  clock.turn(140);
  expect(usePlayback.getState().t).toBe(0);

  clock.turn(20);
  expect(usePlayback.getState().t).toBe(0.75);
});
