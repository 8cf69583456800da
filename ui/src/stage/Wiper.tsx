/** The line between A and B that is dragged, or moved by the arrow keys. */
import { type PointerEvent, type ReactElement, useRef } from "react";
import { useFilm } from "../playback/film.ts";
import { useStage } from "../stores/stage.ts";
import { useStageView } from "./stageView.ts";
import { placed } from "./view.ts";

const STEP = 0.02;

export function Wiper(): ReactElement | null {
  const line = useRef<HTMLDivElement>(null);
  const { mode, wipe, setWipe } = useStage();
  const picture = useFilm(({ film }) => film?.size);
  const { wanted, stage } = useStageView();
  if (mode !== "wipe" || !picture) return null;
  const { x, zoom } = placed(wanted, picture, stage);
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    const box = line.current?.parentElement?.getBoundingClientRect();
    if (box && event.buttons === 1) setWipe((event.clientX - box.left - x) / (picture.width * zoom));
  };
  return (
    <div
      ref={line}
      className="wiper"
      role="slider"
      tabIndex={0}
      aria-label="Wipe: share of A"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(wipe * 100)}
      aria-valuetext={`${Math.round(wipe * 100)} percent`}
      style={{ left: x + picture.width * zoom * wipe }}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={(event) => {
        const by = { ArrowLeft: -STEP, ArrowRight: STEP, Home: -1, End: 1 }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        setWipe(wipe + by);
      }}
    >
      <span className="wiper-grip" />
    </div>
  );
}
