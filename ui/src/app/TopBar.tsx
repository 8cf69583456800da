/** Project, views, money and jobs, undo, and what concerns the whole window. */
import type { ReactElement } from "react";
import { useProject } from "../api/queries.ts";
import { Button } from "../design/controls.tsx";
import { Icon, type IconName } from "../design/icons.tsx";
import { JobsSummary } from "../jobs/JobsSummary.tsx";
import { run, useAvailable } from "../keys/commands.ts";
import { keyHint } from "../keys/keymap.ts";
import { MoneySummary } from "../money/MoneySummary.tsx";
import { useSelection } from "../stores/selection.ts";
import { type Theme, useSettings } from "../stores/settings.ts";
import { VIEWS, type View } from "../stores/views.ts";

const TABS: Record<View, { label: string; icon: IconName }> = {
  review: { label: "Review", icon: "single" },
  endpoints: { label: "Endpoints", icon: "grid" },
  perform: { label: "Perform", icon: "face" },
  jobs: { label: "Jobs", icon: "jobs" },
  exports: { label: "Exports", icon: "export" },
};

export function TopBar({ onKeySheet }: { onKeySheet: () => void }): ReactElement {
  const { data: project } = useProject();
  return (
    <header className="topbar">
      <h1 className="topbar-name" title={project?.folder}>
        {project?.open ? project.name : "watercolor-rig"}
      </h1>
      {project?.open && <Tabs />}
      <span className="spacer" />
      {project?.open && (
        <>
          <JobsSummary />
          <MoneySummary />
          <UndoRedo />
        </>
      )}
      {project?.open && <PanelsButton />}
      <ThemeButton />
      <Button label="Keys" icon="keys" iconOnly look="quiet" keyHint={keyHint("key-sheet")} onPress={onKeySheet} />
    </header>
  );
}

function Tabs(): ReactElement {
  const view = useSelection((now) => now.view);
  const show = useSelection((now) => now.show);
  return (
    <nav className="tabs" aria-label="Views">
      {VIEWS.map((each) => (
        <button
          key={each}
          type="button"
          className="tab"
          aria-current={each === view ? "page" : undefined}
          title={TABS[each].label}
          onClick={() => show(each)}
        >
          <Icon name={TABS[each].icon} />
          <span className="tab-label">{TABS[each].label}</span>
        </button>
      ))}
    </nav>
  );
}

function UndoRedo(): ReactElement {
  const nothingTo = (available: boolean, what: string): string | null => (available ? null : `nothing to ${what}`);
  const canUndo = useAvailable("undo");
  const canRedo = useAvailable("redo");
  return (
    <>
      <Button
        label="Undo"
        icon="undo"
        iconOnly
        look="quiet"
        keyHint={keyHint("undo")}
        disabledBecause={nothingTo(canUndo, "undo")}
        onPress={() => run("undo")}
      />
      <Button
        label="Redo"
        icon="redo"
        iconOnly
        look="quiet"
        keyHint={keyHint("redo")}
        disabledBecause={nothingTo(canRedo, "redo")}
        onPress={() => run("redo")}
      />
    </>
  );
}

function PanelsButton(): ReactElement | null {
  const view = useSelection((now) => now.view);
  const hidden = useSettings((now) => now.panelsHidden);
  if (view !== "review") return null;
  return (
    <Button
      label="Hide panels"
      icon="panels"
      iconOnly
      look="quiet"
      pressed={hidden}
      keyHint={keyHint("panels")}
      onPress={() => run("panels")}
    />
  );
}

const NEXT_THEME: Record<Theme, Theme> = { system: "dark", dark: "light", light: "system" };
const THEME_ICONS: Record<Theme, IconName> = { system: "system", dark: "moon", light: "sun" };

function ThemeButton(): ReactElement {
  const { theme, set } = useSettings();
  return (
    <Button
      label={`Colours: ${theme === "system" ? "as the system" : theme}`}
      icon={THEME_ICONS[theme]}
      iconOnly
      look="quiet"
      onPress={() => set({ theme: NEXT_THEME[theme] })}
    />
  );
}
