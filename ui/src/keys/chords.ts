/** Pure: which rows of the keymap a key press means, and when a press belongs to what has the focus instead. */
import { type Binding, KEYMAP, partsOf } from "./keymap.ts";

/** What of a `KeyboardEvent` counts. */
export interface Press {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** How a press is written in the keymap. */
export function chordOf(press: Press): string {
  const symbol = press.key.length === 1 && press.key !== " ";
  const letter = /^\p{L}$/u.test(press.key);
  // With Alt a Mac types another character, so the key's place on the keyboard counts there.
  const name = press.altKey
    ? press.code.replace(/^Key/, "").toLowerCase()
    : letter
      ? press.key.toLowerCase()
      : press.key;
  const parts = [
    press.ctrlKey || press.metaKey ? "Ctrl" : "",
    press.altKey ? "Alt" : "",
    // Shift is how some keyboards type `?` and `+` at all.
    press.shiftKey && (letter || !symbol) ? "Shift" : "",
    name === " " ? "Space" : name,
  ];
  return parts.filter((part) => part !== "").join("+");
}

/** The rows for a chord, in the order in which they are asked. */
export function bindingsOf(chord: string): Binding[] {
  return KEYMAP.flatMap((group) => group.bindings).filter((binding) => binding.keys.includes(chord));
}

/** Who has the focus, as far as keys are concerned. */
export type Focus = "text" | "list" | "slider" | "choice" | "button" | "other";

export function focusOf(element: Element | null): Focus {
  if (element === null) return "other";
  if (element.matches("textarea, select, [contenteditable='true']")) return "text";
  if (element.matches("[role='listbox'], [role='grid'], [role='tree'], [role='gridcell'], [role='treeitem']")) {
    return "list";
  }
  if (element.matches("input[type='range'], [role='slider']")) return "slider";
  if (element.matches("input[type='radio'], [role='radio']")) return "choice";
  if (element.matches("input[type='checkbox'], input[type='button'], input[type='file'], input[type='color']")) {
    return "button";
  }
  if (element.matches("input")) return "text";
  if (element.matches("button, a[href], summary, [role='button'], [role='tab'], [role='option']")) return "button";
  return "other";
}

const MOVING_KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"];

/**
 * Whether the element with the focus needs the key itself.
 *
 * A button that was clicked keeps the focus, but whoever clicks and then presses Space means the player; only after
 * moving there with the keyboard does Space press the button.
 */
export function belongsToFocus(focus: Focus, chord: string, byPointer: boolean): boolean {
  const last = partsOf(chord).at(-1) ?? "";
  switch (focus) {
    case "text":
      return true;
    case "list":
      return MOVING_KEYS.includes(last) || last === "Enter";
    case "slider":
      return MOVING_KEYS.includes(last);
    case "choice":
      return !byPointer && (last.startsWith("Arrow") || last === "Space");
    case "button":
      return !byPointer && (last === "Space" || last === "Enter");
    case "other":
      return false;
  }
}
