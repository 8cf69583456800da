/**
 * Plays the film by the clock.
 *
 * The player counts ticks, not frames: each picture of the screen adds the time that has passed times frames a second, and
 * the timing rule says which frame that is. So speed may change in the middle, and a slow machine drops frames but keeps
 * the pace.
 */
import type { Clock, Stop } from "../platform/timing.ts";
import { SPEEDS, usePlayback } from "../stores/playback.ts";
import { useSelection } from "../stores/selection.ts";
import { LOOP_MODES, useSettings } from "../stores/settings.ts";
import { placeOf, sectionOf, useFilm } from "./film.ts";
import { nearest } from "./nearest.ts";
import { type Section, type Step, shownAfter, steps, ticksBefore } from "./timing.ts";

export class Player {
  private ticks = 0;
  private round: readonly Step[] = [];
  private lastMs = 0;
  private times = "";
  private stopClock: Stop | null = null;

  constructor(private readonly clock: Clock) {}

  /** Follow the stores until stopped. */
  follow(): Stop {
    const stops = [
      useFilm.subscribe(() => this.refilm()),
      useSettings.subscribe((now, before) => {
        if (now.loop !== before.loop || now.spacing !== before.spacing) this.seat();
      }),
      useSelection.subscribe((now, before) => {
        if (now.pathId !== before.pathId) this.leave();
        if (now.t !== null && now.t !== usePlayback.getState().t) this.goTo(now.t);
      }),
    ];
    this.refilm();
    return () => {
      this.pause();
      for (const stop of stops) stop();
    };
  }

  toggle(): void {
    const { playing, waiting } = usePlayback.getState();
    if (playing || waiting) this.pause();
    else this.play(1);
  }

  /** Play, or turn round; begins when all frames are decoded. */
  play(direction: 1 | -1, speed = usePlayback.getState().speed): void {
    if (!useFilm.getState().film?.pictures.length) return;
    const { loaded, toLoad } = usePlayback.getState();
    const ready = loaded >= toLoad;
    usePlayback.setState({ direction, speed, waiting: !ready, playing: ready });
    if (ready) this.start();
  }

  /** Play in a direction; already playing there, double the speed up to the fastest. */
  playFaster(direction: 1 | -1): void {
    const now = usePlayback.getState();
    const same = (now.playing || now.waiting) && now.direction === direction;
    const next = SPEEDS.find((speed) => speed > now.speed) ?? now.speed;
    this.play(direction, same ? next : 1);
  }

  /** All frames are decoded, or one more of them is. */
  loaded(): void {
    const { waiting, loaded, toLoad, direction } = usePlayback.getState();
    if (waiting && loaded >= toLoad) this.play(direction);
  }

  /** Stop where it is; the selection follows. */
  pause(): void {
    this.stopClock?.();
    this.stopClock = null;
    const { t, playing, waiting } = usePlayback.getState();
    if (playing || waiting) usePlayback.setState({ playing: false, waiting: false });
    if (playing && t !== null) useSelection.getState().moveTo(t);
  }

  /** Show the frame nearest to `t`, and stop playing. */
  goTo(t: number): void {
    usePlayback.setState({ playing: false, waiting: false });
    this.stopClock?.();
    this.stopClock = null;
    const frame = nearest(useFilm.getState().film?.frames ?? [], t);
    usePlayback.setState({ t: frame?.t ?? t });
  }

  /** Where the section that plays begins, or ends; beyond the other end, that end goes back to the sequence's own. */
  markIn(t: number | null): void {
    const { outT } = usePlayback.getState();
    usePlayback.setState({ inT: t, outT: t !== null && outT !== null && outT <= t ? null : outT });
    this.seat();
  }

  markOut(t: number | null): void {
    const { inT } = usePlayback.getState();
    usePlayback.setState({ outT: t, inT: t !== null && inT !== null && inT >= t ? null : inT });
    this.seat();
  }

  nextLoopMode(): void {
    const { loop, set } = useSettings.getState();
    set({ loop: LOOP_MODES[(LOOP_MODES.indexOf(loop) + 1) % LOOP_MODES.length] ?? "loop" });
  }

  private start(): void {
    const { t, direction } = usePlayback.getState();
    const { first, last } = this.section();
    const place = placeOf(this.pictures(), t ?? 0);
    const atEnd = useSettings.getState().loop === "once" && place === (direction === 1 ? last : first);
    this.seat(atEnd || place < first || place > last ? (direction === 1 ? first : last) : place);
    this.lastMs = this.clock.now();
    this.stopClock ??= this.clock.eachFrame((now) => this.tick(now));
  }

  private tick(nowMs: number): void {
    const { fps, loop } = useSettings.getState();
    const elapsed = Math.max(0, nowMs - this.lastMs);
    this.lastMs = nowMs;
    this.ticks += (elapsed * fps * usePlayback.getState().speed) / 1000;
    const { index, ended } = shownAfter(this.ticks, this.round, loop);
    const t = this.pictures()[index]?.t;
    if (t !== undefined && t !== usePlayback.getState().t) usePlayback.setState({ t });
    if (ended) this.pause();
  }

  /** Make the round anew, so that it goes on from a frame: the given place, or the one on the stage. */
  private seat(place = placeOf(this.pictures(), usePlayback.getState().t ?? 0)): void {
    const pictures = this.pictures();
    if (pictures.length === 0) return;
    const { loop, spacing } = useSettings.getState();
    const backwards = usePlayback.getState().direction === -1;
    const section = this.section();
    this.round = steps(
      pictures.map((picture) => picture.t),
      loop,
      { spacing, backwards, section },
    );
    this.ticks = ticksBefore(place, this.round);
  }

  /** A frame that changes its picture does not disturb what plays; one that comes or goes does. */
  private refilm(): void {
    const frames = useFilm.getState().film?.frames ?? [];
    const { t, playing } = usePlayback.getState();
    const wanted = nearest(frames, t ?? useSelection.getState().t ?? 0)?.t ?? null;
    if (wanted !== t) usePlayback.setState({ t: wanted });
    if (playing && this.pictures().length === 0) this.pause();
    const times = this.pictures()
      .map((picture) => picture.t)
      .join();
    if (times !== this.times) this.seat();
    this.times = times;
  }

  /** Another sequence: nothing of the old one's section is left. */
  private leave(): void {
    this.stopClock?.();
    this.stopClock = null;
    usePlayback.setState({ playing: false, waiting: false, inT: null, outT: null, t: null });
    useFilm.setState({ film: null });
  }

  private pictures(): readonly { t: number }[] {
    return useFilm.getState().film?.pictures ?? [];
  }

  private section(): Section {
    const { inT, outT } = usePlayback.getState();
    return sectionOf(this.pictures(), inT, outT);
  }
}
