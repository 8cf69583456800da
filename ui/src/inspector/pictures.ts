/**
 * The pictures that a frame has had, with the one in its place among them.
 *
 * A picture of a free engine becomes a take only when it is about to be replaced, so the one in place may be no take.
 */
import type { Frame, Take } from "../api/types.ts";
import { usd } from "../money/wording.ts";

export interface FramePicture {
  /** The take's number, or null for a picture in place that is no take yet. */
  readonly take: number | null;
  readonly digest: string;
  readonly inPlace: boolean;
  readonly made: string | null;
  readonly engine: string;
  /** Engine, model and price in words. */
  readonly facts: string;
}

/** Return a frame's pictures in the order of its takes, the newest first. */
export function picturesOf(takes: readonly Take[], frame: Frame): readonly FramePicture[] {
  const pictures = takes.map((take) => ({
    take: take.take,
    digest: take.digest,
    inPlace: take.in_place,
    made: take.made,
    engine: take.engine,
    facts: facts(take.engine, take.model, take.cost_usd),
  }));
  if (frame.digest === null || pictures.some((picture) => picture.inPlace)) return pictures;
  const { digest, engine, model, cost_usd, made } = frame;
  const words = facts(engine, model, cost_usd);
  return [{ take: null, digest, inPlace: true, made, engine: engine ?? "", facts: words }, ...pictures];
}

function facts(engine: string | null, model: string | null, cost: number | null): string {
  return [engine ?? "", model ?? "", cost === null || cost === 0 ? "" : usd(cost)].filter(Boolean).join(" · ");
}
