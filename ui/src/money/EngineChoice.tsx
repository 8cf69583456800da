/** Who makes the pictures: the engines that can, what a frame costs with each, and why the others can't. */
import type { ReactElement } from "react";
import { useEngines } from "../api/queries.ts";
import type { EngineInfo } from "../api/types.ts";
import { Select } from "../design/controls.tsx";
import { useSettings } from "../stores/settings.ts";
import { enginesFor, priceOfOne, unavailable } from "./engines.ts";

const AUTO = "";

/** `makes` is what the engine must be able to make, as the server calls it. */
export function EngineChoice({ makes }: { makes: "tweens" | "expressions" }): ReactElement {
  const { data, error } = useEngines();
  const chosen = useSettings((settings) => settings.engine);
  const set = useSettings((settings) => settings.set);
  if (error) {
    return (
      <p className="fault" role="alert">
        The engines could not be loaded: {error.message}
      </p>
    );
  }
  const engines = enginesFor(data ?? [], makes);
  const known = engines.some((engine) => engine.name === chosen && engine.state === "ready");
  return (
    <div className="engine-choice">
      <Select
        label="Engine"
        value={known && chosen !== null ? chosen : AUTO}
        choices={[{ value: AUTO, label: autoLabel(data ?? [], makes) }, ...engines.map(choiceOf)]}
        onChoose={(name) => set({ engine: name === AUTO ? null : name })}
      />
      <Unavailable engines={unavailable(engines)} />
    </div>
  );
}

function Unavailable({ engines }: { engines: readonly EngineInfo[] }): ReactElement | null {
  if (engines.length === 0) return null;
  return (
    <details className="hint">
      <summary>{engines.map((engine) => engine.name).join(", ")} can't be used: why?</summary>
      {engines.map((engine) => (
        <p key={engine.name}>{engine.detail || engine.summary}</p>
      ))}
    </details>
  );
}

/** The engine that an order goes to: the chosen one where it can be had, null for the server's choice. */
export function useEngine(makes: "tweens" | "expressions"): {
  readonly name: string | null;
  readonly info: EngineInfo | undefined;
} {
  const { data } = useEngines();
  const chosen = useSettings((settings) => settings.engine);
  const engines = enginesFor(data ?? [], makes);
  const picked = engines.find((engine) => engine.name === chosen && engine.state === "ready");
  return { name: picked?.name ?? null, info: picked ?? engines.find((engine) => engine.default) };
}

function autoLabel(engines: readonly EngineInfo[], makes: "tweens" | "expressions"): string {
  const usual = enginesFor(engines, makes).find((engine) => engine.default && engine.state === "ready");
  return usual === undefined ? "auto" : `auto (${usual.name}, ${priceOfOne(usual)})`;
}

function choiceOf(engine: EngineInfo): { value: string; label: string; disabled?: boolean } {
  return engine.state === "ready"
    ? { value: engine.name, label: `${engine.name} · ${priceOfOne(engine)}` }
    : { value: engine.name, label: `${engine.name} · ${engine.state}`, disabled: true };
}
