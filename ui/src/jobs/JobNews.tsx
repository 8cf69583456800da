/** Tells how jobs end, wherever the person is; and has prices worked out anew when something has changed. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useEndpoints, useJobs, useProject } from "../api/queries.ts";
import type { Job, JobState } from "../api/types.ts";
import { ESTIMATES_KEY } from "../money/useEstimate.ts";
import { notify } from "../stores/notices.ts";
import { useSelection } from "../stores/selection.ts";
import { announcement, isExport } from "./jobList.ts";

/** Draws nothing; notices are heard by screen readers. */
export function JobNews(): null {
  const { data: jobs } = useJobs();
  const known = useRef<ReadonlyMap<string, Job> | null>(null);
  useEffect(() => {
    if (jobs === undefined) return;
    for (const job of known.current === null ? [] : jobs) {
      const text = announcement(known.current?.get(job.id), job);
      if (text !== null) tell(job, text);
    }
    known.current = new Map(jobs.map((job) => [job.id, job]));
  }, [jobs]);
  useFreshEstimates(jobs);
  return null;
}

const KINDS: Readonly<Partial<Record<JobState, "done" | "info">>> = { done: "done", cancelled: "info" };

function tell(job: Job, text: string): void {
  const show = (): void => useSelection.getState().show(isExport(job) ? "exports" : "jobs");
  notify(KINDS[job.state] ?? "problem", text, { label: "Show", run: show });
}

/** A price depends on what is there: it is asked for again after jobs, new drawings and new paths. */
function useFreshEstimates(jobs: readonly Job[] | undefined): void {
  const client = useQueryClient();
  const { data: endpoints } = useEndpoints();
  const { data: project } = useProject();
  const states = jobs?.map((job) => `${job.id} ${job.state}`).join();
  useEffect(() => {
    void client.invalidateQueries({ queryKey: ESTIMATES_KEY });
  }, [client, states, endpoints, project?.config_version]);
}
