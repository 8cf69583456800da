/** A clock that the test turns. */
import type { Clock } from "../platform/timing.ts";

export class TurnedClock implements Clock {
  private nowMs = 0;
  private readonly callbacks = new Set<(nowMs: number) => void>();

  now = (): number => this.nowMs;

  eachFrame = (callback: (nowMs: number) => void): (() => void) => {
    this.callbacks.add(callback);
    return () => this.callbacks.delete(callback);
  };

  /** Let time pass in pictures of a 60 Hz screen. */
  turn(ms: number): void {
    const end = this.nowMs + ms;
    while (this.nowMs < end) {
      this.nowMs = Math.min(end, this.nowMs + 1000 / 60);
      for (const callback of [...this.callbacks]) callback(this.nowMs);
    }
  }

  get isRunning(): boolean {
    return this.callbacks.size > 0;
  }
}
