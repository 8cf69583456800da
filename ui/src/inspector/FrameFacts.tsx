/** What is known of a frame and of its sequence. */
import type { ReactElement } from "react";
import { useEngines } from "../api/queries.ts";
import type { Frame, Sequence } from "../api/types.ts";
import { Icon, type IconName } from "../design/icons.tsx";
import { poseOf } from "../library/rows.ts";
import { StateBadge } from "../library/StateBadge.tsx";
import { stateDetail } from "../library/states.ts";
import { Thumb } from "../library/Thumb.tsx";
import { timeLabel } from "./anchors.ts";
import { type Fact, FRAME_STATES, factsOfFrame, origins } from "./frameWords.ts";
import { Section } from "./Section.tsx";

const ICONS: Readonly<Record<Frame["state"], IconName>> = {
  key: "key",
  made: "done",
  stale: "stale",
  missing: "missing",
  broken: "broken",
  running: "running",
};

export function FrameBadge({ frame }: { frame: Frame }): ReactElement {
  const { label, tone, meaning } = FRAME_STATES[frame.state];
  return (
    <span className="badge" data-tone={tone} title={meaning}>
      <Icon name={ICONS[frame.state]} turning={frame.state === "running"} />
      {label}
    </span>
  );
}

export function FrameFacts({ frame, sequence }: { frame: Frame; sequence: Sequence }): ReactElement {
  const { data: engines } = useEngines();
  const engine = engines?.find((each) => each.name === frame.engine);
  return (
    <>
      <Section title="Frame">
        <FactList facts={factsOfFrame(frame, sizeOf(sequence), engine)} />
        <Origins frame={frame} frames={sequence.frames} />
        {frame.prompt !== null && frame.prompt !== "" && (
          <details className="prompt">
            <summary>Prompt</summary>
            <p>{frame.prompt}</p>
          </details>
        )}
      </Section>
      <Section title="Sequence" closed>
        <SequenceFacts sequence={sequence} />
      </Section>
    </>
  );
}

export function SequenceFacts({ sequence }: { sequence: Sequence }): ReactElement {
  const { row } = sequence;
  const facts: Fact[] = [
    { name: "Path", value: row.path_id },
    { name: "From", value: row.expr_start },
    { name: "To", value: row.expr_end },
    { name: "Pose", value: poseOf(row) },
    { name: "Between", value: row.frames === row.wanted ? String(row.frames) : `${row.frames} of ${row.wanted}` },
    { name: "Folder", value: sequence.folder },
  ];
  const size = sizeOf(sequence);
  if (size !== null) facts.splice(5, 0, { name: "Size", value: size });
  return (
    <>
      <FactList facts={facts} />
      <p className="state-line">
        <StateBadge state={row.state} />
        <span className="hint">{stateDetail(row)}</span>
      </p>
    </>
  );
}

function FactList({ facts }: { facts: readonly Fact[] }): ReactElement {
  return (
    <dl className="facts">
      {facts.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd title={value}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Origins({ frame, frames }: { frame: Frame; frames: readonly Frame[] }): ReactElement | null {
  const from = origins(frame, frames);
  if (from.length === 0) return null;
  return (
    <div className="origins">
      <h4>Made from</h4>
      <ul>
        {from.map(({ t, digest, changed }) => (
          <li key={t}>
            <Thumb digest={digest} alt={`The picture at ${timeLabel(t)} that it was made from`} />
            <span>
              {timeLabel(t)}
              {changed && (
                <span className="badge" data-tone="stale">
                  <Icon name="stale" />
                  changed since
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function sizeOf(sequence: Sequence): string | null {
  return sequence.width === null || sequence.height === null ? null : `${sequence.width} × ${sequence.height}`;
}
