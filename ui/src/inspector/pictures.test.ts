import { describe, expect, it } from "vitest";
import { aFrame } from "../testing/samples.ts";
import { picturesOf } from "./pictures.ts";

const take = (number: number, in_place: boolean, digest = "a") => ({
  take: number,
  digest,
  made: "2026-11-23T06:37:21+00:00",
  engine: "openai",
  model: "gpt",
  cost_usd: 0.035,
  in_place,
});

describe("a frame's pictures", () => {
  it("hold the one in place once, where it is a take", () => {
    expect(picturesOf([take(2, true), take(1, false)], aFrame(0.5)).map((picture) => picture.take)).toEqual([2, 1]);
  });

  it("begin with the one in place, where it is no take yet", () => {
    const pictures = picturesOf([take(1, false)], aFrame(0.5, { digest: "now" }));

    expect(pictures[0]).toMatchObject({ take: null, digest: "now", inPlace: true, engine: "local" });
  });

  it("are none where nothing was ever made", () => {
    expect(picturesOf([], aFrame(0.5, { digest: null, state: "missing" }))).toEqual([]);
  });

  it("say what they cost", () => {
    expect(picturesOf([take(1, true)], aFrame(0.5))[0]?.facts).toBe("openai · gpt · $0.035");
  });
});
