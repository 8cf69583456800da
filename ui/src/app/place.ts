/** What an address names: `#/review/{path_id}?t=0.25`, `#/endpoints`, `#/perform`, `#/jobs`, `#/exports`. */
import { VIEWS, type View } from "../stores/views.ts";

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

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
