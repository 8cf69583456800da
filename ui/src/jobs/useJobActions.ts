/** Pause, resume, cancel and retry: each answers with the job as it stands then. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { request } from "../api/client.ts";
import { keys } from "../api/queries.ts";
import type { Job } from "../api/types.ts";
import { withJob } from "../api/updates.ts";
import { notifyError } from "../stores/notices.ts";

export type JobAction = "pause" | "resume" | "cancel" | "retry";

const PATHS = {
  pause: "/api/v1/jobs/{job_id}/pause",
  resume: "/api/v1/jobs/{job_id}/resume",
  cancel: "/api/v1/jobs/{job_id}/cancel",
  retry: "/api/v1/jobs/{job_id}/retry",
} as const;

/** Return a function that does something with a job, and what is being done now. */
export function useJobActions(id: string): { act: (action: JobAction) => void; pending: JobAction | null } {
  const client = useQueryClient();
  const { mutate, isPending, variables } = useMutation({
    mutationFn: (action: JobAction) => request("post", PATHS[action], { params: { job_id: id } }),
    onSuccess: (job) => {
      client.setQueryData<Job[]>(keys.jobs, (old) => old && withJob(old, job));
    },
    onError: notifyError,
  });
  return { act: mutate, pending: isPending ? variables : null };
}
