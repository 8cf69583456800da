/** Below the stage: transport, filmstrip and quality of the open sequence. */
import { type ReactElement, useCallback, useMemo } from "react";
import { useScores } from "../api/queries.ts";
import { Empty } from "../design/states.tsx";
import { useCommand } from "../keys/commands.ts";
import { useFilm } from "../playback/film.ts";
import { usePlaybackCommands } from "../playback/usePlaybackCommands.ts";
import { useSelection } from "../stores/selection.ts";
import { useSettings } from "../stores/settings.ts";
import { changesOf, conspicuous } from "./quality.ts";
import { Strip } from "./Strip.tsx";
import { TransportBar } from "./TransportBar.tsx";
import "./timeline.css";

export function Timeline(): ReactElement {
  const film = useFilm((now) => now.film);
  usePlaybackCommands();
  return (
    <section className="panel timeline" aria-label="Timeline">
      {film && film.frames.length > 0 ? <OpenTimeline /> : <NoTimeline />}
    </section>
  );
}

function NoTimeline(): ReactElement {
  return (
    <div className="timeline-empty">
      <Empty icon="sequence" title="The frames of a sequence come here" />
    </div>
  );
}

function OpenTimeline(): ReactElement | null {
  const film = useFilm((now) => now.film);
  const spacing = useSettings((now) => now.spacing);
  const selectFrames = useSelection((now) => now.selectFrames);
  const scores = useScores(film?.pathId ?? null);
  const frames = film?.frames;
  const changes = useMemo(() => changesOf(scores.data ?? []), [scores.data]);
  const toLookAt = useMemo(() => conspicuous(frames ?? [], changes), [frames, changes]);
  const selectThese = useCallback(() => selectFrames(toLookAt), [selectFrames, toLookAt]);
  useCommand("select-flagged", toLookAt.length > 0 ? selectThese : null);
  if (!film) return null;
  return (
    <>
      <TransportBar frames={film.frames} flagged={toLookAt.length} />
      <Strip film={film} spacing={spacing} changes={changes} scoresError={scores.error} measuring={scores.isPending} />
    </>
  );
}
