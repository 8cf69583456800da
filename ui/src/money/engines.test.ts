import { describe, expect, it } from "vitest";
import { anEngine } from "../testing/samples.ts";
import { enginesFor, priceOfOne } from "./engines.ts";

const openai = anEngine({ name: "openai", state: "unavailable", makes: ["tweens", "expressions"], paid: true });
const local = anEngine();

describe("the choice of engines", () => {
  it("puts those that can work first", () => {
    expect(enginesFor([openai, local], "tweens").map((engine) => engine.name)).toEqual(["local", "openai"]);
  });

  it("leaves out what can't make the thing", () => {
    expect(enginesFor([openai, local], "expressions").map((engine) => engine.name)).toEqual(["openai"]);
  });

  it("tells of a broken plug-in, which says nothing about what it makes", () => {
    expect(enginesFor([anEngine({ name: "mine", state: "broken", makes: [] })], "tweens")).toHaveLength(1);
  });
});

describe("the price of one frame", () => {
  it.each([
    [local, "free"],
    [{ ...openai, cost_usd: 0.035 }, "$0.035 a frame"],
    [openai, "price unknown"],
  ])("is said", (engine, words) => {
    expect(priceOfOne(engine)).toBe(words);
  });
});
