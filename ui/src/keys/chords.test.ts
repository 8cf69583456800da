import { expect, test } from "vitest";
import { belongsToFocus, bindingsOf, chordOf, focusOf, type Press } from "./chords.ts";
import { COMMANDS } from "./commands.ts";
import { KEYMAP, keyHint, shown } from "./keymap.ts";

const plain: Press = { key: "", code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

test.each<[Partial<Press>, string]>([
  [{ key: "r" }, "r"],
  [{ key: "R", shiftKey: true }, "Shift+r"],
  [{ key: "R" }, "r"],
  [{ key: " " }, "Space"],
  [{ key: "ArrowLeft", shiftKey: true }, "Shift+ArrowLeft"],
  [{ key: "?", shiftKey: true }, "?"],
  [{ key: "+", shiftKey: true }, "+"],
  [{ key: "<", shiftKey: true }, "<"],
  [{ key: "z", ctrlKey: true }, "Ctrl+z"],
  [{ key: "Z", metaKey: true, shiftKey: true }, "Ctrl+Shift+z"],
  [{ key: "≈", code: "KeyX", altKey: true }, "Alt+x"],
  [{ key: "F3", shiftKey: true }, "Shift+F3"],
])("a press %j is written %j", (press, chord) => {
  expect(chordOf({ ...plain, ...press })).toBe(chord);
});

test("no key has two meanings, except those whose meaning depends on what is open", () => {
  const bindings = KEYMAP.flatMap((group) => group.bindings);
  const twice = (inPerform: boolean): string[] => {
    const keys = bindings
      .filter(({ when }) => (when === "in Perform") === inPerform)
      .flatMap((binding) => binding.keys);
    return keys.filter((key, index) => keys.indexOf(key) !== index).sort();
  };

  expect([twice(false), twice(true)]).toEqual([["1", "Enter"], []]);
});

test("where a key has two meanings, takes come first", () => {
  expect(bindingsOf("1").map((binding) => binding.command)).toEqual(["choose-take", "zoom-actual", "act"]);
  expect(bindingsOf("Enter").map((binding) => binding.command)).toEqual(["accept-take", "play"]);
});

test("every command has a key, but for the button that only turns the player round", () => {
  const bound = new Set(KEYMAP.flatMap((group) => group.bindings).map((binding) => binding.command));

  expect(COMMANDS.filter((command) => !bound.has(command))).toEqual(["play-back"]);
});

test("keys are written for people", () => {
  expect(["Shift+ArrowLeft", "Ctrl+z", "+", "-", "Escape"].map(shown)).toEqual([
    "Shift + ←",
    "Ctrl + Z",
    "+",
    "−",
    "Esc",
  ]);
  expect(keyHint("undo")).toBe("Ctrl + Z");
});

function element(html: string): Element {
  document.body.innerHTML = html;
  return document.body.firstElementChild!;
}

test.each([
  ["<input>", "text"],
  ["<textarea></textarea>", "text"],
  ["<input type='range'>", "slider"],
  ["<div role='slider'></div>", "slider"],
  ["<ul role='listbox'></ul>", "list"],
  ["<input type='radio'>", "choice"],
  ["<button></button>", "button"],
  ["<input type='checkbox'>", "button"],
  ["<div></div>", "other"],
])("%s is %s", (html, focus) => {
  expect(focusOf(element(html))).toBe(focus);
});

test("sliders keep their arrows, and comma and full stop work beside them", () => {
  expect(belongsToFocus("slider", "ArrowLeft", true)).toBe(true);
  expect(belongsToFocus("slider", ",", false)).toBe(false);
});

test("Space plays after a click on a button, and presses it after Tab", () => {
  expect(belongsToFocus("button", "Space", true)).toBe(false);
  expect(belongsToFocus("button", "Space", false)).toBe(true);
});

test("whoever writes text has all the keys", () => {
  expect(belongsToFocus("text", "r", true)).toBe(true);
});

test("a list keeps its arrows and Enter, and Space plays", () => {
  expect(belongsToFocus("list", "ArrowDown", false)).toBe(true);
  expect(belongsToFocus("list", "Enter", true)).toBe(true);
  expect(belongsToFocus("list", "Space", true)).toBe(false);
});
