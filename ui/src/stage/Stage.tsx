/** The middle of the window: the picture, how it is looked at, and what it lies on. */
import { type ReactElement, useEffect, useRef, useState } from "react";
import { useEndpoints, useProject } from "../api/queries.ts";
import type { Sequence } from "../api/types.ts";
import { Button } from "../design/controls.tsx";
import { Empty, Loading, Trouble } from "../design/states.tsx";
import { useFilmOfSelection } from "../playback/session.ts";
import { useSelection } from "../stores/selection.ts";
import { useStage } from "../stores/stage.ts";
import { GroundBar } from "./GroundBar.tsx";
import { ModeBar } from "./ModeBar.tsx";
import { StageLabels } from "./StageLabels.tsx";
import { neutralDigest } from "./scene.ts";
import { Screen } from "./screen.ts";
import { useDragging } from "./useDragging.ts";
import { useStageCommands } from "./useStageCommands.ts";
import { Wiper } from "./Wiper.tsx";
import "./stage.css";

export function Stage(): ReactElement {
  const pathId = useSelection((now) => now.pathId);
  const sequence = useFilmOfSelection();
  useStageCommands();
  if (pathId === null) {
    return (
      <section className="panel stage" aria-label="Stage">
        <Empty icon="sequence" title="No sequence is open">
          Choose one in the library on the left.
        </Empty>
      </section>
    );
  }
  if (sequence.error && !sequence.data) {
    const retry = (): void => void sequence.refetch();
    return (
      <section className="panel stage" aria-label="Stage">
        <Trouble title={`${pathId} can't be shown`} error={sequence.error} retry={retry} />
      </section>
    );
  }
  return (
    <section className="panel stage" aria-label="Stage">
      <ModeBar />
      {sequence.data ? <Viewer sequence={sequence.data} /> : <Loading what={pathId} />}
      <GroundBar />
    </section>
  );
}

function Viewer({ sequence }: { sequence: Sequence }): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [screen, setScreen] = useState<Screen | null>(null);
  const neutral = useNeutral(sequence.row.pose);
  const dragging = useDragging(canvas);
  useEffect(() => {
    if (!canvas.current) return undefined;
    const started = new Screen(canvas.current);
    setScreen(started);
    return started.follow();
  }, []);
  useEffect(() => screen?.setNeutral(neutral), [screen, neutral]);
  return (
    <div className="viewer" data-stage>
      <canvas
        ref={canvas}
        className="viewer-canvas"
        role="img"
        aria-label={`${sequence.row.path_id} on the stage`}
        {...dragging}
      />
      <Wiper />
      <StageLabels pathId={sequence.row.path_id} neutral={neutral} />
      <NoFrames sequence={sequence} />
      <EndComparison />
    </div>
  );
}

function useNeutral(pose: string): string | null {
  const { data: project } = useProject();
  const { data: endpoints } = useEndpoints();
  return neutralDigest(endpoints, project?.neutral ?? null, pose);
}

function NoFrames({ sequence }: { sequence: Sequence }): ReactElement | null {
  if (sequence.frames.some((frame) => frame.digest !== null)) return null;
  return (
    <div className="viewer-notice">
      <Empty icon="missing" title="No frame of this sequence is there yet">
        {sequence.row.reason ?? "Make it from the inspector on the right."}
      </Empty>
    </div>
  );
}

function EndComparison(): ReactElement | null {
  const comparison = useStage((now) => now.comparison);
  const end = useStage((now) => now.endComparison);
  if (!comparison) return null;
  return (
    <div className="viewer-comparison">
      <Button label="End comparison" icon="clear" keyHint="Esc" onPress={end} />
    </div>
  );
}
