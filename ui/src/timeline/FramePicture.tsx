/**
 * The small picture in a cell, drawn from what the player has decoded anyway.
 *
 * A thumbnail from the server would be one more request for every frame, and those would keep the frames themselves
 * waiting: a browser has few connections to one server.
 */
import { type ReactElement, useEffect, useRef } from "react";
import { pictures } from "../playback/pictures.ts";
import { usePlayback } from "../stores/playback.ts";

export const PICTURE_HEIGHT = 70;

interface FramePictureProps {
  digest: string;
  /** Width over height. */
  aspect: number;
  room: number;
}

export function FramePicture({ digest, aspect, room }: FramePictureProps): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = Math.max(1, Math.min(Math.round(PICTURE_HEIGHT * aspect), Math.floor(room)));
  useEffect(() => {
    const draw = (): boolean => {
      const bitmap = pictures.get(digest);
      if (bitmap && canvas.current) drawCropped(canvas.current, bitmap, width);
      return bitmap !== undefined;
    };
    if (draw()) return undefined;
    const stop = usePlayback.subscribe((now, before) => {
      if (now.loaded !== before.loaded && draw()) stop();
    });
    return stop;
  }, [digest, width]);
  return <canvas ref={canvas} className="cell-picture checkered" style={{ width, height: PICTURE_HEIGHT }} />;
}

/** In its full height; of a picture that is too wide, the middle. */
function drawCropped(canvas: HTMLCanvasElement, bitmap: ImageBitmap, width: number): void {
  const dpr = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * dpr);
  canvas.height = Math.round(PICTURE_HEIGHT * dpr);
  const context = canvas.getContext("2d");
  if (!context) return;
  context.imageSmoothingQuality = "high";
  const scale = canvas.height / bitmap.height;
  context.drawImage(bitmap, (canvas.width - bitmap.width * scale) / 2, 0, bitmap.width * scale, canvas.height);
}
