/** The choices that a format of another program leaves: which format, its size and ground, its own settings. */
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { ExportFormat, FormatSetting } from "../api/types.ts";
import { Select } from "../design/controls.tsx";
import { Loading, Trouble } from "../design/states.tsx";
import { type FormatChoices, parseScale, settingFault, valueOf } from "./exportWork.ts";

const FIRST_GROUND = "#ffffff";

export function FormatFields(props: {
  formats: UseQueryResult<ExportFormat[]>;
  format: ExportFormat | undefined;
  choices: FormatChoices;
  change: (changes: Partial<FormatChoices>) => void;
}): ReactElement {
  const { formats, format, choices, change } = props;
  if (formats.isPending) return <Loading what="formats" />;
  if (formats.error) {
    return (
      <Trouble title="The formats could not be loaded" error={formats.error} retry={() => void formats.refetch()} />
    );
  }
  const names = formats.data.map(({ name }) => ({ value: name, label: name }));
  return (
    <fieldset className="format-fields">
      <legend className="visually-hidden">The format and its settings</legend>
      <Select label="as" value={choices.name} choices={names} onChoose={(name) => change({ name, settings: {} })} />
      <label className="labelled" title="Both sides of every picture are multiplied by it">
        scale
        <input
          className="field"
          inputMode="decimal"
          size={4}
          aria-invalid={parseScale(choices.scale) === null}
          value={choices.scale}
          onChange={(event) => change({ scale: event.target.value })}
        />
      </label>
      <Ground background={choices.background} change={change} />
      {format?.settings.map((setting) => (
        <Setting
          key={`${format.name} ${setting.name}`}
          setting={setting}
          value={valueOf(setting, choices)}
          onChange={(value) => change({ settings: { ...choices.settings, [setting.name]: value } })}
        />
      ))}
    </fieldset>
  );
}

function Ground(props: { background: string | null; change: (changes: Partial<FormatChoices>) => void }): ReactElement {
  const { background, change } = props;
  return (
    <span className="labelled">
      <label className="labelled">
        <input
          type="checkbox"
          checked={background !== null}
          onChange={(event) => change({ background: event.target.checked ? FIRST_GROUND : null })}
        />
        on a colour
      </label>
      {background !== null && (
        <input
          type="color"
          aria-label="Colour behind everything"
          value={background}
          onChange={(event) => change({ background: event.target.value })}
        />
      )}
    </span>
  );
}

function Setting(props: { setting: FormatSetting; value: string; onChange: (value: string) => void }): ReactElement {
  const { setting, value, onChange } = props;
  const { name, words, meaning } = setting;
  if (words !== null && words.length <= MOST_CHOICES) {
    const choices = words.map((word) => ({ value: word, label: word }));
    return (
      <span title={meaning}>
        <Select label={name} value={value} choices={choices} onChoose={onChange} />
      </span>
    );
  }
  return (
    <label className="labelled" title={meaning}>
      {name}
      <input
        className="field"
        inputMode={setting.least === null ? "text" : "numeric"}
        size={setting.least === null ? TEXT_WIDTH : NUMBER_WIDTH}
        aria-invalid={settingFault(setting, value) !== null}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}

/** More words than this (a quality from 0 to 100) are typed and not picked from a menu. */
const MOST_CHOICES = 12;
const TEXT_WIDTH = 24;
const NUMBER_WIDTH = 6;
