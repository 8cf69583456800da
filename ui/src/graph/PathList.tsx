/** Every base path with its id, which can be edited in place; problems stand where they are. */
import { type ReactElement, useEffect, useRef } from "react";
import type { BasePath } from "../api/types.ts";
import { Button } from "../design/controls.tsx";
import { type Draft, type DraftPath, withEdge, withId, withoutEdge } from "./draft.ts";
import { useGraph } from "./store.ts";

export function PathList(props: {
  draft: Draft;
  saved: readonly BasePath[];
  faults: ReadonlyMap<string, string>;
}): ReactElement {
  const node = useGraph((graph) => graph.node);
  const selectNode = useGraph((graph) => graph.selectNode);
  const shown = props.draft.paths.filter((path) => node === null || path.start === node || path.end === node);
  return (
    <>
      <header className="path-list-head">
        <h2>{node === null ? `All ${props.draft.paths.length} base paths` : `${shown.length} with ${node}`}</h2>
        <span className="spacer" />
        {node !== null && <Button label="Show all" look="quiet" onPress={() => selectNode(null)} />}
      </header>
      <ul className="path-list">
        {shown.length === 0 && (
          <li className="hint">No base path yet: drag from one expression to another, or use the form above.</li>
        )}
        {shown.map((path) => (
          <PathRow key={path.key} path={path} draft={props.draft} fault={props.faults.get(path.key) ?? null} />
        ))}
      </ul>
    </>
  );
}

function PathRow({ path, draft, fault }: { path: DraftPath; draft: Draft; fault: string | null }): ReactElement {
  const edit = useGraph((graph) => graph.edit);
  const selectEdge = useGraph((graph) => graph.selectEdge);
  const isSelected = useGraph((graph) => graph.edge === path.key);
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isSelected) row.current?.scrollIntoView({ block: "nearest" });
  }, [isSelected]);
  const isRenamed = path.origin !== null && path.origin !== path.id;
  const hasReverse = draft.paths.some((other) => other.start === path.end && other.end === path.start);
  const faultId = `fault-${path.key}`;
  return (
    <li
      ref={row}
      className="path-row"
      data-selected={isSelected || undefined}
      data-new={path.origin === null || undefined}
    >
      <div className="path-line">
        <input
          className="field"
          aria-label={`Id of the path from ${path.start} to ${path.end}`}
          aria-invalid={fault !== null}
          aria-describedby={fault === null ? undefined : faultId}
          value={path.id}
          onFocus={() => selectEdge(path.key)}
          onChange={(event) => edit((now) => withId(now, path.key, event.target.value))}
        />
        {!hasReverse && path.start !== path.end && (
          <Button
            label={`Add the way back, from ${path.end} to ${path.start}`}
            icon="ping-pong"
            iconOnly
            look="quiet"
            onPress={() => edit((now) => withEdge(now, path.end, path.start))}
          />
        )}
        <Button
          label={`Remove ${path.id}`}
          icon="trash"
          iconOnly
          look="quiet"
          onPress={() => edit((now) => withoutEdge(now, path.key))}
        />
      </div>
      <p className="path-facts">
        {path.start} → {path.end}
        {path.origin === null && <span className="badge">new</span>}
      </p>
      {isRenamed && (
        <p className="hint">Frames of {path.origin} stay in their folders; sequences with the new id begin empty.</p>
      )}
      {fault !== null && (
        <p className="fault" id={faultId}>
          {fault}
        </p>
      )}
    </li>
  );
}
