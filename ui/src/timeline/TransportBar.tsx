/** Buttons for everything that plays. Each does what its key does. */
import { type ReactElement, useState } from "react";
import { useShallow } from "zustand/react/shallow";
import type { Frame } from "../api/types.ts";
import { Button, type Choice, Segments, Select } from "../design/controls.tsx";
import type { IconName } from "../design/icons.tsx";
import { type Command, run } from "../keys/commands.ts";
import { keyHint } from "../keys/keymap.ts";
import { placeOf, shortT } from "../playback/film.ts";
import { SPEEDS, usePlayback } from "../stores/playback.ts";
import { useSelection } from "../stores/selection.ts";
import { type LoopMode, type Spacing, useSettings } from "../stores/settings.ts";

export const MIN_FPS = 1;
export const MAX_FPS = 60;

const LOOPS: readonly Choice<LoopMode>[] = [
  { value: "once", label: "Once", icon: "once", iconOnly: true, keyHint: keyHint("loop-mode") },
  { value: "loop", label: "Loop", icon: "loop", iconOnly: true, keyHint: keyHint("loop-mode") },
  { value: "ping-pong", label: "Ping-pong", icon: "ping-pong", iconOnly: true, keyHint: keyHint("loop-mode") },
];

const SPACINGS: readonly { value: Spacing; label: string }[] = [
  { value: "true", label: "true t" },
  { value: "uniform", label: "even" },
];

export function TransportBar({ frames, flagged }: { frames: readonly Frame[]; flagged: number }): ReactElement {
  const { loop, spacing, set } = useSettings();
  return (
    <div className="transport" role="toolbar" aria-label="Transport">
      <div className="transport-group">
        <Press command="first-frame" label="First frame" icon="first" />
        <Press command="previous-frame" label="Previous frame" icon="previous" />
        <BackButton />
        <PlayButton />
        <Press command="stop" label="Stop" icon="stop" />
        <Press command="next-frame" label="Next frame" icon="next" />
        <Press command="last-frame" label="Last frame" icon="last" />
      </div>
      <Segments label="At the end" choices={LOOPS} value={loop} onChoose={(value) => set({ loop: value })} />
      <FpsField />
      <SpeedSelect />
      <Select label="Spacing" value={spacing} choices={SPACINGS} onChoose={(value) => set({ spacing: value })} />
      <SectionButtons />
      <span className="spacer" />
      {flagged > 0 && (
        <Button
          label={`Select ${flagged} to check`}
          icon="warning"
          look="quiet"
          keyHint={keyHint("select-flagged")}
          onPress={() => run("select-flagged")}
        />
      )}
      <Counter frames={frames} />
    </div>
  );
}

function Press({ command, label, icon }: { command: Command; label: string; icon: IconName }): ReactElement {
  return (
    <Button label={label} icon={icon} iconOnly look="quiet" keyHint={keyHint(command)} onPress={() => run(command)} />
  );
}

function PlayButton(): ReactElement {
  const { playing, waiting, direction, loaded, toLoad } = usePlayback(
    useShallow(({ playing, waiting, direction, loaded, toLoad }) => ({ playing, waiting, direction, loaded, toLoad })),
  );
  const forward = (playing || waiting) && direction === 1;
  return (
    <span className="play" title={loaded < toLoad ? `${loaded} of ${toLoad} frames decoded` : undefined}>
      <Button
        label={waiting ? "Loading frames" : forward ? "Pause" : "Play"}
        icon={waiting ? "running" : forward ? "pause" : "play"}
        iconOnly
        look="main"
        keyHint={keyHint("play")}
        onPress={() => run("play")}
      />
      {loaded < toLoad && (
        <progress className="play-progress" aria-label="Frames decoded" value={loaded} max={toLoad} />
      )}
    </span>
  );
}

function BackButton(): ReactElement {
  const backwards = usePlayback((now) => now.playing && now.direction === -1);
  return (
    <Button
      label="Play backwards"
      icon={backwards ? "pause" : "play-back"}
      iconOnly
      look="quiet"
      pressed={backwards}
      keyHint={keyHint("play-back-faster")}
      onPress={() => run("play-back")}
    />
  );
}

function FpsField(): ReactElement {
  const { fps, set } = useSettings();
  const [typed, setTyped] = useState<string | null>(null);
  const commit = (text: string): void => {
    const value = Number(text);
    if (text.trim() !== "" && value >= MIN_FPS && value <= MAX_FPS) set({ fps: value });
  };
  return (
    <label className="labelled">
      fps
      <input
        className="field fps"
        type="number"
        min={MIN_FPS}
        max={MAX_FPS}
        step={1}
        value={typed ?? String(fps)}
        onChange={(event) => {
          setTyped(event.target.value);
          commit(event.target.value);
        }}
        onBlur={() => setTyped(null)}
        onKeyDown={(event) => {
          if (event.key === "Enter" || event.key === "Escape") event.currentTarget.blur();
        }}
      />
    </label>
  );
}

function SpeedSelect(): ReactElement {
  const speed = usePlayback((now) => now.speed);
  return (
    <Select
      label="Speed"
      value={String(speed)}
      choices={SPEEDS.map((value) => ({ value: String(value), label: `${value}×` }))}
      onChoose={(value) => usePlayback.setState({ speed: Number(value) })}
    />
  );
}

function SectionButtons(): ReactElement {
  const isSet = usePlayback((now) => now.inT !== null || now.outT !== null);
  return (
    <div className="transport-group">
      <Button label="In" icon="mark-in" look="quiet" keyHint={keyHint("mark-in")} onPress={() => run("mark-in")} />
      <Button label="Out" icon="mark-out" look="quiet" keyHint={keyHint("mark-out")} onPress={() => run("mark-out")} />
      <Button
        label="Whole sequence"
        icon="clear"
        iconOnly
        look="quiet"
        keyHint={keyHint("clear-section")}
        disabledBecause={isSet ? null : "no section is set"}
        onPress={() => run("clear-section")}
      />
    </div>
  );
}

function Counter({ frames }: { frames: readonly Frame[] }): ReactElement {
  const t = usePlayback((now) => now.t) ?? 0;
  const selected = useSelection((now) => now.selected.length);
  return (
    <span className="counter">
      {selected > 1 && <span className="badge">{selected} selected</span>}
      <span>
        {placeOf(frames, t) + 1} / {frames.length}
      </span>
      <span className="counter-t">t {shortT(t)}</span>
    </span>
  );
}
