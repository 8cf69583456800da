/** What is on the stage, in words: for everybody in its corners, and for screen readers as the picture's text. */
import type { ReactElement } from "react";
import { Icon } from "../design/icons.tsx";
import { shortT, useFilm } from "../playback/film.ts";
import { nearest } from "../playback/nearest.ts";
import { usePlayback } from "../stores/playback.ts";
import { useSettings } from "../stores/settings.ts";
import { useStage } from "../stores/stage.ts";
import { HEAT_GRADIENT } from "./difference.ts";
import { sceneOf } from "./scene.ts";
import { useStageView } from "./stageView.ts";

export function StageLabels({ pathId, neutral }: { pathId: string; neutral: string | null }): ReactElement | null {
  const film = useFilm((now) => now.film);
  const t = usePlayback((now) => now.t);
  const { mode, against, comparison, flipped, peeking, onion } = useStage();
  const onionRange = useSettings((now) => now.onionRange);
  if (!film || t === null) return null;
  const scene = sceneOf({ film, t, mode, against, comparison, neutralDigest: neutral, onionRange: 0 });
  const showsB = scene.b !== null && (peeking || (mode === "flip" && flipped));
  const frame = nearest(film.frames, t);
  const missing = !comparison && frame?.digest === null;
  const words = showsB ? scene.b?.label : (scene.a?.label ?? `t ${shortT(t)}`);
  return (
    <>
      <p className="visually-hidden">
        On the stage: {pathId}, {words}.
      </p>
      <div className="viewer-labels" aria-hidden="true">
        {mode === "wipe" || mode === "difference" ? (
          <>
            <Tag letter="A" text={scene.a?.label} />
            <Tag letter="B" text={scene.b?.label} />
          </>
        ) : (
          <Tag letter={mode === "flip" || peeking ? (showsB ? "B" : "A") : ""} text={words} />
        )}
        {onion && mode !== "difference" && <OnionTag range={onionRange} />}
      </div>
      {missing && (
        <p className="viewer-hint">
          <Icon name="missing" /> The frame at t {shortT(t)} is not there yet{frame.fault ? `: ${frame.fault}` : "."}
        </p>
      )}
      {mode !== "single" && scene.b === null && (
        <p className="viewer-hint">
          <Icon name="info" /> There is nothing to compare with:{" "}
          {comparison ? "the take is gone" : noReference(against)}.
        </p>
      )}
      {mode === "difference" && scene.b && <Legend />}
    </>
  );
}

function noReference(against: string): string {
  return against === "neutral" ? "no neutral picture at this pose" : `no ${against} frame with a picture`;
}

function Tag({ letter, text }: { letter: string; text: string | undefined }): ReactElement | null {
  if (text === undefined) return null;
  return (
    <span className="viewer-tag">
      {letter && <b>{letter}</b>} {text}
    </span>
  );
}

function OnionTag({ range }: { range: number }): ReactElement {
  return (
    <span className="viewer-tag">
      <i className="onion-dot" data-side="before" /> {range} before <i className="onion-dot" data-side="behind" />{" "}
      {range} behind
    </span>
  );
}

function Legend(): ReactElement {
  const found = useStageView((now) => now.heatMap);
  if (!found) return <p className="viewer-hint">Comparing …</p>;
  if ("problem" in found) {
    return (
      <p className="viewer-hint">
        <Icon name="warning" /> {found.problem}
      </p>
    );
  }
  const percent = found.changed * 100;
  return (
    <div className="legend">
      <span>
        {found.max === 0
          ? "No pixel differs"
          : `${percent < 0.1 ? "< 0.1" : percent.toFixed(1)} % of the pixels differ`}
      </span>
      {found.max > 0 && (
        <span className="legend-scale">
          1 <span className="legend-bar" style={{ background: HEAT_GRADIENT }} /> {found.max} of 255
        </span>
      )}
    </div>
  );
}
