/**
 * A rig's pictures on a canvas of any size.
 *
 * The picture is kept in its own pixels on a canvas that nobody sees, where only what differs is drawn anew; from there it goes
 * whole onto the canvas of the page, as large as it fits. So scaling never leaves seams where patches meet.
 */
import { at } from "../lists.ts";
import { strokes } from "../patches.ts";
import type { Rig } from "../rig.ts";

export class Painter {
  private readonly kept: CanvasRenderingContext2D;
  private readonly seen: CanvasRenderingContext2D;
  private picture: number | null = null;

  constructor(
    private readonly rig: Rig,
    private readonly sheets: readonly CanvasImageSource[],
    canvas: HTMLCanvasElement,
  ) {
    this.kept = contextOf(document.createElement("canvas"));
    [this.kept.canvas.width, this.kept.canvas.height] = rig.size;
    this.seen = contextOf(canvas);
  }

  /** Show a picture, by its place in the rig. */
  show(picture: number): void {
    for (const stroke of strokes(this.rig.pictures, this.picture, picture)) {
      if ("put" in stroke) {
        const [sheet, sx, sy, width, height, x, y] = stroke.put;
        this.kept.clearRect(x, y, width, height);
        this.kept.drawImage(at(this.sheets, sheet), sx, sy, width, height, x, y, width, height);
      } else {
        this.kept.clearRect(...(stroke.wipe ?? ([0, 0, ...this.rig.size] as const)));
      }
    }
    this.picture = picture;
    this.present();
  }

  /** Make the canvas this large, in its own pixels. */
  resize(width: number, height: number): void {
    const { canvas } = this.seen;
    if (canvas.width === width && canvas.height === height) return;
    [canvas.width, canvas.height] = [width, height];
    this.present();
  }

  /** Copy what is kept, centred and as large as it fits. */
  private present(): void {
    const { canvas } = this.seen;
    const [width, height] = this.rig.size;
    const scale = Math.min(canvas.width / width, canvas.height / height);
    const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
    this.seen.clearRect(0, 0, canvas.width, canvas.height);
    if (this.picture === null || wide < 1 || high < 1) return;
    this.seen.imageSmoothingEnabled = scale !== 1;
    this.seen.imageSmoothingQuality = "high";
    const [x, y] = [(canvas.width - wide) >> 1, (canvas.height - high) >> 1];
    this.seen.drawImage(this.kept.canvas, x, y, wide, high);
  }
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no picture can be drawn: this browser gives no canvas of two dimensions");
  return context;
}
