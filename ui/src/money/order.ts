/** Orders for the server: what is to be made, and by whom. */
import type { Work, WorkOrder } from "../api/types.ts";

/** What a person may set beside the work itself; null leaves it to the server. */
export interface OrderOptions {
  readonly engine: string | null;
  readonly workers?: number | null;
  readonly maxCostUsd?: number | null;
}

export function orderOf(work: Work, options: OrderOptions): WorkOrder {
  return {
    work,
    engine: options.engine ?? "auto",
    model: null,
    quality: null,
    max_workers: options.workers ?? null,
    max_cost_usd: options.maxCostUsd ?? null,
  };
}

/** The order as its price is asked for: a note changes no price, and is not sent with every letter that is typed. */
export function forEstimate(order: WorkOrder): WorkOrder {
  return order.work.kind === "regenerate" ? { ...order, work: { ...order.work, note: "" } } : order;
}
