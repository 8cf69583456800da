/** Expressions and the paths between them: the drawings as a grid, the base paths as a graph. */
import { type ReactElement, useState } from "react";
import { useEndpoints, useProject } from "../api/queries.ts";
import type { Endpoints, Project } from "../api/types.ts";
import { Segments } from "../design/controls.tsx";
import { Loading, Trouble } from "../design/states.tsx";
import { isChanged } from "../graph/draft.ts";
import { GraphView } from "../graph/GraphView.tsx";
import { useGraph } from "../graph/store.ts";
import { DropZone } from "./DropZone.tsx";
import "./endpoints.css";
import { ExpressionsButton } from "./ExpressionsDialog.tsx";
import { Grid } from "./Grid.tsx";
import { PlanButton } from "./PlanDialog.tsx";

type Part = "drawings" | "paths";

export function EndpointsView(): ReactElement {
  const project = useProject();
  const endpoints = useEndpoints();
  if (project.isPending || endpoints.isPending) return <Loading what="the drawings" />;
  const error = project.error ?? endpoints.error;
  if (error !== null) {
    const retry = (): void => {
      void project.refetch();
      void endpoints.refetch();
    };
    return <Trouble title="The drawings could not be loaded" error={error} retry={retry} />;
  }
  if (project.data === undefined || endpoints.data === undefined) return <Loading what="the drawings" />;
  return <Loaded project={project.data} endpoints={endpoints.data} />;
}

function Loaded({ project, endpoints }: { project: Project; endpoints: Endpoints }): ReactElement {
  const [part, setPart] = useState<Part>("drawings");
  const isUnsaved = useGraph((graph) => graph.draft !== null && isChanged(graph.draft));
  return (
    <DropZone endpoints={endpoints}>
      <div className="page endpoints-page" data-wide>
        <header className="page-head">
          <Segments
            label="What is shown"
            value={part}
            choices={[
              { value: "drawings", label: "Drawings", icon: "grid" },
              { value: "paths", label: isUnsaved ? "Base paths (not saved)" : "Base paths", icon: "graph" },
            ]}
            onChoose={setPart}
          />
          <span className="hint">{part === "drawings" ? drawn(endpoints) : paths(project)}</span>
          <span className="spacer" />
          <ExpressionsButton endpoints={endpoints} neutral={project.neutral} />
          <PlanButton label="Make sequences…" paths={null} look="main" />
        </header>
        <Problems texts={project.problems} tone="bad" />
        <Problems texts={project.warnings} tone="warn" />
        {part === "drawings" ? (
          <Grid endpoints={endpoints} neutral={project.neutral} />
        ) : (
          <GraphView project={project} endpoints={endpoints} />
        )}
      </div>
    </DropZone>
  );
}

function drawn(endpoints: Endpoints): string {
  const present = endpoints.cells.filter((cell) => cell.state === "present").length;
  return `${present} of ${endpoints.cells.length} drawings are there. Drop pictures called expression__pose.png anywhere.`;
}

function paths(project: Project): string {
  return `${project.base_paths.length} base paths between ${project.expressions.length} expressions, saved in ${project.config_file}`;
}

function Problems({ texts, tone }: { texts: readonly string[]; tone: "bad" | "warn" }): ReactElement | null {
  if (texts.length === 0) return null;
  return (
    <ul className="problems" data-tone={tone} role={tone === "bad" ? "alert" : undefined}>
      {texts.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}
