/** The character live: a button and a key for every state, and the address of the page that only shows it. */
import { type ReactElement, useId, useRef } from "react";
import { isSame, type State } from "../../../player/src/graph.ts";
import { ApiError } from "../api/client.ts";
import { thumbnailUrl } from "../api/pictures.ts";
import { useEndpoints, useRig, useStageCommand } from "../api/queries.ts";
import type { Rig, StageCommand } from "../api/types.ts";
import { Button, Select } from "../design/controls.tsx";
import { Empty, Loading, Trouble } from "../design/states.tsx";
import { useCommand } from "../keys/commands.ts";
import { keyHint } from "../keys/keymap.ts";
import { Grounds } from "../stage/GroundBar.tsx";
import { notify } from "../stores/notices.ts";
import { nextGround, useSettings } from "../stores/settings.ts";
import { byPose, keyOf } from "./states.ts";
import { act, actByKey, setBlinks, usePerformer, wink } from "./store.ts";
import { usePerformance } from "./usePerformance.ts";
import "../stage/stage.css";
import "./perform.css";

export function PerformView(): ReactElement {
  const rig = useRig();
  const told = useStageCommand();
  if (rig.isPending || told.isPending) return <Loading what="the character" />;
  if (rig.error instanceof ApiError && rig.error.status === 404) {
    return (
      <Empty icon="face" title="Nobody on stage yet">
        A sequence whose frames are all made can be performed. Make one in Review, and come back.
      </Empty>
    );
  }
  const error = rig.error ?? told.error;
  if (error || !rig.data) {
    const retry = (): void => void Promise.all([rig.refetch(), told.refetch()]);
    return <Trouble title="The character can't be shown" error={error ?? new Error("no answer")} retry={retry} />;
  }
  return <Performance rig={rig.data} told={told.data ?? null} />;
}

function Performance({ rig, told }: { rig: Rig; told: StageCommand | null }): ReactElement {
  const place = usePerformance(rig, told);
  const { ground, customGround } = useSettings();
  const { states, trouble } = usePerformer();
  useCommand("act", actByKey);
  useCommand("wink", wink);
  useCommand("ground", nextGround);
  return (
    <div className="perform">
      <section className="perform-stage" aria-label="Stage" data-stage>
        <div
          className="perform-ground"
          data-ground={ground}
          style={ground === "custom" ? { background: customGround } : undefined}
          ref={place}
        />
        {trouble !== null ? (
          <Trouble title="The character can't be shown" error={new Error(trouble)} />
        ) : (
          states.length === 0 && <Loading what="all frames" />
        )}
      </section>
      <section className="perform-board" aria-label="Direction">
        <Settings />
        <States />
        <LeftOut rig={rig} />
        <StageAddress />
      </section>
    </div>
  );
}

const WAYS = [
  { value: "", label: "as the frames are paced" },
  { value: "0", label: "no time" },
  ...[150, 300, 500, 800, 1200].map((ms) => ({ value: String(ms), label: `${ms} ms` })),
];

function Settings(): ReactElement {
  const { transitionMs, blinks, set } = useSettings();
  return (
    <div className="perform-settings" role="toolbar" aria-label="How it performs">
      <Select
        label="A change takes"
        value={transitionMs === null ? "" : String(transitionMs)}
        choices={WAYS}
        onChoose={(value) => set({ transitionMs: value === "" ? null : Number(value) })}
      />
      <label className="labelled">
        <input type="checkbox" checked={blinks} onChange={(event) => setBlinks(event.target.checked)} />
        Blinks by itself
      </label>
      <Button label="Blink" look="quiet" keyHint={keyHint("wink")} onPress={wink} />
      <span className="spacer" />
      <Grounds />
    </div>
  );
}

function States(): ReactElement {
  const { states, now } = usePerformer();
  return (
    <>
      {byPose(states).map(({ pose, states: here }) => (
        <section key={pose} aria-label={`Pose ${pose}`}>
          <h2 className="perform-pose">{spaced(pose)}</h2>
          <div className="perform-states">
            {here.map((state) => (
              <StateButton
                key={state.expression}
                state={state}
                isNow={now !== null && isSame(state, now)}
                digit={now && keyOf(state, states, now)}
              />
            ))}
          </div>
        </section>
      ))}
    </>
  );
}

function StateButton(props: { state: State; isNow: boolean; digit: string | null }): ReactElement {
  const { state, isNow, digit } = props;
  const { data } = useEndpoints();
  const drawing = data?.cells.find((cell) => cell.expression === state.expression && cell.pose === state.pose)?.digest;
  return (
    <button
      type="button"
      className="perform-state"
      aria-pressed={isNow}
      aria-keyshortcuts={digit ?? undefined}
      title={digit === null ? undefined : `${spaced(state.expression)} (${digit})`}
      onClick={() => act(state)}
    >
      {drawing ? <img src={thumbnailUrl(drawing, 96)} alt="" /> : <span className="perform-blank" />}
      <span className="perform-name">{spaced(state.expression)}</span>
      {digit !== null && (
        <span className="perform-key" aria-hidden="true">
          {digit}
        </span>
      )}
    </button>
  );
}

function LeftOut({ rig }: { rig: Rig }): ReactElement | null {
  const { left_out: leftOut } = rig;
  if (leftOut.length === 0) return null;
  return (
    <details className="perform-left-out">
      <summary>{leftOut.length === 1 ? "1 sequence is left out" : `${leftOut.length} sequences are left out`}</summary>
      <ul>
        {leftOut.map(({ path_id: pathId, reason }) => (
          <li key={pathId}>
            {pathId}: {reason}
          </li>
        ))}
      </ul>
    </details>
  );
}

function StageAddress(): ReactElement {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const address = `${window.location.origin}/stage`;
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(address);
      notify("done", "The stage's address is copied.");
    } catch {
      field.current?.select();
      notify("info", "This browser does not let the page copy: the address is selected, copy it by hand.");
    }
  };
  return (
    <div className="perform-address">
      <label htmlFor={id}>Stage address</label>
      <input id={id} ref={field} className="field" readOnly value={address} />
      <Button label="Copy" onPress={() => void copy()} />
      <a href="/stage" target="_blank" rel="noreferrer">
        Open
      </a>
      <p className="hint">
        A page with nothing but the character on transparent ground, which follows what you do here: a browser source in
        OBS.
      </p>
    </div>
  );
}

function spaced(name: string): string {
  return name.replaceAll("_", " ");
}
