/** The right panel: the frame on the stage, its takes and scores, and how to make it anew. */
import { type ReactElement, useMemo } from "react";
import { useScores, useSequence } from "../api/queries.ts";
import type { Frame, Sequence } from "../api/types.ts";
import { Button } from "../design/controls.tsx";
import { Empty, Loading, Trouble } from "../design/states.tsx";
import { useCommand } from "../keys/commands.ts";
import { keyHint } from "../keys/keymap.ts";
import { useSelection } from "../stores/selection.ts";
import { FrameBadge, FrameFacts, SequenceFacts } from "./FrameFacts.tsx";
import "./inspector.css";
import { selectionTitle } from "./frameWords.ts";
import { Quality } from "./Quality.tsx";
import { Regenerate } from "./Regenerate.tsx";
import { Takes } from "./Takes.tsx";
import { nextMark, useToggleMark } from "./useMarks.ts";

export function Inspector(): ReactElement {
  const pathId = useSelection((selection) => selection.pathId);
  return (
    <section className="panel inspector" aria-label="Inspector">
      {pathId === null ? (
        <Empty icon="sequence" title="No sequence open">
          Choose one in the library to see its frames, their takes and their scores.
        </Empty>
      ) : (
        <OpenSequence pathId={pathId} />
      )}
    </section>
  );
}

function OpenSequence({ pathId }: { pathId: string }): ReactElement {
  const { data, error, isPending, refetch } = useSequence(pathId);
  if (isPending) return <Loading what="the sequence" />;
  if (error) {
    return <Trouble title={`${pathId} can't be shown`} error={error} retry={() => void refetch()} />;
  }
  return <Inspected sequence={data} />;
}

function Inspected({ sequence }: { sequence: Sequence }): ReactElement {
  const t = useSelection((selection) => selection.t);
  const selected = useSelection((selection) => selection.selected);
  const frame = sequence.frames.find((each) => each.t === t);
  const chosen = useMemo(() => {
    const times = new Set(selected);
    return sequence.frames.filter((each) => times.has(each.t));
  }, [sequence.frames, selected]);
  const pathId = sequence.row.path_id;
  if (frame === undefined) {
    return (
      <>
        <header className="panel-head">
          <h2>{pathId}</h2>
        </header>
        <div className="panel-body inspector-body">
          <SequenceFacts sequence={sequence} />
        </div>
      </>
    );
  }
  return (
    <>
      <header className="panel-head inspector-head">
        <h2>{selectionTitle(chosen.map((each) => each.t))}</h2>
        {chosen.length < 2 && <FrameBadge frame={frame} />}
        <span className="spacer" />
        <Marks pathId={pathId} frames={chosen} />
      </header>
      <div className="panel-body inspector-body">
        <FrameTrouble frame={frame} />
        <Takes key={`${pathId} ${frame.t}`} pathId={pathId} frame={frame} />
        <QualityOf pathId={pathId} frame={frame} />
        <FrameFacts frame={frame} sequence={sequence} />
      </div>
      <Regenerate key={`regenerate ${pathId}`} sequence={sequence} frame={frame} selected={selected} />
    </>
  );
}

function Marks({ pathId, frames }: { pathId: string; frames: readonly Frame[] }): ReactElement {
  const inner = useMemo(() => frames.filter((frame) => frame.state !== "key"), [frames]);
  const flag = useToggleMark(pathId, inner, "flagged");
  const trust = useToggleMark(pathId, inner, "trusted");
  useCommand("toggle-flagged", inner.length > 0 ? flag : null);
  useCommand("toggle-trusted", inner.length > 0 ? trust : null);
  return (
    <>
      <Button
        label="Flag for another look"
        icon="flag"
        iconOnly
        look="quiet"
        pressed={inner.length > 0 && !nextMark(inner, "flagged")}
        keyHint={keyHint("toggle-flagged")}
        disabledBecause={inner.length === 0 ? "a drawing is replaced, not flagged" : null}
        onPress={flag}
      />
      <Button
        label="Trust as an anchor: stays when a range is made anew"
        icon="anchor"
        iconOnly
        look="quiet"
        pressed={inner.length > 0 && !nextMark(inner, "trusted")}
        keyHint={keyHint("toggle-trusted")}
        disabledBecause={inner.length === 0 ? "endpoints are always anchors" : null}
        onPress={trust}
      />
    </>
  );
}

function FrameTrouble({ frame }: { frame: Frame }): ReactElement | null {
  if (frame.fault === null) return null;
  return (
    <p className="fault inspector-trouble" role="alert">
      {frame.fault}
    </p>
  );
}

function QualityOf({ pathId, frame }: { pathId: string; frame: Frame }): ReactElement {
  const { data, error, isFetching } = useScores(pathId);
  const scored = data?.find((each) => each.t === frame.t && each.digest === frame.digest);
  return <Quality t={frame.t} scores={scored?.scores} isMeasuring={isFetching} error={error} />;
}
