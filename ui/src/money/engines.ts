/** Engines as a person chooses among them. */
import type { EngineInfo } from "../api/types.ts";
import { usd } from "./wording.ts";

/** Return the engines that make what is wanted, the ready ones first; broken ones are told, whatever they made. */
export function enginesFor(engines: readonly EngineInfo[], makes: "tweens" | "expressions"): readonly EngineInfo[] {
  const fitting = engines.filter((engine) => engine.makes.includes(makes) || engine.state === "broken");
  return [...fitting.filter((engine) => engine.state === "ready"), ...unavailable(fitting)];
}

export function unavailable(engines: readonly EngineInfo[]): readonly EngineInfo[] {
  return engines.filter((engine) => engine.state !== "ready");
}

/** What one frame costs. */
export function priceOfOne(engine: EngineInfo): string {
  if (!engine.paid) return "free";
  return engine.cost_usd === null ? "price unknown" : `${usd(engine.cost_usd)} a frame`;
}
