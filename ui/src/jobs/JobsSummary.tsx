/** The top bar's word on jobs: how far they are, and whether one needs a look. */
import type { ReactElement } from "react";
import { useJobs } from "../api/queries.ts";
import { Icon } from "../design/icons.tsx";
import { useSelection } from "../stores/selection.ts";
import { summaryOf, summaryWords } from "./jobList.ts";
import "./jobs.css";

export function JobsSummary(): ReactElement | null {
  const { data: jobs } = useJobs();
  const show = useSelection((selection) => selection.show);
  if (jobs === undefined) return null;
  const summary = summaryOf(jobs);
  const words = summaryWords(summary);
  if (words === null) return null;
  const isPaused = summary.paused === summary.active;
  return (
    <button type="button" className="summary" title="Show the jobs" onClick={() => show("jobs")}>
      <span data-tone={isPaused ? "warn" : "busy"} className="state-icon">
        <Icon name={isPaused ? "pause" : "running"} turning={!isPaused} />
      </span>
      <span className="visually-hidden">Jobs: </span>
      {words}
      {summary.total > 0 && <progress value={summary.finished} max={summary.total} aria-label="Progress of all jobs" />}
    </button>
  );
}
