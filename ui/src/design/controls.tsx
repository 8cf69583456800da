/** Buttons and choices. Each has a label that is seen or heard, and a key hint in its tooltip where there is one. */
import type { ReactElement } from "react";
import { Icon, type IconName } from "./icons.tsx";

export interface ButtonProps {
  /** What it does; seen unless `iconOnly`. */
  label: string;
  onPress: () => void;
  icon?: IconName;
  iconOnly?: boolean;
  look?: "plain" | "quiet" | "main" | "danger";
  /** The key that does the same, for the tooltip. */
  keyHint?: string;
  /** Why it can't be pressed now; it stays focusable for nobody, but the tooltip says it. */
  disabledBecause?: string | null;
  /** Makes it a toggle. */
  pressed?: boolean;
  busy?: boolean;
}

export function Button(props: ButtonProps): ReactElement {
  const { label, icon, iconOnly = false, look = "plain", keyHint, disabledBecause, pressed, busy = false } = props;
  const hint = keyHint ? `${label} (${keyHint})` : label;
  return (
    <button
      type="button"
      className="button"
      data-look={look}
      data-icon-only={iconOnly || undefined}
      aria-label={iconOnly ? label : undefined}
      aria-pressed={pressed}
      aria-busy={busy || undefined}
      title={disabledBecause ? `${label}: ${disabledBecause}` : iconOnly || keyHint ? hint : undefined}
      disabled={Boolean(disabledBecause) || busy}
      onClick={props.onPress}
    >
      {busy ? <Icon name="running" turning /> : icon && <Icon name={icon} />}
      {!iconOnly && <span>{label}</span>}
    </button>
  );
}

export interface Choice<T extends string> {
  value: T;
  label: string;
  icon?: IconName;
  iconOnly?: boolean;
  keyHint?: string;
}

/** One of a few, all of them in sight. Arrow keys move the choice, as in any group of radio buttons. */
export function Segments<T extends string>(props: {
  label: string;
  choices: readonly Choice<T>[];
  value: T;
  onChoose: (value: T) => void;
}): ReactElement {
  const { choices, value, onChoose } = props;
  const move = (by: number, from: HTMLElement): void => {
    const index = choices.findIndex((choice) => choice.value === value);
    const next = choices[(index + by + choices.length) % choices.length];
    if (!next) return;
    onChoose(next.value);
    from.querySelector<HTMLElement>(`[data-value="${next.value}"]`)?.focus();
  };
  return (
    <div
      className="segments"
      role="radiogroup"
      aria-label={props.label}
      onKeyDown={(event) => {
        const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        move(by, event.currentTarget);
      }}
    >
      {choices.map((choice) => (
        // biome-ignore lint/a11y/useSemanticElements: a group of radio buttons that look like one control
        <button
          key={choice.value}
          type="button"
          role="radio"
          className="button"
          data-value={choice.value}
          data-icon-only={choice.iconOnly ?? undefined}
          aria-checked={choice.value === value}
          aria-label={choice.iconOnly ? choice.label : undefined}
          tabIndex={choice.value === value ? 0 : -1}
          title={choice.keyHint ? `${choice.label} (${choice.keyHint})` : choice.label}
          onClick={() => onChoose(choice.value)}
        >
          {choice.icon && <Icon name={choice.icon} />}
          {!choice.iconOnly && <span>{choice.label}</span>}
        </button>
      ))}
    </div>
  );
}

/** One of several in a menu. */
export function Select<T extends string>(props: {
  label: string;
  hideLabel?: boolean;
  value: T;
  choices: readonly { value: T; label: string; disabled?: boolean }[];
  onChoose: (value: T) => void;
}): ReactElement {
  return (
    <label className="labelled" title={props.label}>
      <span className={props.hideLabel ? "visually-hidden" : undefined}>{props.label}</span>
      <select
        className="field"
        value={props.value}
        onChange={(event) => {
          const chosen = props.choices.find((choice) => choice.value === event.target.value);
          if (chosen) props.onChoose(chosen.value);
        }}
      >
        {props.choices.map((choice) => (
          <option key={choice.value} value={choice.value} disabled={choice.disabled}>
            {choice.label}
          </option>
        ))}
      </select>
    </label>
  );
}
