/** Narrows the list of sequences by text, state, expression and pose. */
import type { ReactElement } from "react";
import type { SequenceState } from "../api/types.ts";
import { Icon } from "../design/icons.tsx";
import { StateIcon } from "./StateBadge.tsx";
import { STATE_WORDS, STATES } from "./states.ts";
import { useLibrary } from "./store.ts";

export function FilterBar(props: {
  counts: ReadonlyMap<SequenceState, number>;
  shown: number;
  total: number;
}): ReactElement {
  const { filter, narrow, toggleState } = useLibrary();
  const present = STATES.filter((state) => props.counts.has(state) || filter.states.has(state));
  return (
    <search className="filter-bar">
      <label className="search-field">
        <Icon name="search" />
        <span className="visually-hidden">Filter sequences by name</span>
        <input
          type="search"
          className="field"
          placeholder="Filter by name"
          value={filter.text}
          onChange={(event) => narrow({ text: event.target.value })}
        />
      </label>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset can't be laid out as a row of chips in every browser */}
      <div className="chips" role="group" aria-label="Filter by state">
        {present.map((state) => (
          <button
            key={state}
            type="button"
            className="chip"
            aria-pressed={filter.states.has(state)}
            title={`${STATE_WORDS[state].label}: ${STATE_WORDS[state].meaning}`}
            onClick={() => toggleState(state)}
          >
            <StateIcon state={state} />
            {STATE_WORDS[state].label}
            <span className="tally">{(props.counts.get(state) ?? 0).toLocaleString("en")}</span>
          </button>
        ))}
        {filter.expression !== null && (
          <Narrowing what={`expression ${filter.expression}`} onClear={() => narrow({ expression: null })} />
        )}
        {filter.pose !== null && <Narrowing what={`pose ${filter.pose}`} onClear={() => narrow({ pose: null })} />}
      </div>
      <p className="visually-hidden" role="status">
        {props.shown === props.total ? "" : `${props.shown} of ${props.total} sequences shown`}
      </p>
    </search>
  );
}

function Narrowing({ what, onClear }: { what: string; onClear: () => void }): ReactElement {
  return (
    <button
      type="button"
      className="chip"
      aria-pressed="true"
      title={`Only ${what}; press to show all`}
      onClick={onClear}
    >
      {what}
      <Icon name="clear" />
    </button>
  );
}
