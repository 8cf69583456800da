/** Starting a job from a button that says its price, with a question where the price is high. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { request } from "../api/client.ts";
import { keys, useEngines } from "../api/queries.ts";
import type { EngineInfo, Estimate, Job, WorkOrder } from "../api/types.ts";
import { withJob } from "../api/updates.ts";
import { useEstimate } from "./useEstimate.ts";
import { asksFirst, priced } from "./wording.ts";

export interface Start {
  /** What stands on the button: the action, its price and its time. */
  readonly label: string;
  /** Why it can't be pressed now. */
  readonly disabledBecause: string | null;
  readonly busy: boolean;
  readonly estimate: Estimate | undefined;
  /** What kept the price or the job away. */
  readonly error: Error | null;
  /** Whether the question about the price is open. */
  readonly asking: boolean;
  /** Start, or ask first. */
  readonly press: () => void;
  readonly agree: () => void;
  readonly decline: () => void;
}

/**
 * Return what a start button needs.
 *
 * @param order What would be started; null where nothing can be.
 * @param action The button's words, such as `Regenerate 3 frames`.
 */
export function useStart(order: WorkOrder | null, action: string, onStarted?: (job: Job) => void): Start {
  const [asking, setAsking] = useState(false);
  const { estimate, error } = useEstimate(order);
  const { data: engines } = useEngines();
  const start = useStartJob(onStarted);
  const launch = (): void => {
    setAsking(false);
    if (order !== null) start.mutate(order);
  };
  return {
    label: priced(action, order === null ? undefined : estimate),
    disabledBecause: reasonToWait(order, estimate, error) ?? notReady(estimate, engines),
    busy: start.isPending,
    estimate,
    error: error ?? start.error,
    asking: asking && estimate !== undefined,
    press: () => {
      if (estimate === undefined || start.isPending || notReady(estimate, engines) !== null) return;
      if (asksFirst(estimate)) setAsking(true);
      else launch();
    },
    agree: launch,
    decline: () => setAsking(false),
  };
}

/** Start a job at once; the list of jobs has it before its first event. */
export function useStartJob(onStarted?: (job: Job) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (order: WorkOrder) => request("post", "/api/v1/jobs", { json: order }),
    onSuccess: (job) => {
      client.setQueryData<Job[]>(keys.jobs, (old) => old && withJob(old, job));
      onStarted?.(job);
    },
  });
}

function reasonToWait(order: WorkOrder | null, estimate: Estimate | undefined, error: Error | null): string | null {
  if (order === null) return "nothing is selected that can be made";
  if (error !== null) return "its price could not be worked out";
  if (estimate === undefined) return "its price is being worked out";
  return estimate.frames === 0 ? "there is nothing to make" : null;
}

/** Why the engine that the order would go to can't work, where that is known. */
function notReady(estimate: Estimate | undefined, engines: readonly EngineInfo[] | undefined): string | null {
  const engine = engines?.find((each) => each.name === estimate?.engine);
  return engine === undefined || engine.state === "ready" ? null : `${engine.name} can't be used: ${engine.detail}`;
}
