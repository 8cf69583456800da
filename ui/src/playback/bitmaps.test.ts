import { expect, test, vi } from "vitest";
import { type Bitmap, BitmapCache } from "./bitmaps.ts";

const PICTURE_BYTES = 10 * 10 * 4;

function aBitmap(scale: number): Bitmap {
  return { width: 10 * scale, height: 10 * scale, close: vi.fn() };
}

const decode = (_: string, scale: number): Promise<Bitmap> => Promise.resolve(aBitmap(scale));

test("the picture used longest ago goes first", async () => {
  const cache = new BitmapCache(2 * PICTURE_BYTES, decode);
  const a = await cache.load("a");
  const b = await cache.load("b");
  cache.get("a");
  await cache.load("c");

  expect(cache.get("a")).toBe(a);
  expect(cache.get("b")).toBeUndefined();
  expect(b.close).toHaveBeenCalledOnce();
  expect(cache.usedBytes).toBe(2 * PICTURE_BYTES);
});

test("pinned pictures stay, and go with the pin", async () => {
  const cache = new BitmapCache(PICTURE_BYTES, decode);
  cache.pin(["a", "b"]);
  await cache.load("a");
  await cache.load("b");
  expect(cache.usedBytes).toBe(2 * PICTURE_BYTES);

  cache.pin(["b"]);
  expect(cache.get("a")).toBeUndefined();
  expect(cache.get("b")).toBeDefined();
});

test("a picture is decoded once, however many ask", async () => {
  const counted = vi.fn(decode);
  const cache = new BitmapCache(PICTURE_BYTES, counted);
  await Promise.all([cache.load("a"), cache.load("a")]);
  await cache.load("a", 0.5);

  expect(counted).toHaveBeenCalledOnce();
});

test("a larger scale replaces a smaller one", async () => {
  const cache = new BitmapCache(4 * PICTURE_BYTES, decode);
  const small = await cache.load("a", 0.5);
  const large = await cache.load("a", 1);

  expect(cache.get("a")).toBe(large);
  expect(small.close).toHaveBeenCalledOnce();
  expect(cache.usedBytes).toBe(PICTURE_BYTES);
});

test("so many pictures that they do not fit are decoded smaller", () => {
  const cache = new BitmapCache(25 * PICTURE_BYTES, decode);

  expect(cache.scaleFor(25, { width: 10, height: 10 })).toBe(1);
  expect(cache.scaleFor(100, { width: 10, height: 10 })).toBe(0.5);
});

test("only a few are decoded at once, and a failure makes room for the next", async () => {
  let most = 0;
  let now = 0;
  const cache = new BitmapCache(100 * PICTURE_BYTES, async (digest, scale) => {
    now += 1;
    most = Math.max(most, now);
    await Promise.resolve();
    now -= 1;
    if (digest === "2") throw new Error("broken");
    return aBitmap(scale);
  });
  const results = await Promise.allSettled(Array.from({ length: 12 }, (_, k) => cache.load(String(k))));

  expect(most).toBe(4);
  expect(results.filter((result) => result.status === "rejected")).toHaveLength(1);
});

test("a picture that failed is tried again", async () => {
  const flaky = vi.fn(decode).mockRejectedValueOnce(new Error("offline"));
  const cache = new BitmapCache(PICTURE_BYTES, flaky);
  await expect(cache.load("a")).rejects.toThrow("offline");

  await expect(cache.load("a")).resolves.toBeDefined();
});
