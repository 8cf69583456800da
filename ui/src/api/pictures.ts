/** Where pictures are. A URL names its content's digest, so what it shows never changes and is kept for ever. */

export type ThumbnailWidth = 96 | 192 | 384;

/** The file as it lies on the disk. */
export const pictureUrl = (digest: string): string => `/api/v1/pictures/${digest}.png`;

/** A small WebP; for lists. */
export const thumbnailUrl = (digest: string, width: ThumbnailWidth): string =>
  `/api/v1/thumbnails/${width}/${digest}.webp`;
