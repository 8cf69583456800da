/** Asking again for a single frame that a job could not make. */
import type { Job, JobFailure, WorkOrder } from "../api/types.ts";

/** Return the order for one failure of a job, or null where only the whole job can be retried. */
export function retryOrder(job: Job, failure: JobFailure): WorkOrder | null {
  const { work } = job.order;
  switch (work.kind) {
    case "regenerate":
      if (failure.t === null) return null;
      return { ...job.order, work: { ...work, times: [failure.t], ...anchorsOf(work) } };
    case "sequences":
      // What exists is skipped, so a whole sequence asks for its missing frames only.
      return { ...job.order, work: { ...work, paths: [failure.subject], overwrite: false } };
    case "expressions":
    case "export":
    case "format":
      return null;
  }
}

type RegenerateWork = Extract<WorkOrder["work"], { kind: "regenerate" }>;

function anchorsOf(work: RegenerateWork): Pick<RegenerateWork, "anchor_start_t" | "anchor_end_t"> {
  const single = work.times.length === 1;
  return {
    anchor_start_t: single ? (work.anchor_start_t ?? null) : null,
    anchor_end_t: single ? (work.anchor_end_t ?? null) : null,
  };
}
