/**
 * The stage's canvas at work: gathers what the stores say and draws it, once per picture of the screen at most.
 *
 * It stands outside React, because a playing film changes the stage many times a second and nothing else.
 */

import { nextFrame, type Stop } from "../platform/timing.ts";
import { type Film, useFilm } from "../playback/film.ts";
import { logFrame } from "../playback/frameLog.ts";
import { pictures } from "../playback/pictures.ts";
import { usePlayback } from "../stores/playback.ts";
import { useSettings } from "../stores/settings.ts";
import { useStage } from "../stores/stage.ts";
import { Differences, type HeatMap, openWorker } from "./differences.ts";
import { paint } from "./painter.ts";
import { type Scene, sceneOf } from "./scene.ts";
import { useStageView } from "./stageView.ts";
import { placed } from "./view.ts";

export class Screen {
  private stopWaiting: Stop | null = null;
  private neutral: string | null = null;
  private readonly differences = new Differences(openWorker, () => this.redraw());

  constructor(private readonly canvas: HTMLCanvasElement) {}

  /** Draw whenever something changes, until stopped. */
  follow(): Stop {
    const observer = new ResizeObserver(() => this.resize());
    observer.observe(this.canvas);
    const stops = [
      // The player runs inside the browser's own drawing step, so its frames are drawn at once and not one later.
      usePlayback.subscribe((now, before) => {
        if (now.t !== before.t && now.playing) this.draw();
        else if (now !== before) this.redraw();
      }),
      useFilm.subscribe(() => this.redraw()),
      useSettings.subscribe(() => this.redraw()),
      useStage.subscribe(() => this.redraw()),
      useStageView.subscribe(() => this.redraw()),
      () => observer.disconnect(),
      this.differences.close,
    ];
    this.resize();
    return () => {
      this.stopWaiting?.();
      this.stopWaiting = null;
      for (const stop of stops) stop();
    };
  }

  setNeutral(digest: string | null): void {
    this.neutral = digest;
    this.redraw();
  }

  redraw(): void {
    this.stopWaiting ??= nextFrame(() => this.draw());
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const dpr = window.devicePixelRatio || 1;
    this.canvas.width = Math.max(1, Math.round(width * dpr));
    this.canvas.height = Math.max(1, Math.round(height * dpr));
    useStageView.setState({ stage: { width, height }, dpr });
    this.draw();
  }

  private draw(): void {
    this.stopWaiting?.();
    this.stopWaiting = null;
    const { film } = useFilm.getState();
    const { t, playing } = usePlayback.getState();
    if (!film?.size || t === null) {
      this.clear();
      return;
    }
    const scene = sceneFor(film, t, this.neutral);
    for (const layer of [scene.a, scene.b]) if (layer) this.want(layer.digest);
    const { wanted, stage, dpr } = useStageView.getState();
    const { ground, customGround } = useSettings.getState();
    const { flipped, peeking, wipe } = useStage.getState();
    const heatMap = this.heatMapOf(scene);
    const drawn = paint(
      this.canvas,
      {
        scene,
        placement: placed(wanted, film.size, stage),
        picture: film.size,
        ground,
        customGround,
        showB: scene.b !== null && (peeking || (scene.mode === "flip" && flipped)),
        wipe,
        heatMap: heatMap && "bitmap" in heatMap ? heatMap.bitmap : null,
        bitmap: (digest) => pictures.get(digest),
      },
      dpr,
      document.documentElement.dataset["theme"] === "light",
    );
    if (drawn && playing) logFrame(performance.now(), t);
  }

  /** The newest heat map is told to the legend as well. */
  private heatMapOf(scene: Scene): HeatMap | undefined {
    const wanted = scene.mode === "difference" && scene.a && scene.b;
    const found = wanted ? this.differences.get(scene.a?.digest ?? "", scene.b?.digest ?? "") : undefined;
    if (useStageView.getState().heatMap !== found) useStageView.setState({ heatMap: found });
    return found;
  }

  /** A picture outside the film, such as a take, is decoded when it is first wanted. */
  private want(digest: string): void {
    if (!pictures.get(digest))
      pictures.load(digest).then(
        () => this.redraw(),
        () => undefined,
      );
  }

  private clear(): void {
    this.canvas.getContext("2d")?.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }
}

/** What the stores put on the stage now. */
export function sceneFor(film: Film, t: number, neutralDigest: string | null): Scene {
  const { mode, against, comparison, onion } = useStage.getState();
  const onionRange = onion && mode !== "difference" ? useSettings.getState().onionRange : 0;
  return sceneOf({ film, t, mode, against, comparison, neutralDigest, onionRange });
}
