/** A button that starts a job, with its price on it; what keeps it from starting stands below. */
import type { ReactElement } from "react";
import { Button } from "../design/controls.tsx";
import { Dialog } from "../design/dialog.tsx";
import type { IconName } from "../design/icons.tsx";
import type { Start } from "./useStart.ts";
import { count, price } from "./wording.ts";

export function StartButton(props: {
  start: Start;
  icon?: IconName;
  keyHint?: string;
  /** A reason of the place where the button stands, beside the order's own. */
  disabledBecause?: string | null;
  look?: "main" | "plain";
}): ReactElement {
  const { start } = props;
  return (
    <div className="start">
      <Button
        label={start.label}
        look={props.look ?? "main"}
        icon={props.icon ?? "play"}
        {...(props.keyHint === undefined ? {} : { keyHint: props.keyHint })}
        busy={start.busy}
        disabledBecause={props.disabledBecause ?? start.disabledBecause}
        onPress={start.press}
      />
      {start.estimate && start.disabledBecause && <p className="hint">{start.disabledBecause}</p>}
      {start.error && (
        <p className="fault" role="alert">
          {start.error.message}
        </p>
      )}
      {start.asking && <PriceQuestion start={start} />}
    </div>
  );
}

/** The question before money is spent above the limit, or with a price that nobody knows. */
export function PriceQuestion({ start }: { start: Start }): ReactElement | null {
  const { estimate } = start;
  if (estimate === undefined) return null;
  const words = price(estimate);
  return (
    <Dialog
      title={estimate.cost_usd === null ? "Start without knowing the price?" : `Spend about ${words.slice(1)}?`}
      onClose={start.decline}
      footer={
        <>
          <Button label="Cancel" onPress={start.decline} />
          <Button label={`Start · ${words}`} look="main" onPress={start.agree} />
        </>
      }
    >
      <p>
        {count(estimate.calls, "call")} to {estimate.engine}
        {estimate.cost_usd === null
          ? ", whose price is not known here. The service bills what it bills; set a budget to limit what is spent in all."
          : `, estimated at ${words.slice(1)} in all. What is really billed may differ a little.`}
      </p>
      <Warnings texts={estimate.warnings} />
    </Dialog>
  );
}

/** What an estimate warns of, each in its line. */
export function Warnings({ texts }: { texts: readonly string[] }): ReactElement | null {
  if (texts.length === 0) return null;
  return (
    <ul className="warnings">
      {texts.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}
