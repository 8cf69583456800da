/** A rig's file and its sheets, ready to draw before anything is shown. */
import { parseRig, type Rig, RigError, type Sheet } from "../rig.ts";

/** A rig's file and its address, from which its sheets are seen. */
export interface Fetched {
  readonly rig: Rig;
  readonly base: string;
}

/** Read the rig at `src`, or the text of the page's own element where it is `#id`. Throws `RigError`. */
export async function fetchRig(src: string, signal: AbortSignal): Promise<Fetched> {
  if (src.startsWith("#")) {
    const text = document.getElementById(src.slice(1))?.textContent ?? undefined;
    if (text === undefined)
      throw new RigError(`${src}: no element of the page has this id; add it before the character`);
    return { rig: parseRig(text, src), base: document.baseURI };
  }
  const url = new URL(src, document.baseURI);
  const answer = await fetch(url, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new RigError(`${src}: can't be fetched (${String(error)}); ${adviceFor(url)}`);
  });
  if (!answer.ok) {
    throw new RigError(`${src}: the server answered ${answer.status}; make sure that the file is at this address`);
  }
  return { rig: parseRig(await answer.text(), src), base: answer.url || url.href };
}

/** The sheets as images, decoded. Throws `RigError` that names the file. */
export function loadSheets(sheets: readonly Sheet[], base: string): Promise<HTMLImageElement[]> {
  return Promise.all(sheets.map((sheet) => loadSheet(sheet, base)));
}

async function loadSheet({ file, size }: Sheet, base: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = new URL(file, base).href;
  try {
    await image.decode();
  } catch {
    throw new RigError(`${file}: no picture that this browser can show; make sure that it is there, beside rig.json`);
  }
  const [width, height] = size;
  if (image.naturalWidth !== width || image.naturalHeight !== height) {
    const found = `${image.naturalWidth} × ${image.naturalHeight}`;
    throw new RigError(`${file}: ${found}; rig.json expects ${width} × ${height}, so export both again`);
  }
  return image;
}

function adviceFor(url: URL): string {
  return url.protocol === "file:"
    ? "a page opened from a file may not fetch: carry the rig in the page, or use a server"
    : "make sure that the server runs and lets this page read the file";
}
