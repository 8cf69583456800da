/** Values of the server's models for tests; only what a test cares about is given. */
import type {
  EndpointCell,
  EngineInfo,
  Estimate,
  ExportFormat,
  Frame,
  Job,
  Sequence,
  SequenceRow,
} from "../api/types.ts";

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
    judged: null,
    judged_faults: [],
    instead_of: null,
    ...given,
  };
}

/** A row whose ends and pose are those that its id names: `neutral_to_happy__center`. */
export function aRow(pathId: string, given: Partial<SequenceRow> = {}): SequenceRow {
  const [base = pathId, pose = "center"] = pathId.split("__");
  const [start = "neutral", end = "happy"] = base.split("_to_");
  return {
    path_id: pathId,
    base_path: base,
    expr_start: start,
    expr_end: end,
    pose,
    end_pose: null,
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

export function anEstimate(given: Partial<Estimate> = {}): Estimate {
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
    cost_at_most_usd: given.cost_usd ?? null,
    seconds: 4,
    warnings: [],
    ...given,
  };
}

export function aCell(expression: string, pose: string, given: Partial<EndpointCell> = {}): EndpointCell {
  return {
    expression,
    pose,
    file: `${expression}__${pose}.png`,
    state: "missing",
    digest: null,
    width: null,
    height: null,
    fault: null,
    ...given,
  };
}

export function anEngine(given: Partial<EngineInfo> = {}): EngineInfo {
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
    ...given,
  };
}

export function aFormat(name: string, given: Partial<ExportFormat> = {}): ExportFormat {
  return { name, summary: `files of ${name}`, fault: "", settings: [], ...given };
}
