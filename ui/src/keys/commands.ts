/**
 * What the user can do, apart from which key or button does it.
 *
 * The part of the UI that can carry a command out registers for it while it can; keys and buttons run it by name. A
 * command that nobody has registered for is not available now, and its key is free for the next command in the table.
 */
import { useEffect } from "react";
import { create } from "zustand";
import type { Stop } from "../platform/timing.ts";

export const COMMANDS = [
  "play",
  "play-back",
  "stop",
  "play-faster",
  "play-back-faster",
  "previous-frame",
  "next-frame",
  "previous-in-section",
  "next-in-section",
  "previous-anchor",
  "next-anchor",
  "extend-back",
  "extend-forward",
  "first-frame",
  "last-frame",
  "mark-in",
  "mark-out",
  "clear-section",
  "loop-mode",
  "onion",
  "onion-range",
  "flip",
  "peek",
  "single",
  "wipe",
  "difference",
  "ground",
  "zoom-in",
  "zoom-out",
  "zoom-fit",
  "zoom-actual",
  "choose-take",
  "accept-take",
  "reject-take",
  "regenerate",
  "regenerate-range",
  "toggle-trusted",
  "toggle-flagged",
  "select-all",
  "select-flagged",
  "undo",
  "redo",
  "act",
  "wink",
  "panels",
  "key-sheet",
] as const;

export type Command = (typeof COMMANDS)[number];

/** `argument` is the digit of `choose-take` and `act`, and for `peek` 1 when the key goes down and 0 when it comes up. */
export type Handler = (argument: number) => void;

interface Registered {
  handlers: Partial<Record<Command, readonly Handler[]>>;
}

const useRegistered = create<Registered>(() => ({ handlers: {} }));

/** Carry a command out until stopped; the newest of several does. */
export function register(command: Command, handler: Handler): Stop {
  const without = (known: readonly Handler[] = []): Handler[] => known.filter((each) => each !== handler);
  const change = (edit: (known: readonly Handler[] | undefined) => readonly Handler[]): void =>
    useRegistered.setState(({ handlers }) => ({ handlers: { ...handlers, [command]: edit(handlers[command]) } }));
  change((known) => [...without(known), handler]);
  return () => change(without);
}

/** Carry a command out while the component is there and `handler` is not null. */
export function useCommand(command: Command, handler: Handler | null): void {
  useEffect(() => (handler ? register(command, handler) : undefined), [command, handler]);
}

/** Run a command; false if it is not available now. */
export function run(command: Command, argument = 0): boolean {
  const handler = useRegistered.getState().handlers[command]?.at(-1);
  handler?.(argument);
  return handler !== undefined;
}

export function isAvailable(command: Command): boolean {
  return (useRegistered.getState().handlers[command]?.length ?? 0) > 0;
}

/** Whether a command can be run now, for the button that does it. */
export function useAvailable(command: Command): boolean {
  return useRegistered(({ handlers }) => (handlers[command]?.length ?? 0) > 0);
}
