import { describe, expect, it } from "vitest";
import { parseFps, pathsOf } from "./exportWork.ts";

describe("the scope of an export", () => {
  it.each([
    ["all" as const, null],
    ["shown" as const, ["a", "b"]],
    ["open" as const, ["a"]],
  ])("%s", (scope, paths) => {
    expect(pathsOf(scope, "a", ["a", "b"])).toEqual(paths);
  });

  it("is everything when nothing is open", () => {
    expect(pathsOf("open", null, [])).toBeNull();
  });
});

describe("frames per second", () => {
  it.each([
    ["12", 12],
    ["23,976", 23.976],
    ["60", 60],
    ["0", null],
    ["61", null],
    ["", null],
    ["fast", null],
  ])("typed as %j", (text, fps) => {
    expect(parseFps(text)).toBe(fps);
  });
});
