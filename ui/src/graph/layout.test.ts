import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { curveBetween, layOut, separated } from "./layout.ts";

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

describe("places that are too near", () => {
  const bounds = { width: 800, height: 500 };
  const nearest = (places: ReadonlyMap<string, { x: number; y: number }>) => {
    const all = [...places.values()];
    return Math.min(...all.flatMap((a, i) => all.slice(i + 1).map((b) => Math.hypot(a.x - b.x, a.y - b.y))));
  };

  it("are pushed apart, even out of one and the same place", () => {
    const heap = new Map(["a", "b", "c", "d"].map((name) => [name, { x: 400, y: 250 }]));

    expect(nearest(separated(heap, 90, bounds))).toBeGreaterThan(85);
  });

  it("stay where they are when there is room", () => {
    const apart = new Map([
      ["a", { x: 0, y: 0 }],
      ["b", { x: 200, y: 0 }],
    ]);

    expect(separated(apart, 90, bounds)).toEqual(apart);
  });

  it("never leave the bounds, however many there are", () => {
    const crowd = new Map(Array.from({ length: 200 }, (_, at) => [`n${at}`, { x: at % 20, y: at % 7 }]));
    const inside = [...separated(crowd, 90, bounds).values()].every(
      (place) => place.x >= 0 && place.x <= 800 && place.y >= 0 && place.y <= 500,
    );

    expect(inside).toBe(true);
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
