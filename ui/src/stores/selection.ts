/**
 * What the user looks at: the view, the sequence, the frame and the selected frames.
 *
 * Frames are named by their `t`, which is what the server names them by; an index would move when a frame is added.
 */
import { create } from "zustand";
import type { View } from "./views.ts";

interface Selection {
  view: View;
  pathId: string | null;
  /** The frame that the inspector shows; while a sequence plays, the one it was stopped at last. */
  t: number | null;
  /** Ascending; a range of several is what Shift+R makes anew, and `t` may move about without losing it. */
  selected: readonly number[];
  /** Where a range that is extended by Shift begins. */
  rangeFrom: number | null;

  show: (view: View) => void;
  /** Open a sequence in the review view, at a frame or at its start. */
  openSequence: (pathId: string, t?: number) => void;
  closeSequence: () => void;
  /** Show one frame and select it alone. */
  selectFrame: (t: number) => void;
  /** Show another frame; a range that is selected stays. */
  moveTo: (t: number) => void;
  /** Show a frame and select all between it and where the range began. */
  extendTo: (t: number, all: readonly number[]) => void;
  /** Select exactly these; the first is shown. */
  selectFrames: (times: readonly number[]) => void;
}

export const useSelection = create<Selection>((set) => ({
  view: "review",
  pathId: null,
  t: null,
  selected: [],
  rangeFrom: null,

  show: (view) => set({ view }),
  openSequence: (pathId, t = 0) => set({ view: "review", pathId, t, selected: [t], rangeFrom: t }),
  closeSequence: () => set({ pathId: null, t: null, selected: [], rangeFrom: null }),
  selectFrame: (t) => set({ t, selected: [t], rangeFrom: t }),
  moveTo: (t) => set(({ selected }) => (selected.length > 1 ? { t } : { t, selected: [t], rangeFrom: t })),
  extendTo: (t, all) =>
    set(({ rangeFrom }) => {
      const [low, high] = [Math.min(rangeFrom ?? t, t), Math.max(rangeFrom ?? t, t)];
      return { t, rangeFrom: rangeFrom ?? t, selected: all.filter((each) => each >= low && each <= high) };
    }),
  selectFrames: (times) =>
    set(() => {
      const selected = [...times].sort((a, b) => a - b);
      const first = selected[0] ?? null;
      return { t: first, selected, rangeFrom: first };
    }),
}));
