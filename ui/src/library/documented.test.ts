import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { STATE_WORDS, STATES } from "./states.ts";

const GUIDE = readFileSync(resolve(import.meta.dirname, "../../../docs/guides/studio-work.md"), "utf8");

it.each(STATES)("the guide has the state %s in the words of the studio", (state) => {
  const { label, meaning } = STATE_WORDS[state];

  expect(GUIDE).toMatch(new RegExp(`^\\| ${label} \\| ${meaning}`, "m"));
});
