/** The stage's side of the heat maps: asks the worker, newest question first, and keeps the answers. */
import type { Stop } from "../platform/timing.ts";

export interface DifferenceQuestion {
  id: number;
  a: string;
  b: string;
}

export type DifferenceAnswer =
  | { id: number; bitmap: ImageBitmap; max: number; changed: number }
  | { id: number; problem: string };

export type HeatMap = { bitmap: ImageBitmap; max: number; changed: number } | { problem: string };

/** What the page needs of a `Worker`. */
export interface Asked {
  onmessage: ((event: MessageEvent<DifferenceAnswer>) => void) | null;
  postMessage: (question: DifferenceQuestion) => void;
  terminate: () => void;
}

const KEPT = 24;

export class Differences {
  /** In the order of use, oldest first. */
  private readonly known = new Map<string, HeatMap>();
  private worker: Asked | null = null;
  private underWay: (DifferenceQuestion & { key: string }) | null = null;
  private next: { key: string; a: string; b: string } | null = null;
  private lastId = 0;

  constructor(
    private readonly open: () => Asked,
    private readonly onChange: () => void,
  ) {}

  /** The heat map of two pictures; undefined while it is computed, and `onChange` tells when it is there. */
  get(a: string, b: string): HeatMap | undefined {
    const key = `${a} ${b}`;
    const found = this.known.get(key);
    if (found) {
      this.known.delete(key);
      this.known.set(key, found);
      return found;
    }
    if (this.underWay?.key !== key) this.next = { key, a, b };
    this.ask();
    return undefined;
  }

  readonly close: Stop = () => {
    this.worker?.terminate();
    this.worker = null;
    for (const entry of this.known.values()) release(entry);
    this.known.clear();
    this.underWay = null;
    this.next = null;
  };

  /** One question at a time: of those asked while one is under way, only the newest is still wanted. */
  private ask(): void {
    if (this.underWay || !this.next) return;
    this.worker ??= this.started();
    this.lastId += 1;
    this.underWay = { id: this.lastId, ...this.next };
    this.next = null;
    const { id, a, b } = this.underWay;
    this.worker.postMessage({ id, a, b });
  }

  private started(): Asked {
    const worker = this.open();
    worker.onmessage = ({ data }) => this.hear(data);
    return worker;
  }

  private hear(answer: DifferenceAnswer): void {
    if (this.underWay?.id !== answer.id) return;
    this.known.set(this.underWay.key, answer);
    this.underWay = null;
    for (const [key, entry] of [...this.known].slice(0, -KEPT)) {
      release(entry);
      this.known.delete(key);
    }
    this.onChange();
    this.ask();
  }
}

export function openWorker(): Asked {
  return new Worker(new URL("./difference.worker.ts", import.meta.url), { type: "module" });
}

function release(entry: HeatMap): void {
  if ("bitmap" in entry) entry.bitmap.close();
}
