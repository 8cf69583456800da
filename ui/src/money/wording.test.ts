import { describe, expect, it } from "vitest";
import { asksFirst, duration, left, parseBudget, price, priced, spent, spentCaveat, usd } from "./wording.ts";

const money = { spent_usd: 0.43, perhaps_usd: 0, unpriced_calls: 0, budget_usd: null };

describe("prices", () => {
  it.each([
    [0, "$0.00"],
    [0.0001, "< $0.001"],
    [0.035, "$0.035"],
    [0.04, "$0.04"],
    [0.12, "$0.12"],
    [12.345, "$12.35"],
  ])("shows %d as %s", (amount, words) => {
    expect(usd(amount)).toBe(words);
  });

  it("calls a free engine free, whatever the number says", () => {
    expect(price({ paid: false, cost_usd: null, cost_at_most_usd: null })).toBe("free");
  });

  it("never shows an unknown price as nothing", () => {
    expect(price({ paid: true, cost_usd: null, cost_at_most_usd: null })).toBe("price unknown");
  });

  it("marks an estimate", () => {
    expect(price({ paid: true, cost_usd: 0.12, cost_at_most_usd: 0.12 })).toBe("~$0.12");
  });

  it("says what it costs at most, where pictures may have to be asked for again", () => {
    expect(price({ paid: true, cost_usd: 0.6, cost_at_most_usd: 1.2 })).toBe("~$0.60, at most $1.20");
    expect(asksFirst({ paid: true, cost_usd: 0.6, cost_at_most_usd: 1.2 })).toBe(true);
  });

  it("says that a paid engine charges nothing when every frame is there or was paid before", () => {
    expect(price({ paid: true, cost_usd: 0, cost_at_most_usd: 0 })).toBe("$0.00");
  });

  it("stands on the button with the time", () => {
    expect(
      priced("Regenerate 3 frames", { paid: false, cost_usd: null, cost_at_most_usd: null, seconds: 2.2, frames: 3 }),
    ).toBe("Regenerate 3 frames · free · ~2 s");
  });

  it("leaves the button's words alone until the price is there", () => {
    expect(priced("Regenerate 3 frames", undefined)).toBe("Regenerate 3 frames");
  });
});

describe("the question before money is spent", () => {
  it("is asked above a dollar", () => {
    expect(asksFirst({ paid: true, cost_usd: 1.01, cost_at_most_usd: 1.01 })).toBe(true);
  });

  it("is not asked at a dollar", () => {
    expect(asksFirst({ paid: true, cost_usd: 1, cost_at_most_usd: 1 })).toBe(false);
  });

  it("is asked when nobody knows the price", () => {
    expect(asksFirst({ paid: true, cost_usd: null, cost_at_most_usd: null })).toBe(true);
  });

  it("is never asked of a free engine", () => {
    expect(asksFirst({ paid: false, cost_usd: null, cost_at_most_usd: null })).toBe(false);
  });
});

describe("times", () => {
  it.each([
    [0.2, "< 1 s"],
    [59.4, "59 s"],
    [60, "1 min"],
    [95, "1 min 35 s"],
    [1234, "21 min"],
    [3600, "1 h"],
    [5400, "1 h 30 min"],
  ])("shows %d seconds as %s", (seconds, words) => {
    expect(duration(seconds)).toBe(words);
  });
});

describe("the budget", () => {
  it("stands beside what is spent", () => {
    expect(spent({ ...money, budget_usd: 5 })).toBe("$0.43 of $5.00");
  });

  it("counts what was perhaps billed as spent", () => {
    expect(left({ ...money, perhaps_usd: 0.07, budget_usd: 5 })).toBeCloseTo(4.5);
  });

  it("says what the sum leaves out", () => {
    expect(spentCaveat({ ...money, perhaps_usd: 0.07, unpriced_calls: 1 })).toBe(
      "and up to $0.07 more for calls that the service did not report, and 1 call whose price is not known",
    );
  });

  it.each([
    ["", null],
    ["5", 5],
    ["$2.50", 2.5],
    ["2,50", 2.5],
    ["0", 0],
  ])("reads %j", (text, budget) => {
    expect(parseBudget(text)).toEqual({ budget_usd: budget });
  });

  it.each(["five", "-1", "1e999"])("refuses %j and says what to write", (text) => {
    expect(parseBudget(text)).toHaveProperty("fault", expect.stringContaining("write one such as 5"));
  });
});
