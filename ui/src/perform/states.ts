/** Pure: the states of a character as buttons and keys show them. */
import { isSame, type State } from "../../../player/src/graph.ts";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"];

export interface PoseStates {
  readonly pose: string;
  readonly states: readonly State[];
}

/** The states by pose, both in the order in which the sequences bring them. */
export function byPose(states: readonly State[]): PoseStates[] {
  const poses = [...new Set(states.map(({ pose }) => pose))];
  return poses.map((pose) => ({ pose, states: states.filter((state) => state.pose === pose) }));
}

/** The key of a state: digits go to the first ten expressions at the pose where the character is. */
export function keyOf(state: State, states: readonly State[], now: State): string | null {
  if (state.pose !== now.pose) return null;
  const here = states.filter(({ pose }) => pose === now.pose);
  return KEYS[here.findIndex((each) => isSame(each, state))] ?? null;
}

/** The state of a digit, 0 for the tenth one; null where there are not as many. */
export function stateOf(digit: number, states: readonly State[], now: State): State | null {
  return states.find((state) => keyOf(state, states, now) === String(digit)) ?? null;
}
