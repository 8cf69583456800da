/**
 * One page among those that direct or show the character: it carries out its own commands at once, and tells them to the
 * server, from where the others hear them. What comes back as its own is done already.
 */
import type { State } from "../../../player/src/graph.ts";
import type { WatercolorRigElement } from "../../../player/src/web/index.ts";
import type { StageCommand } from "../api/types.ts";

/** Names this page among others for as long as it is open. */
export const PAGE_NAME = Math.random().toString(36).slice(2);

/** Let the element do what another page has commanded; rejects where it can't. */
export async function obey(element: WatercolorRigElement, command: StageCommand): Promise<void> {
  if (command.by === PAGE_NAME) return;
  element.toggleAttribute("no-blink", !command.blinks);
  const { expression, pose, ms } = command;
  const { state } = element;
  if (state?.expression !== expression || state.pose !== pose) await element.go(expression, { pose, ms });
  if (command.wink) await element.blink();
}

/** Give the element another rig, in which it goes on where it is, or at another state. */
export function recast(
  element: WatercolorRigElement,
  rig: WatercolorRigElement["rig"],
  state: State | null = element.state,
): void {
  if (state) {
    element.setAttribute("expression", state.expression);
    element.setAttribute("pose", state.pose);
  }
  element.rig = rig;
}
