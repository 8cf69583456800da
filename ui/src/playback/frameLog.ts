/**
 * What was really drawn and when, for tests in a browser: `window.__studio.frameLog`.
 *
 * Each entry is one frame that came onto the stage: `at` by the page's own clock (`performance.now()`), and its `t`.
 * The log keeps the newest entries only, and is there in every build, so that what is measured is what people use.
 */

export interface DrawnFrame {
  at: number;
  t: number;
}

declare global {
  interface Window {
    __studio?: { frameLog: DrawnFrame[] };
  }
}

const MOST = 4096;

export function logFrame(at: number, t: number): void {
  window.__studio ??= { frameLog: [] };
  const log = window.__studio.frameLog;
  if (log.at(-1)?.t === t) return;
  log.push({ at, t });
  if (log.length > MOST) log.splice(0, log.length - MOST);
}
