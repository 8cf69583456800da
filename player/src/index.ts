/** Plays a character's sequences: ways between its states, and what it shows at any moment. */
export { EASING_NAMES, type Easing, ease } from "./easing.ts";
export {
  type Clip,
  isSame,
  type Leg,
  type MissingPath,
  type State,
  spell,
  spellPath,
  TransitionGraph,
  UnreachableError,
} from "./graph.ts";
export { blinkTimes, dice } from "./idle.ts";
export { type How, Live, type LiveClock, type LiveOptions, type Plan, type Stop } from "./live.ts";
export { type Put, type Stroke, strokes, type Wipe } from "./patches.ts";
export { type Blink, type Cue, type Go, Performance, type PerformanceOptions, type Showing } from "./performance.ts";
export {
  checkRig,
  clipsOf,
  type Patch,
  type Picture,
  parseRig,
  type Rig,
  type RigClip,
  RigError,
  type Sheet,
  type Size,
} from "./rig.ts";
export {
  frameAt,
  type LoopMode,
  type RoundOptions,
  type Section,
  type Shown,
  type Spacing,
  type Step,
  shownAfter,
  steps,
} from "./timing.ts";
