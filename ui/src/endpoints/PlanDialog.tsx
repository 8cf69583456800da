/** Plans a run over sequences: engine, depth and workers, and what it will make, take and cost before it starts. */
import { type ReactElement, useReducer, useState } from "react";
import type { Estimate } from "../api/types.ts";
import { Button, Select } from "../design/controls.tsx";
import { Dialog } from "../design/dialog.tsx";
import { EngineChoice, useEngine } from "../money/EngineChoice.tsx";
import { PriceQuestion, StartButton, Warnings } from "../money/StartButton.tsx";
import { useStart } from "../money/useStart.ts";
import { count, duration, parseBudget, price } from "../money/wording.ts";
import { notify } from "../stores/notices.ts";
import { useSelection } from "../stores/selection.ts";
import { betweens, DEPTHS, FIRST_CHOICES, type PlanChoices, planOrder, wholeNumber } from "./planOrder.ts";
import "./plan.css";

/** Opens the plan; null paths: all sequences of the project. */
export function PlanButton(props: {
  label: string;
  paths: readonly string[] | null;
  look?: "plain" | "main";
}): ReactElement {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button label={props.label} icon="play" look={props.look ?? "plain"} onPress={() => setOpen(true)} />
      {open && <PlanDialog paths={props.paths} onClose={() => setOpen(false)} />}
    </>
  );
}

const PROJECT_DEPTH = "project";

function PlanDialog(props: { paths: readonly string[] | null; onClose: () => void }): ReactElement {
  const [choices, change] = useReducer(
    (now: PlanChoices, changes: Partial<PlanChoices>) => ({ ...now, ...changes }),
    FIRST_CHOICES,
  );
  const engine = useEngine("tweens");
  const [fault, setFault] = useState<string | null>(null);
  const start = useStart(planOrder(props.paths, { ...choices, engine: engine.name }), "Start", (job) => {
    props.onClose();
    const show = (): void => useSelection.getState().show("jobs");
    notify("info", `Started: ${job.title}`, { label: "Show job", run: show });
  });
  if (start.asking) return <PriceQuestion start={start} />;
  return (
    <Dialog
      title={props.paths === null ? "Make all sequences" : `Make ${count(props.paths.length, "sequence")}`}
      onClose={props.onClose}
      footer={
        <>
          <Button label="Cancel" onPress={props.onClose} />
          <StartButton start={start} disabledBecause={fault} />
        </>
      }
    >
      <div className="plan">
        <div className="plan-choices">
          <EngineChoice makes="tweens" />
          <Select
            label="Depth"
            value={choices.depth === null ? PROJECT_DEPTH : String(choices.depth)}
            choices={[
              { value: PROJECT_DEPTH, label: "as before" },
              ...DEPTHS.map((depth) => ({ value: String(depth), label: `${depth} · ${betweens(depth)} between` })),
            ]}
            onChoose={(value) => change({ depth: value === PROJECT_DEPTH ? null : Number(value) })}
          />
          <Check
            label="Make stale frames anew"
            hint="where a picture that they were made from has changed"
            checked={choices.refresh}
            onChange={(refresh) => change({ refresh })}
          />
          <Check
            label="Make everything anew"
            hint="also frames that are fine; what is there stays as takes, paid frames are paid again"
            checked={choices.overwrite}
            onChange={(overwrite) => change({ overwrite })}
          />
          <Limits paid={engine.info?.paid ?? false} change={change} onFault={setFault} />
        </div>
        <EstimateSheet estimate={start.estimate} error={start.error} things="Frames" />
      </div>
    </Dialog>
  );
}

function Limits(props: {
  paid: boolean;
  change: (changes: Partial<PlanChoices>) => void;
  onFault: (fault: string | null) => void;
}): ReactElement {
  const [fault, setFault] = useState<string | null>(null);
  const tell = (text: string | null): void => {
    setFault(text);
    props.onFault(text);
  };
  return (
    <>
      <label className="labelled">
        Workers
        <input
          className="field"
          inputMode="numeric"
          size={6}
          placeholder="auto"
          onChange={(event) => {
            const workers = wholeNumber(event.target.value, 1, 256);
            tell(workers === undefined ? "workers are a whole number from 1 to 256, or nothing for auto" : null);
            if (workers !== undefined) props.change({ workers });
          }}
        />
      </label>
      {props.paid && (
        <label className="labelled">
          Stop at $
          <input
            className="field"
            inputMode="decimal"
            size={6}
            placeholder="no limit"
            onChange={(event) => {
              const limit = parseBudget(event.target.value);
              tell("fault" in limit ? limit.fault : null);
              if (!("fault" in limit)) props.change({ maxCostUsd: limit.budget_usd });
            }}
          />
        </label>
      )}
      {fault !== null && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
    </>
  );
}

function Check(props: {
  label: string;
  hint: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}): ReactElement {
  return (
    <label className="check">
      <input type="checkbox" checked={props.checked} onChange={(event) => props.onChange(event.target.checked)} />
      <span>
        {props.label}
        <span className="hint">{props.hint}</span>
      </span>
    </label>
  );
}

/** What a run would do, in figures; what keeps its price away stands at the button. */
export function EstimateSheet(props: {
  estimate: Estimate | undefined;
  error: Error | null;
  things: string;
}): ReactElement {
  const { estimate } = props;
  return (
    <section className="estimate" aria-label="What it will make and cost" aria-busy={estimate === undefined}>
      {estimate === undefined ? (
        <p className="hint">{props.error === null ? "Working out the plan …" : "There is no plan: see below."}</p>
      ) : estimate.frames === 0 ? (
        <>
          <p className="estimate-price">Nothing to make</p>
          <p className="hint">Everything of this plan is there already.</p>
          <Warnings texts={estimate.warnings} />
        </>
      ) : (
        <>
          <p className="estimate-price">{price(estimate)}</p>
          <dl>
            <Figure name={props.things} value={estimate.frames.toLocaleString("en")} />
            {estimate.shared > 0 && <Figure name="without a call" value={estimate.shared.toLocaleString("en")} />}
            <Figure name="Calls" value={estimate.calls.toLocaleString("en")} />
            {estimate.sequences > 0 && <Figure name="Sequences" value={estimate.sequences.toLocaleString("en")} />}
            <Figure name="Time" value={duration(estimate.seconds)} />
            <Figure name="Workers" value={String(estimate.workers)} />
            <Figure name="Engine" value={estimate.engine} />
          </dl>
          {estimate.reason && <p className="hint">{estimate.reason}</p>}
          <Warnings texts={estimate.warnings} />
        </>
      )}
    </section>
  );
}

function Figure({ name, value }: { name: string; value: string }): ReactElement {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
