/** The address bar and the selection say the same: `#/review/{path_id}?t=0.25`, `#/endpoints`, `#/jobs`, `#/exports`. */
import { listen, type Stop } from "../platform/timing.ts";
import { useSelection, VIEWS, type View } from "../stores/selection.ts";

export interface Place {
  view: View;
  pathId: string | null;
  t: number | null;
}

export function placeOf(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [first = "", second] = path.split("/", 2);
  const view = VIEWS.find((known) => known === first) ?? "review";
  const t = Number(new URLSearchParams(query).get("t") ?? Number.NaN);
  return {
    view,
    pathId: view === "review" && second ? decoded(second) : null,
    t: t >= 0 && t <= 1 ? t : null,
  };
}

export function hashOf({ view, pathId, t }: Place): string {
  if (view !== "review" || pathId === null) return `#/${view}`;
  return `#/review/${encodeURIComponent(pathId)}${t === null ? "" : `?t=${t}`}`;
}

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

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
