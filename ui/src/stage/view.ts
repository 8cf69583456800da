/** Pure: where a picture lies on the stage, and how zoom and pan move it. All lengths in CSS pixels. */

export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

/** `zoom` is CSS pixels per pixel of the picture; x and y are its upper left corner on the stage. */
export interface Placement extends Point {
  zoom: number;
}

/** What the user wants: the whole picture in sight, or a placement by hand. */
export type Wanted = "fit" | Placement;

const MARGIN = 16;
const MIN_ZOOM = 0.05;
const MAX_ZOOM = 32;
/** So much of the picture stays in sight, whatever is dragged. */
const IN_SIGHT = 48;

/** The whole picture in the middle of the stage; small pictures are enlarged by whole numbers only. */
export function fitted(picture: Size, stage: Size): Placement {
  const room = Math.min(
    Math.max(1, stage.width - 2 * MARGIN) / picture.width,
    Math.max(1, stage.height - 2 * MARGIN) / picture.height,
  );
  return centred(picture, stage, room > 1 ? Math.floor(room) : room);
}

export function centred(picture: Size, stage: Size, zoom: number): Placement {
  return {
    zoom,
    x: (stage.width - picture.width * zoom) / 2,
    y: (stage.height - picture.height * zoom) / 2,
  };
}

export function placed(wanted: Wanted, picture: Size, stage: Size): Placement {
  return wanted === "fit" ? fitted(picture, stage) : kept(wanted, picture, stage);
}

/** Zoom by a factor so that what is under `point` stays there. */
export function zoomedAt(from: Placement, point: Point, factor: number): Placement {
  const zoom = Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, from.zoom * factor));
  const real = zoom / from.zoom;
  return { zoom, x: point.x - (point.x - from.x) * real, y: point.y - (point.y - from.y) * real };
}

export function moved(from: Placement, by: Point): Placement {
  return { ...from, x: from.x + by.x, y: from.y + by.y };
}

/** Push a placement back until some of the picture is in sight. */
export function kept(from: Placement, picture: Size, stage: Size): Placement {
  const clamp = (at: number, length: number, room: number): number =>
    Math.min(room - Math.min(IN_SIGHT, length), Math.max(Math.min(IN_SIGHT, length) - length, at));
  return {
    zoom: from.zoom,
    x: clamp(from.x, picture.width * from.zoom, stage.width),
    y: clamp(from.y, picture.height * from.zoom, stage.height),
  };
}

/** The next zoom of a familiar row: 12.5, 25, 50, 100, 200 % and so on. */
export function nextZoom(zoom: number, direction: 1 | -1): number {
  const power = Math.log2(zoom);
  const next = direction === 1 ? Math.floor(power + 1 + 1e-6) : Math.ceil(power - 1 - 1e-6);
  return Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, 2 ** next));
}

/** The factor of a wheel's turn; a mouse's notch is about 100 pixels, a touch pad sends many small ones. */
export function wheelFactor(deltaY: number, deltaMode: number): number {
  const pixels = deltaMode === 1 ? deltaY * 33 : deltaMode === 2 ? deltaY * 400 : deltaY;
  return 2 ** (-Math.max(-200, Math.min(200, pixels)) / 250);
}
