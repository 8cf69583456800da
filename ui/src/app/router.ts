/** The address bar and the selection say the same. */
import { listen, type Stop } from "../platform/timing.ts";
import { useSelection } from "../stores/selection.ts";
import { hashOf, placeOf } from "./place.ts";

/** Keep both the same until stopped. A new view or sequence is a step in the history, a new frame is not. */
export function followAddress(): Stop {
  const read = (): void => {
    const place = placeOf(window.location.hash);
    const now = useSelection.getState();
    if (place.view !== "review" || place.pathId === null) now.show(place.view);
    else if (place.pathId !== now.pathId) now.openSequence(place.pathId, place.t ?? 0);
    else {
      now.show("review");
      if (place.t !== null && place.t !== now.t) now.selectFrame(place.t);
    }
  };
  read();
  const stopListening = listen(window, "hashchange", read);
  const stopWriting = useSelection.subscribe((now, before) => {
    const hash = hashOf(now);
    if (hash === window.location.hash) return;
    const isStep = now.view !== before.view || now.pathId !== before.pathId;
    window.history[isStep ? "pushState" : "replaceState"](null, "", hash);
  });
  return () => {
    stopListening();
    stopWriting();
  };
}
