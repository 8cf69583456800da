/** The one player of this window, and the film that it plays. */
import { useEffect } from "react";
import { useSequence } from "../api/queries.ts";
import { browserClock, type Stop } from "../platform/timing.ts";
import { useSelection } from "../stores/selection.ts";
import { filmOf, useFilm } from "./film.ts";
import { followFilm } from "./loading.ts";
import { pictures } from "./pictures.ts";
import { Player } from "./player.ts";

export const player = new Player(browserClock);

/** Play and decode until stopped. */
export function followPlayback(): Stop {
  const stops = [player.follow(), followFilm(pictures, () => player.loaded())];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Keep the film that of the selected sequence. Returns how fetching it stands. */
export function useFilmOfSelection(): ReturnType<typeof useSequence> {
  const pathId = useSelection((now) => now.pathId);
  const sequence = useSequence(pathId);
  const { data } = sequence;
  useEffect(() => {
    useFilm.setState({ film: data?.row.path_id === pathId ? filmOf(data) : null });
  }, [data, pathId]);
  return sequence;
}
