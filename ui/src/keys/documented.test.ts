import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { type Binding, KEYMAP, shown } from "./keymap.ts";

const GUIDE = readFileSync(resolve(import.meta.dirname, "../../../docs/guides/studio-player.md"), "utf8");

function rowOf({ keys, label, when }: Binding): string {
  const first = keys[0] ?? "";
  const names =
    keys.length > 3 ? `\`${first}\` – \`${keys.at(-1) ?? ""}\`` : keys.map((key) => `\`${shown(key)}\``).join(" ");
  return `| ${names} | ${label}${when ? `, ${when}` : ""} |`;
}

test("the guide lists every key, in the order of the key sheet", () => {
  const wanted = KEYMAP.flatMap((group) => [`| **${group.title}** | |`, ...group.bindings.map(rowOf)]);
  const table =
    GUIDE.split("## Keys")[1]
      ?.split("\n")
      .filter((line) => line.startsWith("| ")) ?? [];

  expect(table.slice(1)).toEqual(wanted);
});
