/** The scale of t, and the section that plays with its two handles. */
import type { KeyboardEvent, PointerEvent, ReactElement } from "react";
import { sectionOf, shortT } from "../playback/film.ts";
import { player } from "../playback/session.ts";
import { usePlayback } from "../stores/playback.ts";
import { type Cell, labelled, placeAt } from "./layout.ts";
import type { Scrubbing } from "./Strip.tsx";

const DIGIT_WIDTH = 7;
const LABEL_PADDING = 12;

interface RulerProps {
  cells: readonly Cell[];
  width: number;
  scrubbing: Scrubbing;
}

export function Ruler({ cells, width, scrubbing }: RulerProps): ReactElement {
  const shown = labelled(cells, ({ t }) => shortT(t).length * DIGIT_WIDTH + LABEL_PADDING);
  return (
    <div className="ruler" {...scrubbing}>
      {cells.map((cell, index) => (
        <span key={cell.t} className="ruler-tick" style={{ left: cell.x }}>
          {shown.has(index) ? shortT(cell.t) : ""}
        </span>
      ))}
      <SectionBar cells={cells} width={width} />
    </div>
  );
}

function SectionBar({ cells, width }: { cells: readonly Cell[]; width: number }): ReactElement {
  const inT = usePlayback((now) => now.inT);
  const outT = usePlayback((now) => now.outT);
  const { first, last } = sectionOf(cells, inT, outT);
  const from = cells[first]?.x ?? 0;
  const end = cells[last];
  const to = end ? end.x + end.width : width;
  const isSet = inT !== null || outT !== null;
  return (
    <>
      <span className="section" data-set={isSet || undefined} style={{ left: from, width: to - from }} />
      <Handle side="in" place={first} x={from} cells={cells} onPlace={(place) => moveIn(cells, place, last)} />
      <Handle side="out" place={last} x={to} cells={cells} onPlace={(place) => moveOut(cells, place, first)} />
    </>
  );
}

function moveIn(cells: readonly Cell[], place: number, last: number): void {
  const cell = cells[Math.max(0, Math.min(place, last))];
  player.markIn(cell && cell !== cells[0] ? cell.t : null);
}

function moveOut(cells: readonly Cell[], place: number, first: number): void {
  const cell = cells[Math.min(cells.length - 1, Math.max(place, first))];
  player.markOut(cell && cell !== cells.at(-1) ? cell.t : null);
}

interface HandleProps {
  side: "in" | "out";
  place: number;
  x: number;
  cells: readonly Cell[];
  onPlace: (place: number) => void;
}

function Handle({ side, place, x, cells, onPlace }: HandleProps): ReactElement {
  const move = (event: PointerEvent<HTMLElement>): void => {
    const ruler = event.currentTarget.parentElement;
    if (!ruler || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    onPlace(placeAt(cells, event.clientX - ruler.getBoundingClientRect().left));
  };
  const press = (event: KeyboardEvent<HTMLElement>): void => {
    const to = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: cells.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onPlace(to);
  };
  return (
    <span
      className="section-handle"
      data-side={side}
      role="slider"
      tabIndex={0}
      aria-label={side === "in" ? "Section begins" : "Section ends"}
      aria-valuemin={1}
      aria-valuemax={cells.length}
      aria-valuenow={place + 1}
      aria-valuetext={`t ${shortT(cells[place]?.t ?? 0)}`}
      title={side === "in" ? "Where the section begins (I)" : "Where the section ends (O)"}
      style={{ left: x }}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={move}
      onPointerUp={(event) => event.stopPropagation()}
      onKeyDown={press}
    />
  );
}
