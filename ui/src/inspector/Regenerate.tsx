/** Makes the frame on the stage, or all selected ones, anew; the price stands on each button before it is pressed. */
import { type ReactElement, useReducer } from "react";
import { useEngines } from "../api/queries.ts";
import type { Frame, Sequence } from "../api/types.ts";
import { Button, Select } from "../design/controls.tsx";
import { useCommand } from "../keys/commands.ts";
import { keyHint } from "../keys/keymap.ts";
import { EngineChoice, useEngine } from "../money/EngineChoice.tsx";
import { orderOf } from "../money/order.ts";
import { StartButton } from "../money/StartButton.tsx";
import { type Start, useStart } from "../money/useStart.ts";
import { useSelection } from "../stores/selection.ts";
import {
  type AnchorChoices,
  anchorChoices,
  type RegenerateChoices,
  regenerateLabel,
  regenerateWork,
  selectionOf,
  timeLabel,
} from "./anchors.ts";

/** Anchors belong to the frame that they were chosen for; the note stays while others are looked at. */
interface Choices extends RegenerateChoices {
  readonly anchorsFor: number | null;
}

const NEAREST: Choices = { anchorStart: null, anchorEnd: null, note: "", anchorsFor: null };

export function Regenerate(props: { sequence: Sequence; frame: Frame; selected: readonly number[] }): ReactElement {
  const { sequence, frame } = props;
  const [kept, change] = useReducer((now: Choices, changes: Partial<Choices>) => ({ ...now, ...changes }), NEAREST);
  const choices = kept.anchorsFor === frame.t ? kept : { ...kept, anchorStart: null, anchorEnd: null };
  const changeAnchors = (changes: Partial<RegenerateChoices>): void =>
    change({ anchorStart: choices.anchorStart, anchorEnd: choices.anchorEnd, ...changes, anchorsFor: frame.t });
  const { times, trusted } = selectionOf(sequence.frames, props.selected);
  const isInner = frame.t > 0 && frame.t < 1;
  const isRange = times.length > 1;
  const single = useRegenerate(sequence, isInner ? [frame.t] : [], choices);
  const range = useRegenerate(sequence, isRange ? times : [], choices);
  useCommand("regenerate", canStart(single.start) ? single.start.press : null);
  useCommand("regenerate-range", pressOfRange(single.start, range.start, isRange));
  if (!isInner && !isRange) return <EndpointHint />;
  const main = isRange ? range : single;
  return (
    <section className="regenerate" aria-label="Make anew">
      <EngineChoice makes="tweens" />
      {!isRange && <Anchors choices={choices} of={anchorChoices(sequence.frames, frame.t)} change={changeAnchors} />}
      {main.takesPrompt && <Note value={choices.note} change={change} />}
      {isRange && trusted.length > 0 && (
        <p className="hint">Trusted frames stay: {trusted.map(timeLabel).join(", ")}</p>
      )}
      {isRange && <StartButton start={range.start} icon="regenerate" keyHint={keyHint("regenerate-range")} />}
      {isInner && (
        <StartButton
          start={single.start}
          icon="regenerate"
          look={isRange ? "plain" : "main"}
          keyHint={keyHint("regenerate")}
          disabledBecause={frame.state === "running" ? "it is being made now" : null}
        />
      )}
    </section>
  );
}

function useRegenerate(
  sequence: Sequence,
  times: readonly number[],
  choices: RegenerateChoices,
): { readonly start: Start; readonly takesPrompt: boolean } {
  const engine = useEngine("tweens");
  const { data: engines } = useEngines();
  const orderWith = (takesPrompt: boolean) =>
    times.length === 0
      ? null
      : orderOf(regenerateWork(sequence.row.path_id, times, choices, takesPrompt), { engine: engine.name });
  const asked = engines?.find((each) => each.name === engine.name)?.takes_prompt;
  // What "auto" comes to is the server's to say: it is the engine that made the frame, where that is ready.
  const start = useStart(orderWith(asked ?? true), regenerateLabel(times));
  const actual = engines?.find((each) => each.name === start.estimate?.engine);
  return { start, takesPrompt: actual?.takes_prompt ?? asked ?? false };
}

function canStart(start: Start): boolean {
  return start.disabledBecause === null && !start.busy;
}

function pressOfRange(single: Start, range: Start, isRange: boolean): (() => void) | null {
  const start = isRange ? range : single;
  return canStart(start) ? start.press : null;
}

const NEAREST_VALUE = "nearest";

function Anchors(props: {
  choices: RegenerateChoices;
  of: AnchorChoices;
  change: (changes: Partial<RegenerateChoices>) => void;
}): ReactElement {
  return (
    <div className="anchors">
      <AnchorSelect
        label="From"
        frames={props.of.before}
        value={props.choices.anchorStart}
        onChoose={(anchorStart) => props.change({ anchorStart })}
      />
      <AnchorSelect
        label="to"
        frames={props.of.after}
        value={props.choices.anchorEnd}
        onChoose={(anchorEnd) => props.change({ anchorEnd })}
      />
    </div>
  );
}

function AnchorSelect(props: {
  label: string;
  frames: readonly Frame[];
  value: number | null;
  onChoose: (t: number | null) => void;
}): ReactElement {
  const [nearest] = props.frames;
  return (
    <Select
      label={props.label}
      value={props.value === null ? NEAREST_VALUE : String(props.value)}
      choices={[
        { value: NEAREST_VALUE, label: nearest === undefined ? "none" : timeLabel(nearest.t) },
        ...props.frames.slice(1).map((frame) => ({ value: String(frame.t), label: timeLabel(frame.t) })),
      ]}
      onChoose={(value) => props.onChoose(value === NEAREST_VALUE ? null : Number(value))}
    />
  );
}

function Note(props: { value: string; change: (changes: Partial<RegenerateChoices>) => void }): ReactElement {
  return (
    <label className="note">
      <span className="visually-hidden">Note for the prompt</span>
      <textarea
        className="field"
        rows={2}
        maxLength={2000}
        placeholder="Note for the prompt, such as: keep the lips closed"
        value={props.value}
        onChange={(event) => props.change({ note: event.target.value })}
      />
    </label>
  );
}

function EndpointHint(): ReactElement {
  const show = useSelection((selection) => selection.show);
  return (
    <section className="regenerate" aria-label="Make anew">
      <p className="hint">This is a drawing. Replace it in the endpoints view; what was made from it is stale then.</p>
      <Button label="Open endpoints" icon="grid" onPress={() => show("endpoints")} />
    </section>
  );
}
