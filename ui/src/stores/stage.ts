/** How the stage shows what is selected: mode, overlays and what is compared. Zoom and pan belong to the stage itself. */
import { create } from "zustand";

export const STAGE_MODES = ["single", "flip", "wipe", "difference"] as const;
export type StageMode = (typeof STAGE_MODES)[number];

/** Two pictures to compare, such as a take with the picture in its place. */
export interface Comparison {
  a: { digest: string; label: string };
  b: { digest: string; label: string };
}

/** What A/B, wipe and difference hold a frame against while nothing else is compared. */
export type Against = "neutral" | "start" | "end" | "previous" | "next";
export const AGAINST: readonly Against[] = ["neutral", "start", "end", "previous", "next"];

interface StageState {
  mode: StageMode;
  onion: boolean;
  against: Against;
  comparison: Comparison | null;
  /** Of A/B flip: whether B is on the stage. */
  flipped: boolean;
  /** Of the wipe: 0 shows only B, 1 only A. */
  wipe: number;
  /** B stands on the stage for as long as a key is held. */
  peeking: boolean;
  setMode: (mode: StageMode) => void;
  toggleMode: (mode: StageMode) => void;
  setOnion: (onion: boolean) => void;
  setAgainst: (against: Against) => void;
  setWipe: (wipe: number) => void;
  setFlipped: (flipped: boolean) => void;
  setPeeking: (peeking: boolean) => void;
  /** Compare two pictures; the mode becomes A/B flip unless it compares already. */
  compare: (comparison: Comparison) => void;
  endComparison: () => void;
}

export const useStage = create<StageState>((set) => ({
  mode: "single",
  onion: false,
  against: "neutral",
  comparison: null,
  flipped: false,
  wipe: 0.5,
  peeking: false,
  setMode: (mode) => set({ mode, flipped: false }),
  toggleMode: (mode) => set((now) => ({ mode: now.mode === mode ? "single" : mode, flipped: false })),
  setOnion: (onion) => set({ onion }),
  setAgainst: (against) => set({ against, comparison: null }),
  setWipe: (wipe) => set({ wipe: Math.min(1, Math.max(0, wipe)) }),
  setFlipped: (flipped) => set({ flipped }),
  setPeeking: (peeking) => set({ peeking }),
  compare: (comparison) =>
    set((now) => ({ comparison, flipped: false, mode: now.mode === "single" ? "flip" : now.mode })),
  endComparison: () => set({ comparison: null, mode: "single", flipped: false }),
}));
