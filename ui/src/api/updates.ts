/** Pure: how an event changes what is already known, without asking the server again. */
import type { Frame, Job, Sequence, SequenceRow } from "./types.ts";

/** Newest first; a new job comes to the front. */
export function withJob(jobs: readonly Job[], changed: Job): Job[] {
  const known = jobs.some((job) => job.id === changed.id);
  return known ? jobs.map((job) => (job.id === changed.id ? changed : job)) : [changed, ...jobs];
}

/** Replace or insert a frame by its t; frames stay sorted. */
export function withFrame(sequence: Sequence, changed: Frame): Sequence {
  const others = sequence.frames.filter((frame) => frame.t !== changed.t);
  const frames = [...others, changed].sort((a, b) => a.t - b.t);
  return { ...sequence, frames };
}

/**
 * Apply many rows at once, null meaning that the sequence is gone. Rows keep the server's order; new ones come last.
 *
 * One pass over the list however many rows changed: a run over thousands of sequences sends many events a second.
 */
export function withRows(
  rows: readonly SequenceRow[],
  changed: ReadonlyMap<string, SequenceRow | null>,
): SequenceRow[] {
  const left = new Map(changed);
  const found: SequenceRow[] = [];
  for (const row of rows) {
    const replacement = left.get(row.path_id);
    left.delete(row.path_id);
    if (replacement === undefined) found.push(row);
    else if (replacement !== null) found.push(replacement);
  }
  return [...found, ...[...left.values()].filter((row) => row !== null)];
}
