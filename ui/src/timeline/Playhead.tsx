/** Where the player is: a slider for whoever hears or types, a line for whoever sees. */
import { type KeyboardEvent, type ReactElement, useEffect, useRef } from "react";
import type { Frame } from "../api/types.ts";
import { type Command, run } from "../keys/commands.ts";
import { placeOf, shortT } from "../playback/film.ts";
import { usePlayback } from "../stores/playback.ts";
import { marksOf } from "./FrameCell.tsx";
import type { Cell } from "./layout.ts";

const KEYS: Readonly<Record<string, Command>> = {
  ArrowLeft: "previous-frame",
  ArrowDown: "previous-frame",
  ArrowRight: "next-frame",
  ArrowUp: "next-frame",
  Home: "first-frame",
  End: "last-frame",
};
const SHIFTED: Readonly<Record<string, Command>> = { ArrowLeft: "previous-anchor", ArrowRight: "next-anchor" };

export function Playhead({ cells, frames }: { cells: readonly Cell[]; frames: readonly Frame[] }): ReactElement | null {
  const line = useRef<HTMLDivElement>(null);
  const t = usePlayback((now) => now.t);
  const place = t === null ? -1 : placeOf(frames, t);
  const [cell, frame] = [cells[place], frames[place]];
  const x = cell?.x;
  useEffect(() => {
    if (x !== undefined) line.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [x]);
  if (!cell || !frame) return null;
  const press = (event: KeyboardEvent): void => {
    const command = (event.shiftKey ? SHIFTED : KEYS)[event.key];
    if (command === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    run(command);
  };
  const marks = marksOf(frame, undefined).map((mark) => mark.words);
  return (
    <div
      ref={line}
      className="playhead"
      role="slider"
      tabIndex={0}
      aria-label="Frame"
      aria-valuemin={1}
      aria-valuemax={frames.length}
      aria-valuenow={place + 1}
      aria-valuetext={[`${place + 1} of ${frames.length}, t ${shortT(frame.t)}`, ...marks].join(", ")}
      style={{ left: cell.x, width: cell.width }}
      onKeyDown={press}
    />
  );
}
