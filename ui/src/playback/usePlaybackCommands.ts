/** The commands of the player and the strip: what the transport's buttons and the keys do. */
import { useEffect } from "react";
import type { Frame } from "../api/types.ts";
import { type Command, type Handler, register } from "../keys/commands.ts";
import { usePlayback } from "../stores/playback.ts";
import { useSelection } from "../stores/selection.ts";
import { placeOf, sectionOf, useFilm } from "./film.ts";
import { nearest } from "./nearest.ts";
import { player } from "./session.ts";

/** Whether a frame is one that others are made from and that stays. */
export function isAnchor(frame: Pick<Frame, "state" | "trusted">): boolean {
  return frame.state === "key" || frame.trusted;
}

/** The frame `by` places from `t`, not beyond either end. */
export function neighbour<F extends { t: number }>(frames: readonly F[], t: number, by: number): F | undefined {
  const place = placeOf(frames, t) + by;
  return frames[Math.min(frames.length - 1, Math.max(0, place))];
}

const HANDLERS: Partial<Record<Command, Handler>> = {
  play: () => player.toggle(),
  "play-back": () => (usePlayback.getState().playing ? player.pause() : player.play(-1)),
  stop: () => player.pause(),
  "play-faster": () => player.playFaster(1),
  "play-back-faster": () => player.playFaster(-1),
  "previous-frame": () => step(-1),
  "next-frame": () => step(1),
  "previous-in-section": () => stepInSection(-1),
  "next-in-section": () => stepInSection(1),
  "previous-anchor": () => stepToAnchor(-1),
  "next-anchor": () => stepToAnchor(1),
  "first-frame": () => select(frames()[0]),
  "last-frame": () => select(frames().at(-1)),
  "extend-back": () => extend(-1),
  "extend-forward": () => extend(1),
  "mark-in": () => player.markIn(now()),
  "mark-out": () => player.markOut(now()),
  "clear-section": () => {
    player.markIn(null);
    player.markOut(null);
  },
  "loop-mode": () => player.nextLoopMode(),
  "select-all": () => selection().selectFrames(frames().map((frame) => frame.t)),
};

/** Register them while a sequence is open. */
export function usePlaybackCommands(): void {
  const open = useFilm(({ film }) => (film?.frames.length ?? 0) > 0);
  useEffect(() => {
    if (!open) return undefined;
    const stops = Object.entries(HANDLERS).map(([command, handler]) => register(command as Command, handler));
    return () => {
      for (const stop of stops) stop();
    };
  }, [open]);
}

const frames = (): readonly Frame[] => useFilm.getState().film?.frames ?? [];
const now = (): number => usePlayback.getState().t ?? 0;
const selection = (): ReturnType<typeof useSelection.getState> => useSelection.getState();

function select(frame: Frame | undefined): void {
  player.pause();
  if (frame) selection().selectFrame(frame.t);
}

function step(by: 1 | -1): void {
  player.pause();
  select(neighbour(frames(), now(), by));
}

/** Within the section, and round its ends. */
function stepInSection(by: 1 | -1): void {
  player.pause();
  const { inT, outT } = usePlayback.getState();
  const { first, last } = sectionOf(frames(), inT, outT);
  const place = placeOf(frames(), now()) + by;
  select(frames()[place > last ? first : place < first ? last : place]);
}

function stepToAnchor(by: 1 | -1): void {
  player.pause();
  const beyond = frames().filter((frame) => isAnchor(frame) && (frame.t - now()) * by > 0);
  select(nearest(beyond, now()));
}

function extend(by: 1 | -1): void {
  player.pause();
  const next = neighbour(frames(), now(), by);
  if (next)
    selection().extendTo(
      next.t,
      frames().map((frame) => frame.t),
    );
}
