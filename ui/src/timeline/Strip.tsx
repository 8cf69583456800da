/** Ruler, filmstrip and quality lane over one scale, with the playhead across all three. */
import { type PointerEvent, type ReactElement, useEffect, useMemo, useRef, useState } from "react";
import { Button } from "../design/controls.tsx";
import { type Film, useFilm } from "../playback/film.ts";
import { player } from "../playback/session.ts";
import { usePlayback } from "../stores/playback.ts";
import { useSelection } from "../stores/selection.ts";
import type { Spacing } from "../stores/settings.ts";
import { FrameCell } from "./FrameCell.tsx";
import { type Cell, cellsOf, placeAt, stripWidth } from "./layout.ts";
import { Playhead } from "./Playhead.tsx";
import { QualityLane } from "./QualityLane.tsx";
import type { Change } from "./quality.ts";
import { Ruler } from "./Ruler.tsx";

const MAX_ZOOM = 16;

export interface StripProps {
  film: Film;
  spacing: Spacing;
  changes: readonly Change[];
  scoresError: Error | null;
  measuring: boolean;
}

export function Strip(props: StripProps): ReactElement {
  const { film, spacing } = props;
  const [zoom, setZoom] = useState(1);
  const [scroller, room] = useWidth();
  const width = stripWidth(film.frames.length, room, zoom);
  const times = useMemo(() => film.frames.map((frame) => frame.t), [film.frames]);
  const cells = useMemo(() => cellsOf(times, spacing, width), [times, spacing, width]);
  const scrubbing = useScrubbing(cells);
  return (
    <div className="strip">
      <div className="strip-names">
        <span className="strip-name" data-lane="ruler">
          <Button
            label="Shorter timeline"
            icon="minus"
            iconOnly
            look="quiet"
            disabledBecause={zoom === 1 ? "all of it is in sight" : null}
            onPress={() => setZoom(Math.max(1, zoom / 2))}
          />
          <Button
            label="Longer timeline"
            icon="plus"
            iconOnly
            look="quiet"
            disabledBecause={zoom >= MAX_ZOOM ? "this is the longest" : null}
            onPress={() => setZoom(Math.min(MAX_ZOOM, zoom * 2))}
          />
        </span>
        <span className="strip-name" data-lane="frames">
          Frames
        </span>
        <span className="strip-name" data-lane="quality">
          <span className="lane-key" data-lane="change">
            change
          </span>
          <span className="lane-key" data-lane="progress">
            progress
          </span>
        </span>
      </div>
      <div className="strip-scroller" ref={scroller}>
        <div className="strip-body" style={{ width }}>
          <Ruler cells={cells} width={width} scrubbing={scrubbing} />
          <div className="strip-frames" {...scrubbing}>
            {film.frames.map((frame, index) => (
              <FrameCell
                key={frame.t}
                frame={frame}
                cell={cells[index]}
                change={changeAt(props.changes, frame.t)}
                name={endName(film, frame.t)}
                aspect={film.size ? film.size.width / film.size.height : 1}
              />
            ))}
          </div>
          <QualityLane cells={cells} width={width} {...props} />
          <Playhead cells={cells} frames={film.frames} />
        </div>
      </div>
    </div>
  );
}

function endName({ ends }: Film, t: number): string | undefined {
  return t === 0 ? ends.start : t === 1 ? ends.end : undefined;
}

function changeAt(changes: readonly Change[], t: number): Change | undefined {
  return changes.find((change) => change.t === t);
}

function useWidth(): [React.RefObject<HTMLDivElement | null>, number] {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!ref.current) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}

export interface Scrubbing {
  onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  onPointerMove: (event: PointerEvent<HTMLElement>) => void;
  onPointerUp: (event: PointerEvent<HTMLElement>) => void;
}

/** Click shows a frame, dragging scrubs, Shift extends the selection, Ctrl adds one frame or takes it out. */
function useScrubbing(cells: readonly Cell[]): Scrubbing {
  const at = (event: PointerEvent<HTMLElement>): number | undefined => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    return cells[placeAt(cells, x)]?.t;
  };
  const isDragging = (event: PointerEvent<HTMLElement>): boolean =>
    event.currentTarget.hasPointerCapture(event.pointerId);
  return {
    onPointerDown: (event) => {
      const t = at(event);
      if (t === undefined || event.button !== 0) return;
      const { selected, extendTo, selectFrames } = useSelection.getState();
      if (event.shiftKey) extendTo(t, allTimes());
      else if (event.ctrlKey || event.metaKey) {
        selectFrames(selected.includes(t) ? selected.filter((each) => each !== t) : [...selected, t]);
      } else {
        event.currentTarget.setPointerCapture(event.pointerId);
        player.goTo(t);
      }
    },
    onPointerMove: (event) => {
      const t = at(event);
      if (isDragging(event) && t !== undefined && t !== usePlayback.getState().t) player.goTo(t);
    },
    onPointerUp: (event) => {
      const { t } = usePlayback.getState();
      if (isDragging(event) && t !== null) useSelection.getState().selectFrame(t);
    },
  };
}

function allTimes(): number[] {
  return useFilm.getState().film?.frames.map((frame) => frame.t) ?? [];
}
