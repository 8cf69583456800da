/** Base paths as a graph and as a list: drawn by dragging, or added by a form; saved together. */
import { type ReactElement, useEffect, useMemo } from "react";
import { ApiError } from "../api/client.ts";
import type { Endpoints, Project } from "../api/types.ts";
import { Button } from "../design/controls.tsx";
import { Icon } from "../design/icons.tsx";
import { Empty, Loading } from "../design/states.tsx";
import { count } from "../money/wording.ts";
import { AddPath } from "./AddPath.tsx";
import { changesOf, type Draft, isChanged, placedProblems, problemsOf, withEdge } from "./draft.ts";
import { GraphCanvas } from "./GraphCanvas.tsx";
import "./graph.css";
import { PathList } from "./PathList.tsx";
import { useGraph } from "./store.ts";
import { saveTrouble, useSave } from "./useSave.ts";

export function GraphView({ project, endpoints }: { project: Project; endpoints: Endpoints }): ReactElement {
  const { draft, follow, edit } = useGraph();
  const save = useSave();
  useEffect(() => {
    // The answer to a save of our own brings the new version itself.
    if (!save.isPending) follow(project);
  }, [project, follow, save.isPending]);
  const names = useMemo(() => project.expressions.map((expression) => expression.id), [project.expressions]);
  const faults = useMemo(
    () => (draft ? faultsOf(draft, names, save.error) : new Map<string, string>()),
    [draft, names, save.error],
  );
  if (draft === null) return <Loading what="the base paths" />;
  if (names.length === 0) {
    return (
      <Empty icon="graph" title="No expressions yet">
        Base paths lead from one expression to another. Add drawings first.
      </Empty>
    );
  }
  return (
    <div className="graph">
      <GraphCanvas
        names={names}
        draft={draft}
        faults={faults}
        endpoints={endpoints}
        neutral={project.neutral}
        onConnect={(start, end) => edit((now) => withEdge(now, start, end))}
      />
      <aside className="graph-side">
        <AddPath names={names} />
        <PathList draft={draft} saved={project.base_paths} faults={faults} />
        <SaveBar
          draft={draft}
          project={project}
          faults={faults}
          trouble={faults.get("") ?? saveTrouble(save.error)}
          isSaving={save.isPending}
          onSave={() => save.mutate(draft)}
        />
      </aside>
    </div>
  );
}

/** Problems by edge; what belongs to none comes under "". */
function faultsOf(draft: Draft, names: readonly string[], error: Error | null): ReadonlyMap<string, string> {
  const faults = new Map(problemsOf(draft, names));
  const told = error instanceof ApiError ? error.problems : [];
  for (const [key, texts] of placedProblems(told, draft)) {
    if (!faults.has(key)) faults.set(key, texts.join("; "));
  }
  return faults;
}

function SaveBar(props: {
  draft: Draft;
  project: Project;
  faults: ReadonlyMap<string, string>;
  trouble: string | null;
  isSaving: boolean;
  onSave: () => void;
}): ReactElement {
  const { draft, project } = props;
  const { reset, wasRebased } = useGraph();
  const isDirty = isChanged(draft);
  const own = problemsOf(
    draft,
    project.expressions.map((expression) => expression.id),
  ).size;
  return (
    <footer className="save-bar">
      {wasRebased && (
        <p className="rebased" role="alert">
          <Icon name="info" />
          {project.config_file} was changed by another program. Its state is loaded and your edits are kept on top of
          it; look it over and save again.
        </p>
      )}
      {props.trouble !== null && (
        <p className="fault" role="alert">
          {props.trouble}
        </p>
      )}
      <p className="hint">{isDirty ? `Not saved yet: ${changeWords(draft)}` : "Everything is saved."}</p>
      <div className="save-buttons">
        <span className="spacer" />
        <Button
          label="Discard"
          disabledBecause={isDirty ? null : "nothing is changed"}
          onPress={() => reset(project)}
        />
        <Button
          label={`Save to ${project.config_file}`}
          look="main"
          busy={props.isSaving}
          disabledBecause={
            own > 0 ? `${count(own, "path")} must be put right first` : isDirty ? null : "nothing is changed"
          }
          onPress={props.onSave}
        />
      </div>
    </footer>
  );
}

function changeWords(draft: Draft): string {
  const { added, removed, renamed } = changesOf(draft);
  const parts = [
    added > 0 ? `${added} added` : "",
    removed > 0 ? `${removed} removed` : "",
    renamed > 0 ? `${renamed} renamed` : "",
  ];
  return parts.filter(Boolean).join(", ");
}
