/** Files to look at or take along: making them, and fetching what was made. */
import { type ReactElement, useReducer } from "react";
import { useExports, useJobs, useSequences } from "../api/queries.ts";
import type { Export } from "../api/types.ts";
import { Button, Segments, Select } from "../design/controls.tsx";
import { Icon } from "../design/icons.tsx";
import { Empty, Loading, Trouble } from "../design/states.tsx";
import { bytesWords, momentWords } from "../inspector/frameWords.ts";
import { JobCard } from "../jobs/JobCard.tsx";
import { isOver } from "../jobs/jobList.ts";
import { filtered, isFiltering } from "../library/rows.ts";
import { useLibrary } from "../library/store.ts";
import { orderOf } from "../money/order.ts";
import { useStartJob } from "../money/useStart.ts";
import { notifyError } from "../stores/notices.ts";
import { useSelection } from "../stores/selection.ts";
import { useSettings } from "../stores/settings.ts";
import { FORMATS, type Format, parseFps, pathsOf, type Scope } from "./exportWork.ts";
import "./exports.css";

export function ExportsView(): ReactElement {
  const { data, error, isPending, refetch } = useExports();
  return (
    <div className="page">
      <header className="page-head">
        <h2>Exports</h2>
      </header>
      <ExportForm />
      <RunningExports />
      {isPending ? (
        <Loading what="exports" />
      ) : error ? (
        <Trouble title="The exports could not be loaded" error={error} retry={() => void refetch()} />
      ) : data.length === 0 ? (
        <Empty icon="export" title="Nothing exported yet">
          Animations to look at, a contact sheet to check, or the frames for a game: choose above.
        </Empty>
      ) : (
        <ul className="exports" aria-label="Exported files">
          {data.map((each) => (
            <ExportRow key={each.name} file={each} />
          ))}
        </ul>
      )}
    </div>
  );
}

function ExportRow({ file }: { file: Export }): ReactElement {
  return (
    <li className="export">
      <a href={`/api/v1/exports/${encodeURIComponent(file.name)}`} download={file.name}>
        <Icon name="download" />
        {file.name}
      </a>
      <span className="hint">
        {bytesWords(file.bytes)} · {momentWords(file.made)}
      </span>
    </li>
  );
}

function RunningExports(): ReactElement | null {
  const { data } = useJobs();
  const exports = (data ?? []).filter((job) => job.order.work.kind === "export");
  const shown = exports.filter((job, at) => !isOver(job) || (at === 0 && job.state === "failed"));
  if (shown.length === 0) return null;
  return (
    <>
      {shown.map((job) => (
        <JobCard key={job.id} job={job} withFiles={false} />
      ))}
    </>
  );
}

interface Choices {
  readonly format: Format;
  readonly scope: Scope;
  readonly fps: string;
}

function ExportForm(): ReactElement {
  const fps = useSettings((settings) => settings.fps);
  const [choices, change] = useReducer((now: Choices, changes: Partial<Choices>) => ({ ...now, ...changes }), {
    format: "webp",
    scope: "all",
    fps: String(fps),
  });
  const { mutate, isPending } = useStartJob();
  const scopes = useScopes();
  const number = parseFps(choices.fps);
  const { hasFps, meaning } = FORMATS[choices.format];
  const fault = hasFps && number === null ? "frames per second are a number from 1 to 60" : null;
  const start = (): void => {
    const paths = pathsOf(choices.scope, scopes.open, scopes.shown);
    const work = { kind: "export", paths, format: choices.format, fps: number ?? fps } as const;
    mutate(orderOf(work, { engine: null }), { onError: notifyError });
  };
  return (
    <section className="export-form" aria-label="New export">
      <Segments
        label="Format"
        value={choices.format}
        choices={FORMAT_CHOICES}
        onChoose={(format) => change({ format })}
      />
      <Select label="of" value={choices.scope} choices={scopes.choices} onChoose={(scope) => change({ scope })} />
      {hasFps && (
        <label className="labelled">
          at
          <input
            className="field"
            inputMode="decimal"
            size={4}
            aria-label="Frames per second"
            aria-invalid={fault !== null}
            value={choices.fps}
            onChange={(event) => change({ fps: event.target.value })}
          />
          FPS
        </label>
      )}
      <span className="spacer" />
      <Button label="Export" icon="export" look="main" busy={isPending} disabledBecause={fault} onPress={start} />
      <p className="hint">{fault ?? `${meaning[0]?.toUpperCase() ?? ""}${meaning.slice(1)}. It costs nothing.`}</p>
    </section>
  );
}

const FORMAT_CHOICES = (Object.keys(FORMATS) as Format[]).map((value) => ({ value, label: FORMATS[value].label }));

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
