import { describe, expect, it } from "vitest";
import {
  basePaths,
  changesOf,
  draftOf,
  isChanged,
  placedProblems,
  problemsOf,
  rebased,
  withEdge,
  withId,
  withoutEdge,
} from "./draft.ts";

const saved = [
  { id: "neutral_to_happy", start: "neutral", end: "happy" },
  { id: "neutral_to_sad", start: "neutral", end: "sad" },
];
const expressions = ["neutral", "happy", "sad"];
const draft = draftOf(saved, "v1");
const ids = (paths: readonly { id: string }[]) => paths.map((path) => path.id);

describe("an edit", () => {
  it("adds an edge that is named after its ends", () => {
    expect(ids(basePaths(withEdge(draft, "happy", "sad"))).at(-1)).toBe("happy_to_sad");
  });

  it("numbers an id that is taken", () => {
    expect(ids(basePaths(withEdge(draft, "neutral", "sad"))).at(-1)).toBe("neutral_to_sad_2");
  });

  it("is counted by kind", () => {
    const edited = withEdge(
      withId(withoutEdge(draft, "saved:neutral_to_sad"), "saved:neutral_to_happy", "smile"),
      "sad",
      "happy",
    );

    expect(changesOf(edited)).toEqual({ added: 1, removed: 1, renamed: 1 });
  });

  it("that is taken back is no change", () => {
    expect(
      isChanged(withId(withId(draft, "saved:neutral_to_sad", "x"), "saved:neutral_to_sad", "neutral_to_sad")),
    ).toBe(false);
  });
});

describe("a config that another program changed meanwhile", () => {
  const theirs = [...saved, { id: "happy_to_sad", start: "happy", end: "sad" }];

  it("keeps its new edges", () => {
    expect(ids(basePaths(rebased(draft, theirs, "v2")))).toEqual([...ids(saved), "happy_to_sad"]);
  });

  it("keeps what was added, removed and renamed here", () => {
    const edited = withEdge(
      withId(withoutEdge(draft, "saved:neutral_to_sad"), "saved:neutral_to_happy", "smile"),
      "sad",
      "happy",
    );

    expect(ids(basePaths(rebased(edited, theirs, "v2")))).toEqual(["smile", "happy_to_sad", "sad_to_happy"]);
  });

  it("drops an edge that the other removed", () => {
    expect(ids(basePaths(rebased(withEdge(draft, "sad", "happy"), saved.slice(0, 1), "v2")))).toEqual([
      "neutral_to_happy",
      "sad_to_happy",
    ]);
  });

  it("does not add an edge twice that both added", () => {
    expect(ids(basePaths(rebased(withEdge(draft, "happy", "sad"), theirs, "v2")))).toEqual([
      ...ids(saved),
      "happy_to_sad",
    ]);
  });

  it("is saved under its own version", () => {
    expect(rebased(draft, theirs, "v2").version).toBe("v2");
  });
});

describe("problems", () => {
  it("are none in a sound draft", () => {
    expect(problemsOf(draft, expressions).size).toBe(0);
  });

  it.each([
    ["", "give it an id"],
    ["a__b", "two underscores"],
    ["bad/id", "letters, digits"],
    [".hidden", "begins with a letter"],
    ["ends_", "letters, digits"],
    ["x".repeat(101), "at most 100"],
    ["neutral_to_happy", "another base path"],
  ])("are found in the id %j", (id, words) => {
    expect(problemsOf(withId(draft, "saved:neutral_to_sad", id), expressions).get("saved:neutral_to_sad")).toContain(
      words,
    );
  });

  it("are found in ends that are equal or unknown", () => {
    const broken = withEdge(withEdge(draft, "sad", "sad"), "sad", "gone");

    expect([...problemsOf(broken, expressions).values()]).toEqual([
      "it starts and ends at the same expression",
      'there is no expression "gone"',
    ]);
  });

  it("are none in ids of any script, with dots and spaces inside", () => {
    const unusual = withId(withId(draft, "saved:neutral_to_sad", "grüß dich 2.0"), "saved:neutral_to_happy", "笑い-1");

    expect(problemsOf(unusual, expressions).size).toBe(0);
  });

  it("of the server that name an id are shown at its edge", () => {
    const placed = placedProblems(
      ["expressions.json: base_paths: 'neutral_to_sad' is longer than 100 characters"],
      draft,
    );

    expect(placed.get("saved:neutral_to_sad")).toHaveLength(1);
  });

  it("of the server are shown at the edge that they name", () => {
    const placed = placedProblems(
      ["expressions.json: base_paths[1].end: no expression 'sod'", "file is locked"],
      draft,
    );

    expect(placed.get("saved:neutral_to_sad")).toHaveLength(1);
    expect(placed.get("")).toEqual(["file is locked"]);
  });
});
