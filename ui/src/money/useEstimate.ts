/** What an order would cost, asked for when the order has stood still for a moment. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { request } from "../api/client.ts";
import type { Estimate, WorkOrder } from "../api/types.ts";
import { after } from "../platform/timing.ts";
import { forEstimate } from "./order.ts";

export const ESTIMATES_KEY = ["estimate"] as const;

const SETTLES_MS = 120;

export interface Estimation {
  /** The estimate of exactly this order; never that of an earlier one. */
  readonly estimate: Estimate | undefined;
  readonly error: Error | null;
}

/** Ask for the price of an order; null asks for nothing. */
export function useEstimate(order: WorkOrder | null): Estimation {
  const wanted = order === null ? null : JSON.stringify(forEstimate(order));
  const settled = useSettled(wanted, SETTLES_MS);
  const { data, error } = useQuery({
    queryKey: [...ESTIMATES_KEY, settled],
    queryFn: ({ signal }) =>
      request("post", "/api/v1/estimate", { json: JSON.parse(settled ?? "") as WorkOrder, signal }),
    enabled: settled !== null,
    staleTime: 0,
    gcTime: 60_000,
  });
  return settled === wanted && wanted !== null ? { estimate: data, error } : { estimate: undefined, error: null };
}

/** A value once it has not changed for `delayMs`; the first one at once. */
function useSettled<T>(value: T, delayMs: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => after(delayMs, () => setSettled(value)), [value, delayMs]);
  return settled;
}
