/** One frame of the filmstrip. What its marks mean is said by the playhead's text, which screen readers hear. */
import { memo, type ReactElement } from "react";
import type { Frame } from "../api/types.ts";
import { Icon, type IconName } from "../design/icons.tsx";
import { shortT } from "../playback/film.ts";
import { usePlayback } from "../stores/playback.ts";
import { useSelection } from "../stores/selection.ts";
import { FramePicture, PICTURE_HEIGHT } from "./FramePicture.tsx";
import type { Cell } from "./layout.ts";
import type { Change } from "./quality.ts";

export interface Mark {
  icon: IconName;
  tone: "good" | "warn" | "bad" | "busy" | "stale" | "plain";
  words: string;
}

const STATE_MARKS: Partial<Record<Frame["state"], Mark>> = {
  key: { icon: "key", tone: "plain", words: "your drawing" },
  stale: { icon: "stale", tone: "stale", words: "stale: a picture it was made from has changed" },
  missing: { icon: "missing", tone: "plain", words: "not there yet" },
  broken: { icon: "broken", tone: "bad", words: "the file is broken" },
  running: { icon: "running", tone: "busy", words: "being made" },
};

/** What there is to say about a frame, the most important first. */
export function marksOf(frame: Frame, change: Change | undefined): Mark[] {
  const state = STATE_MARKS[frame.state];
  const faults = frame.state === "key" ? [] : (change?.faults ?? []);
  return [
    ...(state ? [state] : []),
    ...(frame.flagged ? [{ icon: "flag", tone: "warn", words: "flagged" } as const] : []),
    ...(faults.length > 0 ? [{ icon: "warning", tone: "warn", words: faults.join("; ") } as const] : []),
    ...(frame.trusted ? [{ icon: "anchor", tone: "good", words: "trusted anchor" } as const] : []),
  ];
}

/** So many pixels beside the picture are room for words. */
const ROOM_FOR_WORDS = 48;
const ROOM_FOR_PICTURE = 10;

interface FrameCellProps {
  frame: Frame;
  cell: Cell | undefined;
  change: Change | undefined;
  /** The expression at an end. */
  name: string | undefined;
  /** Of the frame's picture, width over height. */
  aspect: number;
}

export const FrameCell = memo(function FrameCell({
  frame,
  cell,
  change,
  name,
  aspect,
}: FrameCellProps): ReactElement | null {
  const isSelected = useSelection((now) => now.selected.includes(frame.t));
  const isCurrent = usePlayback((now) => now.t === frame.t);
  const isOutside = usePlayback((now) => frame.t < (now.inT ?? 0) || frame.t > (now.outT ?? 1));
  if (!cell) return null;
  const marks = marksOf(frame, change);
  const hasWords = cell.width >= PICTURE_HEIGHT * aspect + ROOM_FOR_WORDS;
  return (
    <div
      className="cell"
      data-state={frame.state}
      data-selected={isSelected || undefined}
      data-current={isCurrent || undefined}
      data-outside={isOutside || undefined}
      data-t={frame.t}
      title={[`t ${shortT(frame.t)}`, ...marks.map((mark) => mark.words)].join(" · ")}
      style={{ left: cell.x, width: cell.width }}
    >
      {frame.digest && cell.width >= ROOM_FOR_PICTURE && (
        <FramePicture digest={frame.digest} aspect={aspect} room={cell.width - 2} />
      )}
      <span className="cell-words">
        {hasWords && <span className="cell-t">{shortT(frame.t)}</span>}
        {name && hasWords && <span className="cell-name">{name}</span>}
        <span className="cell-marks">
          {marks.map((mark) => (
            <span key={mark.icon} data-tone={mark.tone}>
              <Icon name={mark.icon} turning={mark.icon === "running"} />
            </span>
          ))}
        </span>
      </span>
    </div>
  );
});
