/** What the plan dialog asks for, as plain data. */
import type { WorkOrder } from "../api/types.ts";
import { orderOf } from "../money/order.ts";

export const DEPTHS = [1, 2, 3, 4, 5, 6, 7] as const;

export interface PlanChoices {
  readonly engine: string | null;
  /** How often the gaps are halved; null: as the project has it. */
  readonly depth: number | null;
  /** Null: as many as the engine is known to bear. */
  readonly workers: number | null;
  /** Make frames anew whose pictures have changed. */
  readonly refresh: boolean;
  /** Make everything anew. */
  readonly overwrite: boolean;
  /** Stop before a call that could take the job over this price, in US dollars. */
  readonly maxCostUsd: number | null;
}

export const FIRST_CHOICES: PlanChoices = {
  engine: null,
  depth: null,
  workers: null,
  refresh: true,
  overwrite: false,
  maxCostUsd: null,
};

/** Return the order of a plan over these paths; null paths: all that the project has. */
export function planOrder(paths: readonly string[] | null, choices: PlanChoices): WorkOrder {
  return orderOf(
    {
      kind: "sequences",
      paths: paths === null ? null : [...paths],
      depth: choices.depth,
      overwrite: choices.overwrite,
      refresh: choices.refresh,
    },
    { engine: choices.engine, workers: choices.workers, maxCostUsd: choices.maxCostUsd },
  );
}

/** How many frames a depth puts between the two drawings. */
export function betweens(depth: number): number {
  return 2 ** depth - 1;
}

/** A whole number from a field: null when it is empty, undefined when it is none or out of bounds. */
export function wholeNumber(text: string, least: number, most: number): number | null | undefined {
  const bare = text.trim();
  if (bare === "") return null;
  const number = Number(bare);
  return Number.isInteger(number) && number >= least && number <= most ? number : undefined;
}
