/** An element that performs the project's own sequences, for as long as the view is there. */
import { useCallback, useEffect, useMemo, useRef } from "react";
import { checkRig } from "../../../player/src/rig.ts";
import "../../../player/src/web/index.ts";
import type { Rig, StageCommand } from "../api/types.ts";
import { listen } from "../platform/timing.ts";
import { notifyError } from "../stores/notices.ts";
import { useSettings } from "../stores/settings.ts";
import { obey, recast } from "./direction.ts";
import { NO_PERFORMER, usePerformer } from "./store.ts";

/** Put the element into what the answer is given to; `told` is the last command, null before the first. */
export function usePerformance(rig: Rig, told: StageCommand | null): (place: HTMLElement | null) => void {
  const cast = useMemo(() => checkRig(rig, "the project"), [rig]);
  const begun = useRef(told);
  const element = usePerformer((now) => now.element);

  useEffect(() => {
    if (element) recast(element, cast);
  }, [element, cast]);

  useEffect(() => {
    if (element && told && told !== begun.current) obey(element, told).catch(notifyError);
    begun.current = told;
  }, [element, told]);

  return useCallback((place: HTMLElement | null) => (place ? begin(place, begun.current) : undefined), []);
}

/** Begin where the last command left the character, and follow it. */
function begin(place: HTMLElement, told: StageCommand | null): () => void {
  const element = document.createElement("watercolor-rig");
  if (told) {
    element.setAttribute("expression", told.expression);
    element.setAttribute("pose", told.pose);
  }
  element.toggleAttribute("no-blink", !useSettings.getState().blinks);
  const look = (): void => usePerformer.setState({ states: element.states, now: element.state, trouble: null });
  const stops = [
    listen(element, "ready", look),
    listen(element, "go", look),
    listen(element, "error", (event: CustomEvent<{ message: string }>) => {
      if (element.states.length === 0) usePerformer.setState({ trouble: event.detail.message });
      else notifyError(event.detail.message);
    }),
  ];
  place.append(element);
  usePerformer.setState({ ...NO_PERFORMER, element });
  return () => {
    for (const stop of stops) stop();
    element.remove();
    usePerformer.setState(NO_PERFORMER);
  };
}
