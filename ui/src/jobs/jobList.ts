/** The list of jobs as plain data: what the top bar and the cards say about it. */

import type { Job, JobState } from "../api/types.ts";
import { count, duration, usd } from "../money/wording.ts";

const FINAL: ReadonlySet<JobState> = new Set(["done", "failed", "cancelled", "interrupted"]);

/** Whether nothing more will happen in a job by itself. */
export function isOver(job: Job): boolean {
  return FINAL.has(job.state);
}

/** Of the jobs that go on: how far they are together. */
export interface Summary {
  readonly active: number;
  readonly paused: number;
  readonly finished: number;
  readonly total: number;
  /** Seconds until the last one is through; null where that can't be told. */
  readonly left_s: number | null;
  /** Jobs over whose last word was bad news. */
  readonly troubled: number;
}

export function summaryOf(jobs: readonly Job[]): Summary {
  const active = jobs.filter((job) => !isOver(job));
  const times = active.filter((job) => job.state !== "paused").map((job) => job.left_s);
  const known = times.filter((time) => time !== null);
  return {
    active: active.length,
    paused: active.filter((job) => job.state === "paused").length,
    finished: active.reduce((sum, job) => sum + finishedOf(job), 0),
    total: active.reduce((sum, job) => sum + job.total, 0),
    left_s: known.length === times.length && known.length > 0 ? Math.max(...known) : null,
    troubled: jobs.filter((job) => job.state === "failed" || job.state === "interrupted").length,
  };
}

/** `3 frames`, `1 file`: what a job makes, by its kind. */
export function things(job: Job, amount: number): string {
  switch (job.order.work.kind) {
    case "export":
    case "format":
      return count(amount, "file");
    case "expressions":
      return count(amount, "expression");
    case "sequences":
    case "regenerate":
      return count(amount, "frame");
  }
}

/** Whether a job writes files to take along, which the view of exports shows. */
export function isExport(job: Job): boolean {
  return job.order.work.kind === "export" || job.order.work.kind === "format";
}

/** Whether a job does not know yet how much it has to make. */
export function isPlanning(job: Job): boolean {
  return job.total === 0 && !isOver(job);
}

/** How many of a job's frames are settled, well or badly. */
export function finishedOf(job: Job): number {
  return job.made + job.failed + job.blocked;
}

/** `3/41 · ~2 min left`, `paused at 3/41`, or null where no job goes on. */
export function summaryWords(summary: Summary): string | null {
  if (summary.active === 0) return null;
  if (summary.total === 0) return summary.paused === summary.active ? "paused" : "planning …";
  const progress = `${summary.finished}/${summary.total}`;
  if (summary.paused === summary.active) return `paused at ${progress}`;
  return summary.left_s === null ? progress : `${progress} · ~${duration(summary.left_s)} left`;
}

const STATE_LABELS: Readonly<Record<JobState, string>> = {
  queued: "Waiting",
  running: "Running",
  paused: "Paused",
  cancelling: "Stopping",
  done: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
  interrupted: "Interrupted",
};

export function stateLabel(job: Job): string {
  return job.state === "failed" && job.made > 0 ? "Partly failed" : STATE_LABELS[job.state];
}

/** The line under a job's title: what is made, what went wrong, what it cost and how long it takes. */
export function factsOf(job: Job): readonly string[] {
  const facts = [isPlanning(job) ? "working out what is to be made" : `${job.made} of ${things(job, job.total)} made`];
  if (job.failed > 0) facts.push(`${job.failed} failed`);
  if (job.blocked > 0) facts.push(`${job.blocked} ${job.failed > 0 ? "not possible without them" : "not started"}`);
  facts.push(...moneyFacts(job));
  if (job.elapsed_s >= 1)
    facts.push(isOver(job) ? `took ${duration(job.elapsed_s)}` : `${duration(job.elapsed_s)} so far`);
  if (job.left_s !== null && job.state === "running") facts.push(`~${duration(job.left_s)} left`);
  return facts;
}

function moneyFacts(job: Job): readonly string[] {
  if (job.price_unknown) return [`${usd(job.spent_usd)} reported, price of some calls unknown`];
  if (job.expected_usd !== null && job.expected_usd > 0 && !isOver(job)) {
    return [`${usd(job.spent_usd)} of ~${usd(job.expected_usd)}`];
  }
  return job.spent_usd > 0 ? [usd(job.spent_usd)] : [];
}

/** What can be done with a job now. */
export interface JobActions {
  readonly pause: boolean;
  readonly resume: boolean;
  readonly cancel: boolean;
  /** Null where there is nothing to do again, else what the button says. */
  readonly retry: string | null;
}

export function actionsOf(job: Job): JobActions {
  return {
    pause: job.state === "running" || job.state === "queued",
    resume: job.state === "paused",
    cancel: job.state === "running" || job.state === "queued" || job.state === "paused",
    retry: retryLabel(job),
  };
}

function retryLabel(job: Job): string | null {
  const open = job.total - job.made;
  if (job.state === "interrupted") return "Continue";
  if (job.state === "cancelled") return open > 0 ? "Continue" : null;
  if (job.state === "failed") return open > 0 ? `Retry ${things(job, open)}` : "Retry";
  return null;
}

/** What a screen reader should hear when a job goes from one state to another; null for what is no news. */
export function announcement(before: Job | undefined, now: Job): string | null {
  if (before === undefined || before.state === now.state || !isOver(now)) return null;
  const result = `${now.made} of ${things(now, now.total)} made`;
  const end = `${now.title}: ${now.state}, ${result}.`;
  return now.state === "failed" ? `${end} ${now.failures[0]?.reason ?? now.message ?? ""}`.trim() : end;
}
