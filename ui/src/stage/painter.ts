/** Draws a scene onto a canvas. It knows no store: everything comes in as values, and what it can't draw yet it leaves out. */
import type { Ground } from "../stores/settings.ts";
import type { Scene } from "./scene.ts";
import { skinOf } from "./skins.ts";
import type { Placement, Size } from "./view.ts";

export interface Drawing {
  scene: Scene;
  placement: Placement;
  /** Of the picture, in its own pixels. */
  picture: Size;
  ground: Ground;
  customGround: string;
  /** A/B: B is on the stage. */
  showB: boolean;
  /** Of the wipe: 0 shows only B, 1 only A. */
  wipe: number;
  heatMap: ImageBitmap | null;
  /** The decoded picture, in any scale. */
  bitmap: (digest: string) => ImageBitmap | undefined;
}

const CHECKS = { dark: ["#5b5e63", "#6f7277"], light: ["#d9dbde", "#f4f5f6"] } as const;
const CHECK_SIZE = 10;
/** From here on, pixels are shown as squares. */
const SQUARES_FROM = 2;

/** Draw; returns whether the frame itself (or what is shown instead of it) could be drawn. */
export function paint(canvas: HTMLCanvasElement, drawing: Drawing, dpr: number, light: boolean): boolean {
  const context = canvas.getContext("2d");
  if (!context) return false;
  const { placement, picture } = drawing;
  context.setTransform(dpr, 0, 0, dpr, 0, 0);
  context.clearRect(0, 0, canvas.width / dpr, canvas.height / dpr);
  context.imageSmoothingEnabled = placement.zoom * dpr < SQUARES_FROM;
  context.imageSmoothingQuality = "high";
  const box = { ...placement, width: picture.width * placement.zoom, height: picture.height * placement.zoom };
  fillGround(context, box, drawing, light);
  return paintScene(context, box, drawing);
}

type Box = Size & { x: number; y: number };

function paintScene(context: CanvasRenderingContext2D, box: Box, drawing: Drawing): boolean {
  const { scene, showB, heatMap } = drawing;
  const put = (bitmap: CanvasImageSource): void => context.drawImage(bitmap, box.x, box.y, box.width, box.height);
  const a = scene.a && drawing.bitmap(scene.a.digest);
  const b = scene.b && drawing.bitmap(scene.b.digest);
  if (scene.mode === "difference" && heatMap && !showB) {
    put(heatMap);
    return true;
  }
  if (showB) {
    if (b) put(b);
    return Boolean(b);
  }
  if (scene.mode === "wipe" && a && b) {
    const edge = box.x + box.width * drawing.wipe;
    clipped(context, { ...box, width: edge - box.x }, () => put(a));
    clipped(context, { ...box, x: edge, width: box.x + box.width - edge }, () => put(b));
    return true;
  }
  if (!a) return false;
  put(a);
  paintSkins(put, a, drawing);
  return true;
}

function paintSkins(put: (bitmap: CanvasImageSource) => void, a: ImageBitmap, drawing: Drawing): void {
  for (const { digest, distance } of drawing.scene.skins) {
    const bitmap = drawing.bitmap(digest);
    if (bitmap) put(skinOf(a, bitmap, distance));
  }
}

function fillGround(context: CanvasRenderingContext2D, box: Box, drawing: Drawing, light: boolean): void {
  const plain = { black: "#000000", white: "#ffffff", green: "#00b140", custom: drawing.customGround };
  context.fillStyle = drawing.ground === "checker" ? checker(context, light) : plain[drawing.ground];
  context.fillRect(box.x, box.y, box.width, box.height);
}

const patterns = new Map<string, HTMLCanvasElement>();

function checker(context: CanvasRenderingContext2D, light: boolean): CanvasPattern | string {
  const colours = CHECKS[light ? "light" : "dark"];
  const tile = patterns.get(colours[0]) ?? checkerTile(colours);
  patterns.set(colours[0], tile);
  return context.createPattern(tile, "repeat") ?? colours[0];
}

function checkerTile(colours: readonly [string, string]): HTMLCanvasElement {
  const tile = document.createElement("canvas");
  tile.width = CHECK_SIZE * 2;
  tile.height = CHECK_SIZE * 2;
  const context = tile.getContext("2d");
  if (!context) return tile;
  for (const [x, y] of [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ] as const) {
    context.fillStyle = colours[(x + y) % 2 === 0 ? 0 : 1];
    context.fillRect(x * CHECK_SIZE, y * CHECK_SIZE, CHECK_SIZE, CHECK_SIZE);
  }
  return tile;
}

function clipped(context: CanvasRenderingContext2D, box: Box, draw: () => void): void {
  context.save();
  context.beginPath();
  context.rect(box.x, box.y, Math.max(0, box.width), box.height);
  context.clip();
  draw();
  context.restore();
}
