/** How the picture is looked at. */
import type { ReactElement } from "react";
import { Button, type Choice, Segments, Select } from "../design/controls.tsx";
import { run } from "../keys/commands.ts";
import { keyHint } from "../keys/keymap.ts";
import { useSettings } from "../stores/settings.ts";
import { AGAINST, type Against, type StageMode, useStage } from "../stores/stage.ts";
import { MAX_ONION_RANGE } from "./useStageCommands.ts";

const MODES: readonly Choice<StageMode>[] = [
  { value: "single", label: "Single", icon: "single", keyHint: keyHint("single") },
  { value: "flip", label: "A/B", icon: "flip", keyHint: keyHint("flip") },
  { value: "wipe", label: "Wipe", icon: "wipe", keyHint: keyHint("wipe") },
  { value: "difference", label: "Difference", icon: "difference", keyHint: keyHint("difference") },
];

const AGAINST_LABELS: Record<Against, string> = {
  neutral: "neutral",
  start: "start",
  end: "end",
  previous: "previous frame",
  next: "next frame",
};

const RANGES = Array.from({ length: MAX_ONION_RANGE }, (_, k) => String(k + 1));

export function ModeBar(): ReactElement {
  const { mode, setMode, onion, flipped } = useStage();
  const { onionRange, set } = useSettings();
  return (
    <div className="stage-bar" role="toolbar" aria-label="How the picture is shown">
      <Segments label="Mode" choices={MODES} value={mode} onChoose={setMode} />
      {mode === "flip" && (
        <Button
          label={flipped ? "Showing B" : "Showing A"}
          keyHint={keyHint("flip")}
          pressed={flipped}
          onPress={() => run("flip")}
        />
      )}
      {mode !== "single" && <AgainstSelect />}
      <span className="spacer" />
      <Button label="Onion" icon="onion" pressed={onion} keyHint={keyHint("onion")} onPress={() => run("onion")} />
      <Select
        label="Onion range"
        hideLabel
        value={String(onionRange)}
        choices={RANGES.map((value) => ({ value, label: `± ${value}` }))}
        onChoose={(value) => set({ onionRange: Number(value) })}
      />
    </div>
  );
}

function AgainstSelect(): ReactElement {
  const { against, setAgainst, comparison } = useStage();
  if (comparison) return <span className="labelled">{`${comparison.a.label} / ${comparison.b.label}`}</span>;
  return (
    <Select
      label="with"
      value={against}
      choices={AGAINST.map((value) => ({ value, label: AGAINST_LABELS[value] }))}
      onChoose={setAgainst}
    />
  );
}
