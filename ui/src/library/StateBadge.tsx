/** A sequence's state as icon and word; colour only repeats what they say. */
import type { ReactElement } from "react";
import type { SequenceState } from "../api/types.ts";
import { Icon, type IconName } from "../design/icons.tsx";
import { STATE_WORDS } from "./states.ts";

const ICONS: Readonly<Record<SequenceState, IconName>> = {
  running: "running",
  broken: "broken",
  blocked: "blocked",
  missing: "missing",
  stale: "stale",
  flagged: "flag",
  complete: "done",
  unchecked: "more",
};

export function StateIcon({ state }: { state: SequenceState }): ReactElement {
  return (
    <span data-tone={STATE_WORDS[state].tone} className="state-icon">
      <Icon name={ICONS[state]} turning={state === "running"} />
    </span>
  );
}

export function StateBadge({ state, title }: { state: SequenceState; title?: string }): ReactElement {
  const { label, tone, meaning } = STATE_WORDS[state];
  return (
    <span className="badge" data-tone={tone} title={title ?? meaning}>
      <Icon name={ICONS[state]} turning={state === "running"} />
      {label}
    </span>
  );
}
