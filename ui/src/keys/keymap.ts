/**
 * Every key of the studio in one table; the key sheet and the tooltips are made from it too.
 *
 * Where a key stands in several rows, the first row whose command is available now gets it: `1` chooses a take while
 * the takes of a frame are open, shows the picture at 100 % otherwise, and sends the character somewhere in Perform.
 */
import type { Command } from "./commands.ts";

export interface Binding {
  command: Command;
  /** `Shift+ArrowLeft`, `Ctrl+Shift+z`, `Space`, `?`; letters are lower case, Ctrl is Cmd on a Mac. */
  keys: readonly string[];
  /** What the key sheet says. */
  label: string;
  /** When only a part of the time, in words for the key sheet. */
  when?: string;
  /** Whether holding the key runs it again and again. */
  repeats?: boolean;
  /** Also while a slider has the focus, which needs the arrows itself. */
  inSliders?: boolean;
  /** Runs with 1 when the key goes down and with 0 when it comes up. */
  held?: boolean;
}

export interface Group {
  title: string;
  bindings: readonly Binding[];
}

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

export const KEYMAP: readonly Group[] = [
  {
    title: "Takes",
    bindings: [
      { command: "choose-take", keys: DIGITS, label: "Look at a take", when: "while a frame's takes are open" },
      { command: "accept-take", keys: ["Enter"], label: "Put the take in place", when: "while one is looked at" },
      {
        command: "reject-take",
        keys: ["Backspace"],
        label: "Back to the picture in place",
        when: "while one is looked at",
      },
    ],
  },
  {
    title: "Play",
    bindings: [
      { command: "play", keys: ["Space", "Enter"], label: "Play or pause" },
      { command: "play-back-faster", keys: ["j"], label: "Play backwards; again: faster, up to 4×" },
      { command: "stop", keys: ["k"], label: "Stop" },
      { command: "play-faster", keys: ["l"], label: "Play; again: faster, up to 4×" },
      { command: "loop-mode", keys: ["b"], label: "Once, loop, ping-pong" },
      { command: "mark-in", keys: ["i"], label: "Section begins here" },
      { command: "mark-out", keys: ["o"], label: "Section ends here" },
      { command: "clear-section", keys: ["Alt+x"], label: "Whole sequence again" },
    ],
  },
  {
    title: "Go to",
    bindings: [
      { command: "previous-frame", keys: ["ArrowLeft"], label: "Previous frame", repeats: true },
      { command: "next-frame", keys: ["ArrowRight"], label: "Next frame", repeats: true },
      { command: "previous-anchor", keys: ["Shift+ArrowLeft"], label: "Previous anchor", repeats: true },
      { command: "next-anchor", keys: ["Shift+ArrowRight"], label: "Next anchor", repeats: true },
      {
        command: "previous-in-section",
        keys: [","],
        label: "Previous frame of the section",
        repeats: true,
        inSliders: true,
      },
      { command: "next-in-section", keys: ["."], label: "Next frame of the section", repeats: true, inSliders: true },
      { command: "extend-back", keys: ["<"], label: "Select the previous frame as well", repeats: true },
      { command: "extend-forward", keys: [">"], label: "Select the next frame as well", repeats: true },
      { command: "first-frame", keys: ["Home"], label: "First frame" },
      { command: "last-frame", keys: ["End"], label: "Last frame" },
    ],
  },
  {
    title: "Look",
    bindings: [
      { command: "single", keys: ["s", "Escape"], label: "One picture alone" },
      { command: "flip", keys: ["a"], label: "A/B flip: on, then A and B in turn" },
      { command: "peek", keys: ["\\"], label: "Show B while held", held: true },
      { command: "wipe", keys: ["w"], label: "Wipe" },
      { command: "difference", keys: ["d"], label: "Difference" },
      { command: "onion", keys: ["F3"], label: "Onion skin" },
      { command: "onion-range", keys: ["Shift+F3"], label: "Onion skin range" },
      { command: "ground", keys: ["g"], label: "Next ground" },
      { command: "zoom-in", keys: ["+", "="], label: "Zoom in", repeats: true },
      { command: "zoom-out", keys: ["-"], label: "Zoom out", repeats: true },
      { command: "zoom-fit", keys: ["0"], label: "Fit" },
      { command: "zoom-actual", keys: ["1"], label: "100 %", when: "while no takes are open" },
    ],
  },
  {
    title: "Work",
    bindings: [
      { command: "regenerate", keys: ["r"], label: "Make the frame anew" },
      { command: "regenerate-range", keys: ["Shift+r"], label: "Make the selected frames anew" },
      { command: "toggle-trusted", keys: ["m"], label: "Mark as trusted anchor" },
      { command: "toggle-flagged", keys: ["f"], label: "Flag" },
      { command: "select-all", keys: ["Ctrl+a"], label: "Select all frames" },
      { command: "select-flagged", keys: ["Shift+f"], label: "Select flagged frames" },
      { command: "undo", keys: ["Ctrl+z"], label: "Undo" },
      { command: "redo", keys: ["Ctrl+Shift+z", "Ctrl+y"], label: "Redo" },
    ],
  },
  {
    title: "Perform",
    bindings: [
      { command: "act", keys: [...DIGITS, "0"], label: "Go to an expression at this pose", when: "in Perform" },
      { command: "wink", keys: ["b"], label: "Blink", when: "in Perform" },
    ],
  },
  {
    title: "Window",
    bindings: [
      { command: "panels", keys: ["p"], label: "Hide or show the panels" },
      { command: "panels", keys: ["Tab"], label: "The same", when: "after a click on the stage" },
      { command: "key-sheet", keys: ["?"], label: "This sheet" },
    ],
  },
];

/** The keys of a command as people write them, for tooltips; empty where it has none. */
export function keyHint(command: Command): string {
  const bindings = KEYMAP.flatMap((group) => group.bindings);
  const first = bindings.find((binding) => binding.command === command)?.keys[0];
  return first === undefined ? "" : shown(first);
}

/** How a key is written for people: `Shift + ←`. */
export function shown(key: string): string {
  const words: Record<string, string> = {
    ArrowLeft: "←",
    ArrowRight: "→",
    ArrowUp: "↑",
    ArrowDown: "↓",
    "-": "−",
    Escape: "Esc",
  };
  return partsOf(key)
    .map((part) => words[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(" + ");
}

/** `Ctrl++` ends in a plus, so splitting at every plus would lose it. */
export function partsOf(key: string): string[] {
  return key.length > 1 ? key.split(/\+(?=.)/) : [key];
}
