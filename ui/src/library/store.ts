/** What the library shows: its section, its filter and the row that the keyboard is at. */
import { create } from "zustand";
import type { SequenceState } from "../api/types.ts";
import { NO_FILTER, type RowFilter } from "./rows.ts";

export const SECTIONS = ["sequences", "expressions", "poses"] as const;
export type Section = (typeof SECTIONS)[number];

interface LibraryState {
  section: Section;
  filter: RowFilter;
  /** The path id of the row that arrow keys move from. */
  active: string | null;
  showSection: (section: Section) => void;
  narrow: (changes: Partial<RowFilter>) => void;
  toggleState: (state: SequenceState) => void;
  clearFilter: () => void;
  moveTo: (pathId: string) => void;
}

export const useLibrary = create<LibraryState>((set) => ({
  section: "sequences",
  filter: NO_FILTER,
  active: null,
  showSection: (section) => set({ section }),
  narrow: (changes) => set(({ filter }) => ({ section: "sequences", filter: { ...filter, ...changes } })),
  toggleState: (state) =>
    set(({ filter }) => {
      const states = new Set(filter.states);
      if (!states.delete(state)) states.add(state);
      return { filter: { ...filter, states } };
    }),
  clearFilter: () => set({ filter: NO_FILTER }),
  moveTo: (pathId) => set({ active: pathId }),
}));
