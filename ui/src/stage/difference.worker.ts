/** Computes heat maps beside the page, so that the stage keeps moving. It fetches the files itself: exact bytes, cached. */
import { pictureUrl } from "../api/pictures.ts";
import { difference, heatMap } from "./difference.ts";
import type { DifferenceAnswer, DifferenceQuestion } from "./differences.ts";

interface WorkerScope {
  onmessage: ((event: MessageEvent<DifferenceQuestion>) => void) | null;
  postMessage: (message: DifferenceAnswer, transfer?: Transferable[]) => void;
}

const scope = globalThis as unknown as WorkerScope;
const KEPT_PIXELS = 4;
const pixels = new Map<string, Promise<ImageData>>();

scope.onmessage = ({ data }) => {
  void answer(data);
};

async function answer({ id, a, b }: DifferenceQuestion): Promise<void> {
  try {
    const [first, second] = await Promise.all([pixelsOf(a), pixelsOf(b)]);
    if (first.width !== second.width || first.height !== second.height) {
      throw new RangeError("The two pictures have different sizes, so there is nothing to compare.");
    }
    const found = difference(first.data, second.data);
    const map = new ImageData(heatMap(first.data, found), first.width, first.height);
    const bitmap = await createImageBitmap(map);
    scope.postMessage({ id, bitmap, max: found.max, changed: found.changed }, [bitmap]);
  } catch (error) {
    scope.postMessage({ id, problem: error instanceof Error ? error.message : String(error) });
  }
}

function pixelsOf(digest: string): Promise<ImageData> {
  const known = pixels.get(digest) ?? readPixels(digest);
  pixels.delete(digest);
  pixels.set(digest, known);
  known.catch(() => pixels.delete(digest));
  for (const old of [...pixels.keys()].slice(0, -KEPT_PIXELS)) pixels.delete(old);
  return known;
}

async function readPixels(digest: string): Promise<ImageData> {
  const response = await fetch(pictureUrl(digest));
  if (!response.ok) throw new Error(`A picture can't be read (${response.status}).`);
  const bitmap = await createImageBitmap(await response.blob(), { colorSpaceConversion: "none" });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("This browser gives the worker no canvas.");
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
