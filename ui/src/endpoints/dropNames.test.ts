import { describe, expect, it } from "vitest";
import { cellOfName, placeByName } from "./dropNames.ts";

const expressions = ["neutral", "happy_big"];
const place = (...names: string[]) =>
  placeByName(
    names.map((name) => ({ name })),
    expressions,
  );

describe("a file's name", () => {
  it.each([
    ["happy_big__center.png", { expression: "happy_big", pose: "center" }],
    ["happy_big__center.JPG", { expression: "happy_big", pose: "center" }],
    ["neutral__left.webp", { expression: "neutral", pose: "left" }],
  ])("%s states its cell", (name, cell) => {
    expect(cellOfName(name)).toEqual(cell);
  });

  it.each(["happy.png", "a__b__c.png", "__center.png", "happy__.png", "happy__center.txt", "happy__center"])(
    "%s states none",
    (name) => {
      expect(cellOfName(name)).toBeNull();
    },
  );
});

describe("dropped files", () => {
  it("find their cells", () => {
    expect(place("neutral__center.png", "happy_big__center.png").placed).toHaveLength(2);
  });

  it("find a cell of a pose that has no picture yet", () => {
    expect(place("neutral__left.png").placed[0]?.pose).toBe("left");
  });

  it.each([
    ["portrait.png", "names no place"],
    ["notes.txt", "is no picture"],
    ["hapy__center.png", 'no expression "hapy"'],
  ])("%s is told why it has no cell", (name, reason) => {
    expect(place(name).unplaced[0]?.reason).toContain(reason);
  });

  it("for one and the same cell are not both taken", () => {
    const { placed, unplaced } = place("neutral__center.png", "neutral__center.webp");

    expect(placed).toHaveLength(1);
    expect(unplaced[0]?.reason).toContain('the same place as "neutral__center.png"');
  });
});
