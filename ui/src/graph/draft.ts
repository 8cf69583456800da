/**
 * Base paths while they are edited: a draft over what the project says.
 *
 * Each edge remembers the id that it has in the project, so that a rename is no removal and an edit can be carried over
 * to a config that another program has changed meanwhile: nothing that the person did is thrown away.
 */

import type { BasePath } from "../api/types.ts";

export interface DraftPath {
  /** Stays the same while the edge is edited. */
  readonly key: string;
  /** Its id in the project; null where it is new. */
  readonly origin: string | null;
  readonly id: string;
  readonly start: string;
  readonly end: string;
}

export interface Draft {
  readonly saved: readonly BasePath[];
  readonly version: string;
  readonly paths: readonly DraftPath[];
  /** How many edges were added, for keys. */
  readonly added: number;
}

/** Return an untouched draft of what the project says. */
export function draftOf(saved: readonly BasePath[], version: string): Draft {
  return {
    saved,
    version,
    added: 0,
    paths: saved.map((path) => ({ ...path, key: `saved:${path.id}`, origin: path.id })),
  };
}

/** Return the draft with a new edge, named after its ends. */
export function withEdge(draft: Draft, start: string, end: string, id = freeId(draft, start, end)): Draft {
  const path = { key: `new:${draft.added}`, origin: null, id, start, end };
  return { ...draft, added: draft.added + 1, paths: [...draft.paths, path] };
}

export function withoutEdge(draft: Draft, key: string): Draft {
  return { ...draft, paths: draft.paths.filter((path) => path.key !== key) };
}

export function withId(draft: Draft, key: string, id: string): Draft {
  return { ...draft, paths: draft.paths.map((path) => (path.key === key ? { ...path, id } : path)) };
}

/** Return the id that a new edge gets: `a_to_b`, numbered where that is taken. */
export function freeId(draft: Draft, start: string, end: string): string {
  const taken = new Set(draft.paths.map((path) => path.id));
  const base = `${start}_to_${end}`;
  if (!taken.has(base)) return base;
  let number = 2;
  while (taken.has(`${base}_${number}`)) number += 1;
  return `${base}_${number}`;
}

/** What the draft changes, in counts. */
export interface Changes {
  readonly added: number;
  readonly removed: number;
  readonly renamed: number;
}

export function changesOf(draft: Draft): Changes {
  const origins = new Set(draft.paths.map((path) => path.origin));
  return {
    added: draft.paths.filter((path) => path.origin === null).length,
    removed: draft.saved.filter((path) => !origins.has(path.id)).length,
    renamed: draft.paths.filter((path) => path.origin !== null && path.origin !== path.id).length,
  };
}

export function isChanged(draft: Draft): boolean {
  const changes = changesOf(draft);
  return changes.added + changes.removed + changes.renamed > 0;
}

/** Carry the edits of a draft over to a newer state of the project. */
export function rebased(draft: Draft, saved: readonly BasePath[], version: string): Draft {
  const kept = new Map(draft.paths.filter((path) => path.origin !== null).map((path) => [path.origin, path]));
  const known = new Set(draft.saved.map((path) => path.id));
  const fresh = draftOf(saved, version);
  const standing = fresh.paths
    .filter((path) => !known.has(path.id) || kept.has(path.id))
    .map((path) => ({ ...path, id: kept.get(path.id)?.id ?? path.id }));
  const savedIds = new Set(saved.map((path) => path.id));
  const added = draft.paths.filter((path) => path.origin === null && !savedIds.has(path.id));
  return { ...fresh, added: draft.added, paths: [...standing, ...added] };
}

/** Return what is wrong with edges, by key, before the server is asked. */
export function problemsOf(draft: Draft, expressions: readonly string[]): ReadonlyMap<string, string> {
  const problems = new Map<string, string>();
  const known = new Set(expressions);
  const uses = new Map<string, number>();
  for (const path of draft.paths) uses.set(path.id, (uses.get(path.id) ?? 0) + 1);
  for (const path of draft.paths) {
    const fault = faultOfId(path.id) ?? faultOfEnds(path, known);
    if (fault !== null) problems.set(path.key, fault);
    else if ((uses.get(path.id) ?? 0) > 1) problems.set(path.key, `another base path is called "${path.id}" too`);
  }
  return problems;
}

function faultOfEnds(path: DraftPath, known: ReadonlySet<string>): string | null {
  if (path.start === path.end) return "it starts and ends at the same expression";
  const unknown = [path.start, path.end].find((end) => !known.has(end));
  return unknown === undefined ? null : `there is no expression "${unknown}"`;
}

const ID = /^[\p{L}\p{N}](?:[\p{L}\p{N}_ .-]*[\p{L}\p{N}-])?$/u;
const MAX_ID_LENGTH = 100;

/** The server's rule of ids, told while they are typed; the server has the last word. */
function faultOfId(id: string): string | null {
  if (id === "") return "give it an id";
  if (id.includes("__")) return "an id may not contain two underscores in a row";
  if (!ID.test(id)) return "an id has letters, digits, _ - . and inner spaces, and begins with a letter or digit";
  return id.length > MAX_ID_LENGTH ? `an id has at most ${MAX_ID_LENGTH} characters` : null;
}

/** Sort the server's problems by the edge that they name, by place or by id; what names none comes under "". */
export function placedProblems(problems: readonly string[], draft: Draft): ReadonlyMap<string, readonly string[]> {
  const placed = new Map<string, string[]>();
  for (const problem of problems) {
    const key = pathNamedBy(problem, draft)?.key ?? "";
    placed.set(key, [...(placed.get(key) ?? []), problem]);
  }
  return placed;
}

/** `base_paths[3].end: …`, or `base_paths: 'an_id' …`. */
function pathNamedBy(problem: string, draft: Draft): DraftPath | undefined {
  const at = /base_paths\[(\d+)\]/.exec(problem)?.[1];
  if (at !== undefined) return draft.paths[Number(at)];
  return draft.paths.find((path) => problem.includes(`'${path.id}'`));
}

/** The draft as the server wants it. */
export function basePaths(draft: Draft): BasePath[] {
  return draft.paths.map(({ id, start, end }) => ({ id, start, end }));
}
