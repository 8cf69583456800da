import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { curveBetween, layOut } from "./layout.ts";

const star = ["neutral", "happy", "sad", "angry", "blink"];
const spokes = star.slice(1).map((end) => ({ start: "neutral", end }));

describe("the layout", () => {
  it("is the same every time", () => {
    expect(layOut(star, spokes)).toEqual(layOut(star, spokes));
  });

  it("puts the hub of a star among its spokes", () => {
    const hub = layOut(star, spokes).get("neutral");

    expect(hub?.x).toBeGreaterThan(0.2);
    expect(hub?.x).toBeLessThan(0.8);
    expect(hub?.y).toBeGreaterThan(0.2);
    expect(hub?.y).toBeLessThan(0.8);
  });

  it("keeps every node in the unit square and no two in one place, whatever the graph", () => {
    const graphs = fc.integer({ min: 1, max: 24 }).chain((size) => {
      const nodes = Array.from({ length: size }, (_, at) => `n${at}`);
      const edge = fc.record({ start: fc.constantFrom(...nodes), end: fc.constantFrom(...nodes, "unknown") });
      return fc.tuple(fc.constant(nodes), fc.array(edge, { maxLength: 60 }));
    });
    fc.assert(
      fc.property(graphs, ([nodes, edges]) => {
        const places = [...layOut(nodes, edges).values()];
        for (const place of places) {
          if (!(place.x >= 0 && place.x <= 1 && place.y >= 0 && place.y <= 1)) return false;
        }
        return places.every((a, i) => places.every((b, j) => i >= j || Math.hypot(a.x - b.x, a.y - b.y) > 0.005));
      }),
      { numRuns: 40 },
    );
  });

  it("has a place for a single node", () => {
    expect(layOut(["neutral"], []).get("neutral")).toEqual({ x: 0.5, y: 0.5 });
  });

  it("is quick enough for a hundred expressions", () => {
    const nodes = Array.from({ length: 100 }, (_, at) => `n${at}`);
    const edges = nodes.map((start, at) => ({ start, end: nodes[(at * 7 + 1) % 100] ?? "" }));

    expect(layOut(nodes, edges).size).toBe(100);
  });
});

describe("curves", () => {
  it("of the two directions bow to different sides", () => {
    const [a, b] = [
      { x: 0, y: 0 },
      { x: 100, y: 0 },
    ];
    const there = curveBetween(a, b, 10, 20).middle;
    const back = curveBetween(b, a, 10, 20).middle;

    expect(Math.sign(there.y)).toBe(-Math.sign(back.y));
  });

  it("begin and end at the rims of the nodes", () => {
    expect(curveBetween({ x: 0, y: 0 }, { x: 100, y: 0 }, 10, 0).path).toBe("M10.0 0.0Q50.0 0.0 85.0 0.0");
  });
});
