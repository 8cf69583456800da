/**
 * Which frame stands on the screen when: the player's rule, and what the filmstrip asks of it besides.
 */
import { endsOf, type Spacing, type Step, steps } from "../../../player/src/timing.ts";

export { frameAt, type Section, type Step, shownAfter, steps } from "../../../player/src/timing.ts";

/** The ticks from the start of a round to where a frame comes first; 0 for a frame that the round does not show. */
export function ticksBefore(index: number, round: readonly Step[]): number {
  const step = round.findIndex((each) => each.index === index);
  return step > 0 ? (endsOf(round)[step - 1] ?? 0) : 0;
}

/** How long each frame stands when the whole sequence is played once; the widths of the filmstrip. */
export function standing(times: readonly number[], spacing: Spacing): number[] {
  return times.length === 0 ? [] : steps(times, "once", { spacing }).map((step) => step.ticks);
}
