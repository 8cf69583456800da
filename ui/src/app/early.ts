/**
 * What the address names is asked for at once, while the rest of the page still loads: the project, the sequence, and
 * the one picture that the stage will show first. It all goes where it is looked for later.
 */
import { request } from "../api/client.ts";
import type { Project, Sequence } from "../api/types.ts";
import { after } from "../platform/timing.ts";
import { nearest } from "../playback/nearest.ts";
import type { Place } from "./place.ts";

/** How long the window waits for the early answers; drawing it keeps the browser from taking them. */
const PATIENCE_MS = 150;

export interface Early {
  project: Promise<Project>;
  /** Null where the address names none. */
  sequence: { pathId: string; answer: Promise<Sequence> } | null;
  /** When the window should be drawn: all is there or has failed, or it takes too long. Never fails. */
  ready: Promise<void>;
}

/** Ask for what `place` names; `decode` puts a picture where the stage will look for it. Whoever takes the answers handles their errors. */
export function askEarly({ pathId, t }: Place, decode: (digest: string) => Promise<unknown>): Early {
  const project = request("get", "/api/v1/project");
  if (pathId === null) return { project, sequence: null, ready: inTime([project]) };
  const answer = request("get", "/api/v1/sequences/{path_id}", { params: { path_id: pathId } });
  const picture = answer.then(({ frames }) => {
    const shown = nearest(
      frames.filter((frame) => frame.digest !== null),
      t ?? 0,
    );
    return shown?.digest && decode(shown.digest);
  });
  return { project, sequence: { pathId, answer }, ready: inTime([project, picture]) };
}

async function inTime(answers: Promise<unknown>[]): Promise<void> {
  const tooLong = new Promise<void>((resolve) => after(PATIENCE_MS, resolve));
  await Promise.race([Promise.allSettled(answers), tooLong]);
}
