/** The decoded pictures of this window. */
import { ApiError } from "../api/client.ts";
import { pictureUrl } from "../api/pictures.ts";
import { BitmapCache } from "./bitmaps.ts";

const MAX_BYTES = 768 * 1024 * 1024;

export const pictures = new BitmapCache<ImageBitmap>(MAX_BYTES, decodePicture);

async function decodePicture(digest: string, scale: number): Promise<ImageBitmap> {
  const response = await fetch(pictureUrl(digest), { priority: "high" });
  if (!response.ok) throw new ApiError(response.status, "picture", `A picture can't be read (${response.status}).`);
  const bitmap = await createImageBitmap(await response.blob());
  if (scale >= 1) return bitmap;
  const resizeWidth = Math.max(1, Math.floor(bitmap.width * scale));
  const smaller = await createImageBitmap(bitmap, { resizeWidth, resizeQuality: "high" });
  bitmap.close();
  return smaller;
}
