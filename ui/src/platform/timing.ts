/**
 * The only place that starts a timer or listens to an event target.
 *
 * Everything here returns its own `Stop`, so that what was started can always be stopped, and a `Clock` can be handed in
 * where tests turn the time by hand. Lint refuses the raw functions anywhere else.
 */

/** Ends what was started; calling it again does nothing. */
export type Stop = () => void;

/** What the player needs of time. Moments are milliseconds from any beginning and never go back. */
export interface Clock {
  now: () => number;
  /** Call `callback` once per screen refresh with the moment of the frame, until stopped. */
  eachFrame: (callback: (nowMs: number) => void) => Stop;
}

export const browserClock: Clock = { now: () => performance.now(), eachFrame };

export function eachFrame(callback: (nowMs: number) => void): Stop {
  let handle = requestAnimationFrame(function step(now) {
    handle = requestAnimationFrame(step);
    callback(now);
  });
  return () => cancelAnimationFrame(handle);
}

/** Run `callback` before the next picture is drawn. */
export function nextFrame(callback: () => void): Stop {
  const handle = requestAnimationFrame(callback);
  return () => cancelAnimationFrame(handle);
}

export function after(delayMs: number, callback: () => void): Stop {
  const handle = setTimeout(callback, delayMs);
  return () => clearTimeout(handle);
}

/** Listen to an event of `target` until stopped. */
export function listen<M extends object, K extends keyof M & string>(
  target: TargetOf<M>,
  type: K,
  handler: (event: M[K]) => void,
  options?: AddEventListenerOptions,
): Stop;
export function listen(
  target: EventTarget,
  type: string,
  handler: (event: never) => void,
  options?: AddEventListenerOptions,
): Stop;
export function listen(
  target: EventTarget,
  type: string,
  handler: (event: never) => void,
  options?: AddEventListenerOptions,
): Stop {
  const listener = handler as (event: Event) => void;
  target.addEventListener(type, listener, options);
  return () => target.removeEventListener(type, listener, options);
}

type TargetOf<M> = M extends WindowEventMap
  ? Window
  : M extends DocumentEventMap
    ? Document
    : M extends HTMLElementEventMap
      ? HTMLElement
      : EventTarget;
