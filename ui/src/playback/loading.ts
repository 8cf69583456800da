/** Decodes the frames of the film before they are played: first the one on the stage, then outwards from it. */
import type { Stop } from "../platform/timing.ts";
import { usePlayback } from "../stores/playback.ts";
import type { Bitmap, BitmapCache } from "./bitmaps.ts";
import { type Film, type Picture, placeOf, useFilm } from "./film.ts";

/** The order in which pictures are decoded when the stage shows the one nearest to `t`. */
export function outwards(pictures: readonly Picture[], t: number): Picture[] {
  const middle = placeOf(pictures, t);
  return [...pictures].sort((a, b) => Math.abs(pictures.indexOf(a) - middle) - Math.abs(pictures.indexOf(b) - middle));
}

/** Keep the film's pictures decoded and `usePlayback` telling how far that is, until stopped. */
export function followFilm<B extends Bitmap>(cache: BitmapCache<B>, onLoaded: () => void): Stop {
  let round = 0;
  const load = (film: Film | null): void => {
    round += 1;
    const mine = round;
    const found = film?.pictures ?? [];
    const settled = new Set<string>();
    const wanted = new Set(found.map((picture) => picture.digest));
    const tell = (): void => usePlayback.setState({ loaded: settled.size, toLoad: wanted.size });
    cache.pin(wanted);
    tell();
    const scale = film?.size ? cache.scaleFor(wanted.size, film.size) : 1;
    for (const { digest } of outwards(found, usePlayback.getState().t ?? 0)) {
      const settle = (): void => {
        if (mine !== round) return;
        settled.add(digest);
        tell();
        onLoaded();
      };
      // A picture that can't be had is left out; the stage says so when its turn comes.
      cache.load(digest, scale).then(settle, settle);
    }
  };
  load(useFilm.getState().film);
  return useFilm.subscribe(({ film }, before) => {
    if (digestsOf(film) !== digestsOf(before.film)) load(film);
  });
}

function digestsOf(film: Film | null): string {
  return film?.pictures.map((picture) => picture.digest).join() ?? "";
}
