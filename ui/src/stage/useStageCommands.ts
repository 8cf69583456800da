/** The commands of the stage. */
import { useEffect } from "react";
import { type Command, type Handler, register } from "../keys/commands.ts";
import { useFilm } from "../playback/film.ts";
import { nextGround, useSettings } from "../stores/settings.ts";
import { useStage } from "../stores/stage.ts";
import { useStageView } from "./stageView.ts";

export const MAX_ONION_RANGE = 5;

const stage = (): ReturnType<typeof useStage.getState> => useStage.getState();
const view = (): ReturnType<typeof useStageView.getState> => useStageView.getState();
const settings = (): ReturnType<typeof useSettings.getState> => useSettings.getState();

const HANDLERS: Partial<Record<Command, Handler>> = {
  single: () => (stage().comparison ? stage().endComparison() : stage().setMode("single")),
  flip: () => flip(),
  peek: (down) => stage().setPeeking(down === 1),
  wipe: () => stage().toggleMode("wipe"),
  difference: () => stage().toggleMode("difference"),
  onion: () => stage().setOnion(!stage().onion),
  "onion-range": () => {
    settings().set({ onionRange: (settings().onionRange % MAX_ONION_RANGE) + 1 });
    stage().setOnion(true);
  },
  ground: nextGround,
  "zoom-in": () => view().zoomStep(1),
  "zoom-out": () => view().zoomStep(-1),
  "zoom-fit": () => view().fit(),
  "zoom-actual": () => view().actual(),
};

/** Register them while a sequence is open. */
export function useStageCommands(): void {
  const open = useFilm(({ film }) => film !== null);
  useEffect(() => {
    if (!open) return undefined;
    const stops = Object.entries(HANDLERS).map(([command, handler]) => register(command as Command, handler));
    return () => {
      for (const stop of stops) stop();
    };
  }, [open]);
}

/** The first press shows B at once; what differs is seen best in the moment of the change. */
function flip(): void {
  const { mode, flipped, setMode, setFlipped } = stage();
  if (mode !== "flip") setMode("flip");
  setFlipped(mode !== "flip" || !flipped);
}
