/** What the user likes, kept in this browser. Nothing here changes the project. */
import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";
import type { LoopMode, Spacing } from "../../../player/src/timing.ts";

export type Theme = "system" | "dark" | "light";
export type Ground = "checker" | "black" | "white" | "green" | "custom";
export type { LoopMode, Spacing };

export const GROUNDS: readonly Ground[] = ["checker", "black", "white", "green", "custom"];
export const LOOP_MODES: readonly LoopMode[] = ["once", "loop", "ping-pong"];

interface Settings {
  theme: Theme;
  ground: Ground;
  customGround: string;
  fps: number;
  loop: LoopMode;
  /** `true`: a frame stands as long as its distance in t says; `uniform`: all stand equally long. */
  spacing: Spacing;
  onionRange: number;
  /** The id of the engine that new frames are asked from; null for the server's choice. */
  engine: string | null;
  panelsHidden: boolean;
  /** How long a character that performs takes from state to state; null for the frames' own pace. */
  transitionMs: number | null;
  /** Whether it blinks by itself. */
  blinks: boolean;
  set: (changed: Partial<Omit<Settings, "set">>) => void;
}

export const useSettings = create<Settings>()(
  persist(
    (set) => ({
      theme: "system",
      ground: "checker",
      customGround: "#6b8aa8",
      fps: 12,
      loop: "ping-pong",
      spacing: "true",
      onionRange: 2,
      engine: null,
      panelsHidden: false,
      transitionMs: null,
      blinks: true,
      set: (changed) => set(changed),
    }),
    {
      name: "watercolor-rig-studio",
      version: 1,
      storage: createJSONStorage(() => localStorage),
      partialize: (now) => Object.fromEntries(Object.entries(now).filter(([name]) => name !== "set")),
    },
  ),
);

/** Put the pictures on the next ground. */
export function nextGround(): void {
  const { ground, set } = useSettings.getState();
  set({ ground: GROUNDS[(GROUNDS.indexOf(ground) + 1) % GROUNDS.length] ?? "checker" });
}
