/**
 * Decoded pictures, kept up to a number of bytes; the one used longest ago goes first.
 *
 * Pictures are named by digest, so one that several sequences share is decoded once, and nothing kept here is ever old.
 */

const BYTES_PER_PIXEL = 4;
const PARALLEL = 4;

/** What is kept of a picture: an `ImageBitmap`, or in tests anything of its shape. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  close: () => void;
}

/** Fetch and decode a picture, scaled down to `scale` (above 0, at most 1) on each side. */
export type Decode<B extends Bitmap> = (digest: string, scale: number) => Promise<B>;

interface Kept<B> {
  bitmap: B;
  scale: number;
}

export class BitmapCache<B extends Bitmap> {
  /** In the order of use, oldest first. */
  private readonly kept = new Map<string, Kept<B>>();
  private readonly underWay = new Map<string, Promise<B>>();
  private pinned: ReadonlySet<string> = new Set();
  private readonly queue: (() => void)[] = [];
  private busy = 0;
  private bytes = 0;

  constructor(
    private readonly maxBytes: number,
    private readonly decode: Decode<B>,
  ) {}

  /** The picture, if it is decoded; in any scale. */
  get(digest: string): B | undefined {
    const found = this.kept.get(digest);
    if (!found) return undefined;
    this.kept.delete(digest);
    this.kept.set(digest, found);
    return found.bitmap;
  }

  /** Never drop these, however long ago they were used. */
  pin(digests: Iterable<string>): void {
    this.pinned = new Set(digests);
    this.makeRoom();
  }

  /** The scale at which `count` pictures of a size fit: 1 unless they are too many. */
  scaleFor(count: number, size: { width: number; height: number }): number {
    const wanted = count * size.width * size.height * BYTES_PER_PIXEL;
    return wanted <= this.maxBytes ? 1 : Math.sqrt(this.maxBytes / wanted);
  }

  /** Decode a picture unless it is there in at least this scale. */
  load(digest: string, scale = 1): Promise<B> {
    const found = this.kept.get(digest);
    if (found && found.scale >= scale) return Promise.resolve(found.bitmap);
    const key = `${digest}@${scale}`;
    const waiting = this.underWay.get(key);
    if (waiting) return waiting;
    const started = this.inTurn(() => this.decode(digest, scale))
      .then((bitmap) => this.keep(digest, bitmap, scale))
      .finally(() => this.underWay.delete(key));
    this.underWay.set(key, started);
    return started;
  }

  get usedBytes(): number {
    return this.bytes;
  }

  private keep(digest: string, bitmap: B, scale: number): B {
    const old = this.kept.get(digest);
    if (old && old.scale >= scale) {
      bitmap.close();
      return old.bitmap;
    }
    if (old) this.drop(digest, old);
    this.kept.set(digest, { bitmap, scale });
    this.bytes += sizeOf(bitmap);
    this.makeRoom(digest);
    return bitmap;
  }

  private makeRoom(newest?: string): void {
    for (const [digest, entry] of this.kept) {
      if (this.bytes <= this.maxBytes) return;
      if (digest !== newest && !this.pinned.has(digest)) this.drop(digest, entry);
    }
  }

  private drop(digest: string, entry: Kept<B>): void {
    this.kept.delete(digest);
    this.bytes -= sizeOf(entry.bitmap);
    entry.bitmap.close();
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.busy >= PARALLEL) await new Promise<void>((resolve) => this.queue.push(resolve));
    else this.busy += 1;
    try {
      return await work();
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.busy -= 1;
    }
  }
}

function sizeOf(bitmap: Bitmap): number {
  return bitmap.width * bitmap.height * BYTES_PER_PIXEL;
}
