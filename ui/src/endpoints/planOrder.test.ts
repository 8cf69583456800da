import { describe, expect, it } from "vitest";
import { betweens, FIRST_CHOICES, planOrder, wholeNumber } from "./planOrder.ts";

describe("a plan", () => {
  it("that nobody changed leaves everything to the server", () => {
    expect(planOrder(null, FIRST_CHOICES)).toEqual({
      work: { kind: "sequences", paths: null, depth: null, overwrite: false, refresh: true },
      engine: "auto",
      model: null,
      quality: null,
      max_workers: null,
      max_cost_usd: null,
    });
  });

  it("carries what was chosen", () => {
    const order = planOrder(["a__center"], {
      ...FIRST_CHOICES,
      engine: "openai",
      depth: 4,
      workers: 8,
      maxCostUsd: 2.5,
    });

    expect(order).toMatchObject({ engine: "openai", max_workers: 8, max_cost_usd: 2.5 });
    expect(order.work).toMatchObject({ paths: ["a__center"], depth: 4 });
  });
});

it("a depth says how many frames come between", () => {
  expect([1, 2, 3, 7].map(betweens)).toEqual([1, 3, 7, 127]);
});

describe("a number of workers", () => {
  it.each([
    ["", null],
    [" 8 ", 8],
    ["0", undefined],
    ["257", undefined],
    ["2.5", undefined],
    ["many", undefined],
  ])("typed as %j", (text, number) => {
    expect(wholeNumber(text, 1, 256)).toBe(number);
  });
});
