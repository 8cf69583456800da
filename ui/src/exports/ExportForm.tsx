/** What to export, of which sequences, in which form; and the button that starts it. */
import { type ReactElement, useReducer } from "react";
import { useFormats, useSequences } from "../api/queries.ts";
import { Button, Segments, Select } from "../design/controls.tsx";
import { filtered, isFiltering } from "../library/rows.ts";
import { useLibrary } from "../library/store.ts";
import { orderOf } from "../money/order.ts";
import { useStartJob } from "../money/useStart.ts";
import { notifyError } from "../stores/notices.ts";
import { useSelection } from "../stores/selection.ts";
import { useSettings } from "../stores/settings.ts";
import {
  type FormatChoices,
  formatFault,
  formatWork,
  KINDS,
  type Kind,
  parseFps,
  pathsOf,
  type Scope,
} from "./exportWork.ts";
import { FormatFields } from "./FormatFields.tsx";

interface Choices extends FormatChoices {
  readonly kind: Kind;
  readonly scope: Scope;
  readonly fps: string;
}

export function ExportForm(): ReactElement {
  const fps = useSettings((settings) => settings.fps);
  const [choices, change] = useReducer((now: Choices, changes: Partial<Choices>) => ({ ...now, ...changes }), {
    kind: "webp",
    scope: "all",
    fps: String(fps),
    name: "aseprite-sheet",
    scale: "1",
    background: null,
    settings: {},
  });
  const { mutate, isPending } = useStartJob();
  const scopes = useScopes();
  const { kind } = choices;
  const isForProgram = kind === "programs";
  const formats = useFormats(isForProgram);
  const format = formats.data?.find((each) => each.name === choices.name);
  const number = parseFps(choices.fps);
  const { hasFps, meaning } = KINDS[kind];
  const speedFault = hasFps && number === null ? "frames per second are a number from 1 to 60" : null;
  const fault = speedFault ?? (isForProgram ? formatFault(format, choices) : null);
  const start = (): void => {
    const paths = pathsOf(choices.scope, scopes.open, scopes.shown);
    const speed = number ?? fps;
    if (kind !== "programs") {
      mutate(orderOf({ kind: "export", paths, format: kind, fps: speed }, { engine: null }), { onError: notifyError });
    } else if (format) {
      mutate(orderOf(formatWork(format, choices, paths, speed), { engine: null }), { onError: notifyError });
    }
  };
  return (
    <section className="export-form" aria-label="New export">
      <Segments label="Format" value={kind} choices={KIND_CHOICES} onChoose={(chosen) => change({ kind: chosen })} />
      <Select label="of" value={choices.scope} choices={scopes.choices} onChoose={(scope) => change({ scope })} />
      {hasFps && (
        <label className="labelled">
          at
          <input
            className="field"
            inputMode="decimal"
            size={4}
            aria-label="Frames per second"
            aria-invalid={speedFault !== null}
            value={choices.fps}
            onChange={(event) => change({ fps: event.target.value })}
          />
          FPS
        </label>
      )}
      <span className="spacer" />
      <Button label="Export" icon="export" look="main" busy={isPending} disabledBecause={fault} onPress={start} />
      {isForProgram && <FormatFields formats={formats} format={format} choices={choices} change={change} />}
      <p className="hint">
        {fault ?? `${upperFirst(format && isForProgram ? format.summary : meaning)}. It costs nothing.`}
      </p>
    </section>
  );
}

const KIND_CHOICES = (Object.keys(KINDS) as Kind[]).map((value) => ({ value, label: KINDS[value].label }));

function upperFirst(text: string): string {
  return `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}`;
}

function useScopes(): {
  readonly open: string | null;
  readonly shown: readonly string[];
  readonly choices: readonly { value: Scope; label: string }[];
} {
  const open = useSelection((selection) => selection.pathId);
  const filter = useLibrary((library) => library.filter);
  const { data } = useSequences();
  const shown = isFiltering(filter) ? filtered(data ?? [], filter).map((row) => row.path_id) : [];
  const choices: { value: Scope; label: string }[] = [{ value: "all", label: "all sequences" }];
  if (shown.length > 0) choices.push({ value: "shown", label: `the ${shown.length} that the library shows` });
  if (open !== null) choices.push({ value: "open", label: open });
  return { open, shown, choices };
}
