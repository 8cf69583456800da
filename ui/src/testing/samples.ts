/** Whole records for tests, so that a test states only what it is about. */

import type { EndpointCell, EngineInfo, Estimate, Frame, Job, SequenceRow } from "../api/types.ts";

const DIGEST = "0".repeat(64);

export function aRow(changes: Partial<SequenceRow> & { path_id: string }): SequenceRow {
  const [base, pose] = changes.path_id.split("__");
  const [start, end] = (base ?? "").split("_to_");
  return {
    base_path: base ?? "",
    expr_start: start ?? "",
    expr_end: end ?? "",
    pose: pose ?? "",
    state: "complete",
    frames: 5,
    wanted: 5,
    stale: 0,
    flagged: 0,
    reason: null,
    start_digest: DIGEST,
    end_digest: DIGEST,
    ...changes,
  };
}

export function aFrame(changes: Partial<Frame> & { t: number }): Frame {
  return {
    file: `${String(Math.round(changes.t * 100)).padStart(3, "0")}.png`,
    state: "made",
    digest: DIGEST,
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
    takes: 1,
    ...changes,
  };
}

export function aJob(changes: Partial<Job> = {}): Job {
  return {
    id: "j1",
    title: "Make 3 sequences",
    order: {
      work: { kind: "sequences", paths: null, depth: null, overwrite: false, refresh: true },
      engine: "auto",
      model: null,
      quality: null,
      max_workers: null,
      max_cost_usd: null,
    },
    state: "running",
    engine: "local",
    message: null,
    total: 9,
    made: 0,
    failed: 0,
    blocked: 0,
    spent_usd: 0,
    price_unknown: false,
    expected_usd: null,
    elapsed_s: 0,
    left_s: null,
    created: "2026-11-23T10:00:00Z",
    ended: null,
    running: [],
    failures: [],
    files: [],
    retried_as: null,
    ...changes,
  };
}

export function anEstimate(changes: Partial<Estimate> = {}): Estimate {
  return {
    engine: "local",
    reason: "OPENAI_API_KEY is not set",
    paid: false,
    frames: 9,
    shared: 0,
    calls: 9,
    sequences: 3,
    workers: 2,
    cost_usd: null,
    seconds: 4,
    warnings: [],
    ...changes,
  };
}

export function aCell(expression: string, pose: string, changes: Partial<EndpointCell> = {}): EndpointCell {
  return {
    expression,
    pose,
    file: `${expression}__${pose}.png`,
    state: "missing",
    digest: null,
    width: null,
    height: null,
    fault: null,
    ...changes,
  };
}

export function anEngine(changes: Partial<EngineInfo> = {}): EngineInfo {
  return {
    name: "local",
    state: "ready",
    makes: ["tweens"],
    summary: "",
    detail: "",
    paid: false,
    default: true,
    takes_prompt: false,
    cost_usd: null,
    seconds: 1,
    ...changes,
  };
}
