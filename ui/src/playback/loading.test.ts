import { beforeEach, expect, test } from "vitest";
import { usePlayback } from "../stores/playback.ts";
import { aFrame, aSequence } from "../testing/samples.ts";
import { type Bitmap, BitmapCache } from "./bitmaps.ts";
import { filmOf, useFilm } from "./film.ts";
import { followFilm } from "./loading.ts";

beforeEach(() => {
  useFilm.setState({ film: null });
  usePlayback.setState(usePlayback.getInitialState());
});

const aBitmap = (): Bitmap => ({ width: 1, height: 1, close: () => undefined });
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("all frames are decoded, and one that can't be is not waited for", async () => {
  const broken = aFrame(0.5).digest;
  const cache = new BitmapCache<Bitmap>(1e9, (digest) =>
    digest === broken ? Promise.reject(new Error("gone")) : Promise.resolve(aBitmap()),
  );
  const stop = followFilm(cache, () => undefined);
  useFilm.setState({ film: filmOf(aSequence([0, 0.5, 1])) });
  expect(usePlayback.getState()).toMatchObject({ loaded: 0, toLoad: 3 });

  await settled();
  expect(usePlayback.getState()).toMatchObject({ loaded: 3, toLoad: 3 });
  stop();
});

test("a frame that is made anew is decoded, the others are not again", async () => {
  const asked: string[] = [];
  const cache = new BitmapCache<Bitmap>(1e9, (digest) => {
    asked.push(digest);
    return Promise.resolve(aBitmap());
  });
  const stop = followFilm(cache, () => undefined);
  useFilm.setState({ film: filmOf(aSequence([0, 1])) });
  await settled();
  const anew = aFrame(0, { digest: "f".repeat(64) });
  useFilm.setState({ film: filmOf(aSequence([], { frames: [anew, aFrame(1)] })) });
  await settled();

  expect(asked).toEqual([aFrame(0).digest, aFrame(1).digest, anew.digest]);
  stop();
});
