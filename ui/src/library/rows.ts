/**
 * The list of sequences as plain data: which rows are shown, and how many are in which state.
 *
 * Everything is one pass over the rows, because a list may have 10,000 of them.
 */

import type { SequenceRow, SequenceState } from "../api/types.ts";

/** What the list is narrowed to. */
export interface RowFilter {
  readonly text: string;
  readonly states: ReadonlySet<SequenceState>;
  readonly expression: string | null;
  readonly pose: string | null;
}

export const NO_FILTER: RowFilter = { text: "", states: new Set(), expression: null, pose: null };

/** Whether the filter leaves anything out. */
export function isFiltering(filter: RowFilter): boolean {
  return filter.text.trim() !== "" || filter.states.size > 0 || filter.expression !== null || filter.pose !== null;
}

/** Return the rows that the filter lets through; every word of its text must be in the path id. */
export function filtered(rows: readonly SequenceRow[], filter: RowFilter): readonly SequenceRow[] {
  if (!isFiltering(filter)) return rows;
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(
    (row) =>
      (filter.states.size === 0 || filter.states.has(row.state)) &&
      (filter.pose === null || row.pose === filter.pose || row.end_pose === filter.pose) &&
      (filter.expression === null || row.expr_start === filter.expression || row.expr_end === filter.expression) &&
      (words.length === 0 || matches(row, words)),
  );
}

/** Return the pose of a sequence in words, or where the head turns, both poses. */
export function poseOf(row: SequenceRow): string {
  return row.end_pose === null ? row.pose : `${row.pose} → ${row.end_pose}`;
}

function matches(row: SequenceRow, words: readonly string[]): boolean {
  const id = row.path_id.toLowerCase();
  return words.every((word) => id.includes(word));
}

/** How many rows are in each state. */
export function countStates(rows: readonly SequenceRow[]): ReadonlyMap<SequenceState, number> {
  const counts = new Map<SequenceState, number>();
  for (const row of rows) counts.set(row.state, (counts.get(row.state) ?? 0) + 1);
  return counts;
}

/** How many sequences touch each expression and each pose, and what is not right with them. */
export interface Tally {
  readonly total: number;
  readonly complete: number;
}

/** Sum up the rows by expression: a sequence counts for both of its ends. */
export function tallyExpressions(rows: readonly SequenceRow[]): ReadonlyMap<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (const row of rows) {
    add(tallies, row.expr_start, row);
    if (row.expr_end !== row.expr_start) add(tallies, row.expr_end, row);
  }
  return tallies;
}

/** Sum up the rows by pose: a turn of the head counts for both of its poses. */
export function tallyPoses(rows: readonly SequenceRow[]): ReadonlyMap<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (const row of rows) {
    add(tallies, row.pose, row);
    if (row.end_pose !== null) add(tallies, row.end_pose, row);
  }
  return tallies;
}

function add(tallies: Map<string, Tally>, key: string, row: SequenceRow): void {
  const before = tallies.get(key) ?? { total: 0, complete: 0 };
  tallies.set(key, {
    total: before.total + 1,
    complete: before.complete + (row.state === "complete" ? 1 : 0),
  });
}

/** Where the keyboard moves to in a list of `length` rows from `at` (-1: nowhere yet); null: the key does not move. */
export function moved(key: string, at: number, length: number, page: number): number | null {
  if (length === 0) return null;
  const target = targetOf(key, at, length, page);
  return target === null ? null : Math.min(Math.max(target, 0), length - 1);
}

function targetOf(key: string, at: number, length: number, page: number): number | null {
  switch (key) {
    case "ArrowDown":
      return at + 1;
    case "ArrowUp":
      return at === -1 ? length - 1 : at - 1;
    case "PageDown":
      return at + page;
    case "PageUp":
      return at - page;
    case "Home":
      return 0;
    case "End":
      return length - 1;
    default:
      return null;
  }
}

/** What is left to do, for the foot of the list. */
export function workWords(counts: ReadonlyMap<SequenceState, number>): string {
  const of = (state: SequenceState): number => counts.get(state) ?? 0;
  const toMake = of("missing") + of("stale");
  const parts = [
    toMake > 0 ? `${toMake.toLocaleString("en")} to make` : "",
    of("blocked") > 0 ? `${of("blocked").toLocaleString("en")} blocked` : "",
    of("unchecked") > 0 ? `${of("unchecked").toLocaleString("en")} unchecked` : "",
  ].filter(Boolean);
  return parts.length === 0 ? "Nothing to make" : parts.join(", ");
}
