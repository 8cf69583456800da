/** The element that performs in the window, and where it is. */
import { create } from "zustand";
import type { State } from "../../../player/src/graph.ts";
import type { WatercolorRigElement } from "../../../player/src/web/index.ts";
import { request } from "../api/client.ts";
import { notifyError } from "../stores/notices.ts";
import { useSettings } from "../stores/settings.ts";
import { PAGE_NAME } from "./direction.ts";
import { stateOf } from "./states.ts";

interface Performer {
  /** Null while none is there. */
  readonly element: WatercolorRigElement | null;
  /** Where it can rest; empty while it loads. */
  readonly states: readonly State[];
  /** Where it is, or is on its way to. */
  readonly now: State | null;
  /** What keeps it from being shown. */
  readonly trouble: string | null;
}

export const NO_PERFORMER: Performer = { element: null, states: [], now: null, trouble: null };

export const usePerformer = create<Performer>(() => NO_PERFORMER);

/** Go to a state, here and on every stage. */
export function act(state: State): void {
  const { element } = usePerformer.getState();
  const { transitionMs: ms } = useSettings.getState();
  element?.go(state.expression, { pose: state.pose, ms }).catch(notifyError);
  tell(state);
}

/** Go to the state of a digit. */
export function actByKey(digit: number): void {
  const { states, now } = usePerformer.getState();
  const state = now && stateOf(digit, states, now);
  if (state) act(state);
}

/** Blink, here and on every stage. */
export function wink(): void {
  const { element, now } = usePerformer.getState();
  element?.blink().catch(notifyError);
  if (now) tell(now, true);
}

/** Choose whether the character blinks by itself, here and on every stage. */
export function setBlinks(blinks: boolean): void {
  useSettings.getState().set({ blinks });
  const { element, now } = usePerformer.getState();
  element?.toggleAttribute("no-blink", !blinks);
  if (now) tell(now);
}

function tell({ expression, pose }: State, isWink = false): void {
  const { transitionMs: ms, blinks } = useSettings.getState();
  const json = { expression, pose, ms, blinks, wink: isWink, by: PAGE_NAME };
  request("post", "/api/v1/stage", { json }).catch(notifyError);
}
