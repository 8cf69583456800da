/** Turns key presses into commands, for as long as the window is there. */
import { listen, type Stop } from "../platform/timing.ts";
import { belongsToFocus, bindingsOf, chordOf, focusOf } from "./chords.ts";
import { isAvailable, run } from "./commands.ts";
import type { Binding } from "./keymap.ts";

/** Listen until stopped. */
export function followKeys(): Stop {
  let pointerOnStage = false;
  let heldKey: { key: string; binding: Binding } | null = null;

  const release = (): void => {
    if (heldKey) run(heldKey.binding.command, 0);
    heldKey = null;
  };
  const down = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const chord = chordOf(event);
    // Tab moves the focus for whoever works by keyboard; only after a click on the stage does it hide the panels.
    if (chord === "Tab" && !pointerOnStage) return;
    if (event.key === "Tab" && chord !== "Tab") pointerOnStage = false;
    if (belongsToFocus(focusOf(document.activeElement), chord)) return;
    const binding = bindingsOf(chord).find((each) => isAvailable(each.command));
    if (!binding) return;
    event.preventDefault();
    if (event.repeat && !binding.repeats) return;
    if (binding.held) heldKey = { key: event.key, binding };
    run(binding.command, binding.held ? 1 : Number(event.key) || 0);
  };
  const stops = [
    listen(window, "keydown", down),
    listen(window, "keyup", (event: KeyboardEvent) => {
      if (event.key === heldKey?.key) release();
    }),
    listen(window, "blur", release),
    listen(
      window,
      "pointerdown",
      (event: PointerEvent) => {
        pointerOnStage = event.target instanceof Element && event.target.closest("[data-stage]") !== null;
      },
      { capture: true },
    ),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
