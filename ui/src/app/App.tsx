/** The window: the bar above, and below it the view that is chosen. */
import { type ReactElement, type ReactNode, useCallback, useState } from "react";
import { useConnection } from "../api/events.ts";
import { useProject } from "../api/queries.ts";
import { Icon } from "../design/icons.tsx";
import { Boundary, Loading, Trouble } from "../design/states.tsx";
import { EndpointsView } from "../endpoints/EndpointsView.tsx";
import { ExportsView } from "../exports/ExportsView.tsx";
import { HistoryKeys } from "../inspector/HistoryKeys.tsx";
import { Inspector } from "../inspector/Inspector.tsx";
import { JobNews } from "../jobs/JobNews.tsx";
import { JobsView } from "../jobs/JobsView.tsx";
import { useCommand } from "../keys/commands.ts";
import { KeySheet } from "../keys/KeySheet.tsx";
import { Library } from "../library/Library.tsx";
import { PerformView } from "../perform/PerformView.tsx";
import { Stage } from "../stage/Stage.tsx";
import { useSelection } from "../stores/selection.ts";
import { useSettings } from "../stores/settings.ts";
import type { View } from "../stores/views.ts";
import { Timeline } from "../timeline/Timeline.tsx";
import { Welcome } from "../welcome/Welcome.tsx";
import { Notices } from "./Notices.tsx";
import { TopBar } from "./TopBar.tsx";
import "./shell.css";

export function App(): ReactElement {
  const [keySheet, setKeySheet] = useState(false);
  const openKeySheet = useCallback(() => setKeySheet(true), []);
  useCommand("key-sheet", openKeySheet);
  return (
    <div className="window">
      <TopBar onKeySheet={openKeySheet} />
      <LostConnection />
      <Body />
      <Notices />
      {keySheet && <KeySheet onClose={() => setKeySheet(false)} />}
    </div>
  );
}

function Body(): ReactElement {
  const project = useProject();
  const view = useSelection((now) => now.view);
  if (project.isPending) return <Whole view={<Loading what="the project" />} />;
  if (project.error) {
    const retry = (): void => void project.refetch();
    return <Whole view={<Trouble title="The project can't be shown" error={project.error} retry={retry} />} />;
  }
  if (!project.data.open) return <Whole view={<Welcome />} />;
  return (
    <>
      <HistoryKeys />
      <JobNews />
      {VIEW_PARTS[view]()}
    </>
  );
}

const VIEW_PARTS: Record<View, () => ReactElement> = {
  review: () => <Review />,
  endpoints: () => <Whole view={<EndpointsView />} />,
  perform: () => <Whole view={<PerformView />} />,
  jobs: () => <Whole view={<JobsView />} />,
  exports: () => <Whole view={<ExportsView />} />,
};

function Whole({ view }: { view: ReactNode }): ReactElement {
  return (
    <main className="whole">
      <Boundary name="This view">{view}</Boundary>
    </main>
  );
}

function Review(): ReactElement {
  const panelsHidden = useSettings((now) => now.panelsHidden);
  const set = useSettings((now) => now.set);
  const togglePanels = useCallback(() => set({ panelsHidden: !useSettings.getState().panelsHidden }), [set]);
  useCommand("panels", togglePanels);
  return (
    <main className="review" data-panels={panelsHidden ? "hidden" : "shown"}>
      {!panelsHidden && (
        <Boundary name="The library">
          <Library />
        </Boundary>
      )}
      <Boundary name="The stage">
        <Stage />
      </Boundary>
      <Boundary name="The timeline">
        <Timeline />
      </Boundary>
      {!panelsHidden && (
        <Boundary name="The inspector">
          <Inspector />
        </Boundary>
      )}
    </main>
  );
}

function LostConnection(): ReactElement | null {
  const lost = useConnection((now) => now.state === "lost");
  if (!lost) return null;
  return (
    <div className="lost" role="alert">
      <Icon name="running" turning />
      The studio's server does not answer. What you see may be old; connecting again …
    </div>
  );
}
