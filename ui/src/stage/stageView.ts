/** Zoom and pan of the stage, its size, and the heat map that is on it. */
import { create } from "zustand";
import { useFilm } from "../playback/film.ts";
import type { HeatMap } from "./differences.ts";
import {
  centred,
  kept,
  moved,
  nextZoom,
  type Placement,
  type Point,
  placed,
  type Size,
  type Wanted,
  zoomedAt,
} from "./view.ts";

interface StageView {
  wanted: Wanted;
  stage: Size;
  dpr: number;
  heatMap: HeatMap | undefined;
  fit: () => void;
  /** One pixel of the picture is one pixel of the screen. */
  actual: () => void;
  /** To the next zoom of the usual row, about the middle. */
  zoomStep: (direction: 1 | -1) => void;
  zoomAt: (point: Point, factor: number) => void;
  pan: (by: Point) => void;
}

export const useStageView = create<StageView>((set, get) => {
  const change = (edit: (from: Placement, picture: Size, stage: Size) => Placement): void => {
    const picture = useFilm.getState().film?.size;
    const { wanted, stage } = get();
    if (picture) set({ wanted: kept(edit(placed(wanted, picture, stage), picture, stage), picture, stage) });
  };
  return {
    wanted: "fit",
    stage: { width: 1, height: 1 },
    dpr: 1,
    heatMap: undefined,
    fit: () => set({ wanted: "fit" }),
    actual: () => change((_, picture, stage) => centred(picture, stage, 1 / get().dpr)),
    zoomStep: (direction) =>
      change((from, _, stage) => {
        const { dpr } = get();
        const factor = nextZoom(from.zoom * dpr, direction) / (from.zoom * dpr);
        return zoomedAt(from, { x: stage.width / 2, y: stage.height / 2 }, factor);
      }),
    zoomAt: (point, factor) => change((from) => zoomedAt(from, point, factor)),
    pan: (by) => change((from) => moved(from, by)),
  };
});

/** The zoom in percent of the screen's pixels. */
export function useZoomPercent(): number | null {
  const { wanted, stage, dpr } = useStageView();
  const picture = useFilm(({ film }) => film?.size);
  return picture ? Math.round(placed(wanted, picture, stage).zoom * dpr * 100) : null;
}
