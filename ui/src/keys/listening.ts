/** Turns key presses into commands, for as long as the window is there. */
import { listen, type Stop } from "../platform/timing.ts";
import { belongsToFocus, bindingsOf, chordOf, focusOf } from "./chords.ts";
import { isAvailable, run } from "./commands.ts";
import type { Binding } from "./keymap.ts";

/** Listen until stopped. */
export function followKeys(): Stop {
  const keys = new KeyListener();
  const stops = [
    listen(window, "keydown", (event: KeyboardEvent) => keys.down(event)),
    listen(window, "keyup", (event: KeyboardEvent) => keys.up(event)),
    listen(window, "blur", () => keys.release()),
    listen(window, "pointerdown", (event: PointerEvent) => keys.point(event.target), { capture: true }),
    listen(window, "change", (event: Event) => keys.chosen(event.target)),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

class KeyListener {
  /** The focus was last moved by the pointer. */
  private byPointer = false;
  private pointerOnStage = false;
  private held: { key: string; binding: Binding } | null = null;
  /** Keys that went down as ours: some browsers press a button when the space bar comes up. */
  private readonly ours = new Set<string>();

  down(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const chord = chordOf(event);
    // Tab moves the focus for whoever works by keyboard; only after a click on the stage does it hide the panels.
    if (event.key === "Tab" && !(chord === "Tab" && this.pointerOnStage)) {
      this.byPointer = false;
      this.pointerOnStage = false;
      return;
    }
    // A field may have given the focus away on this very press, such as Enter; the press was still for it.
    const pressed = event.target instanceof Element ? event.target : document.activeElement;
    if (belongsToFocus(focusOf(pressed), chord, this.byPointer)) return;
    const binding = bindingsOf(chord).find((each) => isAvailable(each.command));
    if (!binding) return;
    event.preventDefault();
    this.ours.add(event.key);
    if (event.repeat && !binding.repeats) return;
    if (binding.held) this.held = { key: event.key, binding };
    run(binding.command, binding.held ? 1 : Number(event.key) || 0);
  }

  up(event: KeyboardEvent): void {
    if (this.ours.delete(event.key)) event.preventDefault();
    if (event.key === this.held?.key) this.release();
  }

  release(): void {
    if (this.held) run(this.held.binding.command, 0);
    this.held = null;
  }

  point(target: EventTarget | null): void {
    this.byPointer = true;
    this.pointerOnStage = target instanceof Element && target.closest("[data-stage]") !== null;
  }

  /** A menu in which something was chosen by pointer gives the keys back. */
  chosen(target: EventTarget | null): void {
    if (this.byPointer && target instanceof HTMLSelectElement) target.blur();
  }
}
