/** The only place that starts a timer, listens, or watches in a browser; everything returns what ends it. */
import type { LiveClock, Stop } from "../live.ts";

const LONGEST_MS = 2 ** 31 - 1;

export const browserClock: LiveClock = {
  now: () => performance.now(),
  nextFrame: (callback) => {
    const handle = requestAnimationFrame(callback);
    return () => cancelAnimationFrame(handle);
  },
  after: (delayMs, callback) => {
    const handle = setTimeout(callback, Math.min(delayMs, LONGEST_MS));
    return () => clearTimeout(handle);
  },
  isHidden: () => document.hidden,
};

export function soon(callback: () => void): void {
  queueMicrotask(callback);
}

export function listen(target: EventTarget, type: string, handler: (event: Event) => void): Stop {
  target.addEventListener(type, handler);
  return () => target.removeEventListener(type, handler);
}

/** Tell whether the user wants less motion, now and whenever that changes. */
export function watchStillness(tell: (still: boolean) => void): Stop {
  const query = matchMedia("(prefers-reduced-motion: reduce)");
  tell(query.matches);
  return listen(query, "change", () => tell(query.matches));
}

/** Tell an element's size in pixels of the screen, now and whenever that changes. */
export function watchSize(element: Element, tell: (width: number, height: number) => void): Stop {
  const observer = new ResizeObserver(([entry]) => {
    if (!entry) return;
    const [exact] = (entry as Partial<ResizeObserverEntry>).devicePixelContentBoxSize ?? [];
    const { width, height } = entry.contentRect;
    if (exact) tell(exact.inlineSize, exact.blockSize);
    else tell(Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio));
  });
  try {
    observer.observe(element, { box: "device-pixel-content-box" });
  } catch {
    observer.observe(element); // Safari knows no such box
  }
  return () => observer.disconnect();
}
