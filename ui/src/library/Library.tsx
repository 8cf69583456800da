/** The left panel: sequences, expressions and poses of the project. */
import { type ReactElement, useMemo } from "react";
import { useSequences } from "../api/queries.ts";
import type { SequenceRow } from "../api/types.ts";
import { Button } from "../design/controls.tsx";
import { Empty, Trouble } from "../design/states.tsx";
import { PlanButton } from "../endpoints/PlanDialog.tsx";
import { useSelection } from "../stores/selection.ts";
import { FilterBar } from "./FilterBar.tsx";
import "./library.css";
import { ExpressionList, PoseList } from "./Groups.tsx";
import { countStates, filtered, isFiltering, workWords } from "./rows.ts";
import { SequenceList } from "./SequenceList.tsx";
import { SECTIONS, type Section, useLibrary } from "./store.ts";

export function Library(): ReactElement {
  const section = useLibrary((library) => library.section);
  const { data, error, isPending, refetch } = useSequences();
  return (
    <section className="panel library" aria-label="Library">
      <SectionTabs section={section} total={data?.length} />
      <div className="library-body" role="tabpanel" id={panelId(section)} aria-labelledby={tabId(section)}>
        {isPending ? (
          <LoadingRows />
        ) : error ? (
          <Trouble title="The sequences could not be loaded" error={error} retry={() => void refetch()} />
        ) : (
          <SectionBody section={section} rows={data} />
        )}
      </div>
    </section>
  );
}

const LABELS: Readonly<Record<Section, string>> = {
  sequences: "Sequences",
  expressions: "Expressions",
  poses: "Poses",
};

const tabId = (section: Section): string => `library-tab-${section}`;
const panelId = (section: Section): string => `library-panel-${section}`;

function SectionTabs({ section, total }: { section: Section; total: number | undefined }): ReactElement {
  const show = useLibrary((library) => library.showSection);
  const move = (by: number, from: HTMLElement): void => {
    const next = SECTIONS[(SECTIONS.indexOf(section) + by + SECTIONS.length) % SECTIONS.length];
    if (next === undefined) return;
    show(next);
    from.querySelector<HTMLElement>(`#${tabId(next)}`)?.focus();
  };
  return (
    <div
      className="section-tabs"
      role="tablist"
      aria-label="What the library shows"
      onKeyDown={(event) => {
        const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        move(by, event.currentTarget);
      }}
    >
      {SECTIONS.map((each) => (
        <button
          key={each}
          type="button"
          role="tab"
          id={tabId(each)}
          className="section-tab"
          aria-selected={each === section}
          aria-controls={each === section ? panelId(each) : undefined}
          tabIndex={each === section ? 0 : -1}
          onClick={() => show(each)}
        >
          {LABELS[each]}
          {each === "sequences" && total !== undefined && <span className="tally">{total.toLocaleString("en")}</span>}
        </button>
      ))}
    </div>
  );
}

function SectionBody({ section, rows }: { section: Section; rows: readonly SequenceRow[] }): ReactElement {
  if (section === "expressions") return <ExpressionList rows={rows} />;
  if (section === "poses") return <PoseList rows={rows} />;
  return rows.length === 0 ? <NoSequences /> : <Sequences rows={rows} />;
}

function Sequences({ rows }: { rows: readonly SequenceRow[] }): ReactElement {
  const filter = useLibrary((library) => library.filter);
  const clear = useLibrary((library) => library.clearFilter);
  const counts = useMemo(() => countStates(rows), [rows]);
  const shown = useMemo(() => filtered(rows, filter), [rows, filter]);
  return (
    <>
      <FilterBar counts={counts} shown={shown.length} total={rows.length} />
      {shown.length === 0 ? (
        <Empty icon="filter" title="No sequence fits" action={<Button label="Show all" onPress={clear} />}>
          None of {rows.length.toLocaleString("en")} sequences has this text and state.
        </Empty>
      ) : (
        <SequenceList rows={shown} />
      )}
      <footer className="library-foot">
        <span>{workWords(counts)}</span>
        <span className="spacer" />
        <PlanButton
          label={isFiltering(filter) ? "Make these…" : "Make…"}
          paths={isFiltering(filter) ? shown.map((row) => row.path_id) : null}
        />
      </footer>
    </>
  );
}

function NoSequences(): ReactElement {
  const show = useSelection((selection) => selection.show);
  return (
    <Empty
      icon="sequence"
      title="No sequences yet"
      action={<Button label="Open expressions and paths" icon="graph" onPress={() => show("endpoints")} />}
    >
      A sequence leads from one expression to another. Add drawings and draw base paths between them.
    </Empty>
  );
}

function LoadingRows(): ReactElement {
  return (
    <div className="row-skeletons" role="status">
      <span className="visually-hidden">Loading sequences …</span>
      {[0, 1, 2, 3, 4, 5].map((each) => (
        <div key={each} className="row-skeleton" aria-hidden="true" />
      ))}
    </div>
  );
}
