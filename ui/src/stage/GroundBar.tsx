/** What the picture lies on, and how large it is. */
import type { ReactElement } from "react";
import { Button } from "../design/controls.tsx";
import { run } from "../keys/commands.ts";
import { keyHint } from "../keys/keymap.ts";
import { useFilm } from "../playback/film.ts";
import { GROUNDS, type Ground, useSettings } from "../stores/settings.ts";
import { useZoomPercent } from "./stageView.ts";

const LABELS: Record<Ground, string> = {
  checker: "Checker",
  black: "Black",
  white: "White",
  green: "Green",
  custom: "Own colour",
};

export function GroundBar(): ReactElement {
  return (
    <div className="stage-bar" role="toolbar" aria-label="Ground and zoom">
      <Grounds />
      <span className="spacer" />
      <PictureSize />
      <Zoom />
    </div>
  );
}

/** The choice of what pictures lie on. */
export function Grounds(): ReactElement {
  const { ground, customGround, set } = useSettings();
  return (
    <div className="grounds" role="radiogroup" aria-label={`Ground (${keyHint("ground")})`}>
      <span className="stage-word">Ground</span>
      {GROUNDS.map((each) => (
        <label key={each} className="ground" title={`${LABELS[each]} ground`}>
          <input
            type="radio"
            name="ground"
            className="visually-hidden"
            checked={ground === each}
            onChange={() => set({ ground: each })}
          />
          <span className="visually-hidden">{LABELS[each]}</span>
          <span
            className="ground-swatch"
            data-ground={each}
            style={each === "custom" ? { background: customGround } : undefined}
          />
        </label>
      ))}
      {ground === "custom" && (
        <input
          type="color"
          className="ground-colour"
          aria-label="Own ground colour"
          value={customGround}
          onChange={(event) => set({ customGround: event.target.value })}
        />
      )}
    </div>
  );
}

function PictureSize(): ReactElement | null {
  const size = useFilm(({ film }) => film?.size);
  return size ? <span className="stage-word">{`${size.width} × ${size.height}`}</span> : null;
}

function Zoom(): ReactElement {
  const percent = useZoomPercent();
  return (
    <div className="zoom">
      <Button
        label="Zoom out"
        icon="minus"
        iconOnly
        look="quiet"
        keyHint={keyHint("zoom-out")}
        onPress={() => run("zoom-out")}
      />
      <output className="zoom-value" aria-label="Zoom">
        {percent === null ? "–" : `${percent} %`}
      </output>
      <Button
        label="Zoom in"
        icon="plus"
        iconOnly
        look="quiet"
        keyHint={keyHint("zoom-in")}
        onPress={() => run("zoom-in")}
      />
      <Button label="Fit" icon="fit" look="quiet" keyHint={keyHint("zoom-fit")} onPress={() => run("zoom-fit")} />
      <Button label="100 %" look="quiet" keyHint={keyHint("zoom-actual")} onPress={() => run("zoom-actual")} />
    </div>
  );
}
