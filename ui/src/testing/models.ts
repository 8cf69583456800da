/** Values of the server's models for tests; only what a test cares about is given. */
import type { Frame, Job, Sequence, SequenceRow } from "../api/types.ts";

export const digestOf = (seed: number): string => seed.toString(16).padStart(64, "0");

export function aFrame(t: number, given: Partial<Frame> = {}): Frame {
  return {
    t,
    file: `${Math.round(t * 100)}.png`,
    state: t === 0 || t === 1 ? "key" : "made",
    digest: digestOf(Math.round(t * 1000)),
    bytes: 1000,
    engine: "local",
    model: null,
    method: null,
    prompt: null,
    cost_usd: null,
    seconds: null,
    made: null,
    made_from: [],
    shared_from: null,
    fault: null,
    flagged: false,
    trusted: false,
    takes: 0,
    ...given,
  };
}

export function aRow(pathId: string, given: Partial<SequenceRow> = {}): SequenceRow {
  return {
    path_id: pathId,
    base_path: pathId,
    expr_start: "neutral",
    expr_end: "happy",
    pose: "center",
    state: "complete",
    frames: 3,
    wanted: 3,
    stale: 0,
    flagged: 0,
    reason: null,
    start_digest: null,
    end_digest: null,
    ...given,
  };
}

export function aSequence(times: readonly number[], given: Partial<Sequence> = {}): Sequence {
  return {
    row: aRow("neutral_to_happy__center"),
    width: 100,
    height: 150,
    folder: "frames/sequences/neutral_to_happy__center",
    frames: times.map((t) => aFrame(t)),
    ...given,
  };
}

export function aJob(id: string, given: Partial<Job> = {}): Job {
  return {
    id,
    title: "Everything",
    order: { work: { kind: "sequences", overwrite: false, refresh: true }, engine: "auto" },
    state: "running",
    engine: "local",
    message: null,
    total: 3,
    made: 0,
    failed: 0,
    blocked: 0,
    spent_usd: 0,
    price_unknown: false,
    expected_usd: null,
    elapsed_s: 0,
    left_s: null,
    created: "2026-01-01T00:00:00Z",
    ended: null,
    running: [],
    failures: [],
    files: [],
    retried_as: null,
    ...given,
  };
}
