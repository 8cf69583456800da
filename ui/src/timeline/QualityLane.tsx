/** How much each frame changes, and how far it has come: even bars and a straight line belong to a smooth sequence. */
import type { ReactElement } from "react";
import type { Cell } from "./layout.ts";
import type { Change } from "./quality.ts";
import type { StripProps } from "./Strip.tsx";

const HEIGHT = 40;
const ROOM = 6;

type Props = Pick<StripProps, "changes" | "scoresError" | "measuring"> & { cells: readonly Cell[]; width: number };

export function QualityLane({ cells, width, changes, scoresError, measuring }: Props): ReactElement {
  if (scoresError) return <p className="quality-words">Not measured: {scoresError.message}</p>;
  if (changes.length === 0) {
    return <p className="quality-words">{measuring ? "Measuring the frames …" : "Nothing to measure yet"}</p>;
  }
  const byTime = new Map(cells.map((cell) => [cell.t, cell]));
  const shown = changes.flatMap((change) => {
    const cell = byTime.get(change.t);
    return cell ? [{ change, cell }] : [];
  });
  const most = Math.max(...changes.map((change) => change.rate), Number.EPSILON);
  const y = (share: number): number => HEIGHT - ROOM / 2 - share * (HEIGHT - ROOM);
  return (
    <svg className="quality" width={width} height={HEIGHT} role="img" aria-label={summary(changes)}>
      {shown.map(({ change, cell }) => (
        <rect
          key={change.t}
          className="quality-bar"
          data-conspicuous={change.faults.length > 0 || undefined}
          x={cell.x + 1}
          width={Math.max(1, cell.width - 2)}
          y={y(change.rate / most)}
          height={HEIGHT - y(change.rate / most)}
        >
          <title>{wordsOf(change)}</title>
        </rect>
      ))}
      <polyline className="quality-ideal" points={shown.map(({ cell }) => `${cell.x},${y(cell.t)}`).join(" ")} />
      <polyline
        className="quality-progress"
        points={shown.map(({ change, cell }) => `${cell.x},${y(change.progress)}`).join(" ")}
      />
    </svg>
  );
}

function wordsOf({ t, rate, progress, faults }: Change): string {
  const measured = `t ${t}: changes by ${(rate * 100).toFixed(1)} % per 1 of t, progress ${progress.toFixed(2)}`;
  return [measured, ...faults].join(" · ");
}

function summary(changes: readonly Change[]): string {
  const conspicuous = changes.filter((change) => change.faults.length > 0);
  if (conspicuous.length === 0) return `Change of ${changes.length} frames: nothing conspicuous`;
  return `Change of ${changes.length} frames; conspicuous at t ${conspicuous.map((change) => change.t).join(", ")}`;
}
