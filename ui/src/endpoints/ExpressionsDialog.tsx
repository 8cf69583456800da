/** Has missing expressions drawn from the neutral portrait by an image model, with the price before it starts. */
import { type ReactElement, useMemo, useState } from "react";
import type { Endpoints } from "../api/types.ts";
import { Button, Select } from "../design/controls.tsx";
import { Dialog } from "../design/dialog.tsx";
import { EngineChoice, useEngine } from "../money/EngineChoice.tsx";
import { orderOf } from "../money/order.ts";
import { PriceQuestion, StartButton } from "../money/StartButton.tsx";
import { useStart } from "../money/useStart.ts";
import { count } from "../money/wording.ts";
import { notify } from "../stores/notices.ts";
import { EstimateSheet } from "./PlanDialog.tsx";

export function ExpressionsButton(props: { endpoints: Endpoints; neutral: string | null }): ReactElement | null {
  const [open, setOpen] = useState(false);
  const missing = props.endpoints.cells.filter((cell) => cell.state === "missing");
  if (missing.length === 0) return null;
  return (
    <>
      <Button label={`Draw ${count(missing.length, "missing one")}…`} icon="face" onPress={() => setOpen(true)} />
      {open && <ExpressionsDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

function ExpressionsDialog(props: { endpoints: Endpoints; neutral: string | null; onClose: () => void }): ReactElement {
  const { endpoints, neutral } = props;
  const gaps = useMemo(() => missingByPose(endpoints), [endpoints]);
  const [pose, setPose] = useState(gaps.keys().next().value ?? "center");
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const all = gaps.get(pose) ?? [];
  const wanted = all.filter((expression) => !left.has(expression));
  const engine = useEngine("expressions").name;
  const work = { kind: "expressions", expressions: wanted, pose, overwrite: false } as const;
  const order = wanted.length === 0 ? null : orderOf({ ...work, expressions: [...wanted] }, { engine });
  const start = useStart(order, `Draw ${count(wanted.length, "expression")}`, (job) => {
    props.onClose();
    notify("info", `Started: ${job.title}`);
  });
  if (start.asking) return <PriceQuestion start={start} />;
  const toggle = (expression: string): void => {
    const next = new Set(left);
    if (!next.delete(expression)) next.add(expression);
    setLeft(next);
  };
  return (
    <Dialog
      title="Draw missing expressions"
      onClose={props.onClose}
      footer={
        <>
          <Button label="Cancel" onPress={props.onClose} />
          <StartButton start={start} icon="face" disabledBecause={faultOf(wanted)} />
        </>
      }
    >
      <div className="plan">
        <div className="plan-choices">
          <p className="hint">
            An image model redraws the {neutral ?? "neutral"} portrait of the pose with another expression. Nothing that
            is there is drawn over.
          </p>
          <EngineChoice makes="expressions" />
          {gaps.size > 1 && (
            <Select
              label="Pose"
              value={pose}
              choices={[...gaps].map(([each, names]) => ({ value: each, label: `${each} (${names.length})` }))}
              onChoose={setPose}
            />
          )}
          <fieldset className="expression-choice">
            <legend>Expressions</legend>
            {all.map((expression) => (
              <label key={expression} className="check">
                <input type="checkbox" checked={!left.has(expression)} onChange={() => toggle(expression)} />
                {expression}
              </label>
            ))}
          </fieldset>
        </div>
        {order === null ? (
          <section className="estimate">
            <p className="hint">{faultOf(wanted)}</p>
          </section>
        ) : (
          <EstimateSheet estimate={start.estimate} error={start.error} things="Expressions" />
        )}
      </div>
    </Dialog>
  );
}

function faultOf(wanted: readonly string[]): string | null {
  return wanted.length === 0 ? "no expression is chosen" : null;
}

function missingByPose(endpoints: Endpoints): ReadonlyMap<string, readonly string[]> {
  const gaps = new Map<string, string[]>();
  for (const cell of endpoints.cells) {
    if (cell.state === "missing") gaps.set(cell.pose, [...(gaps.get(cell.pose) ?? []), cell.expression]);
  }
  return gaps;
}
