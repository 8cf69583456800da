/** The draft of the base paths. It outlives the view, so that looking at something else throws no edit away. */
import { create } from "zustand";
import type { Project } from "../api/types.ts";
import { type Draft, draftOf, isChanged, rebased } from "./draft.ts";

interface GraphState {
  readonly draft: Draft | null;
  /** Key of the edge that is looked at. */
  readonly edge: string | null;
  /** The expression whose edges are looked at. */
  readonly node: string | null;
  /** Said after another program had changed the config under an edit. */
  readonly wasRebased: boolean;
  edit: (change: (draft: Draft) => Draft) => void;
  /** Take in what the project says now; edits that are not saved are carried over. */
  follow: (project: Project) => void;
  /** Begin anew from what the project says. */
  reset: (project: Project) => void;
  selectEdge: (key: string | null) => void;
  selectNode: (expression: string | null) => void;
}

export const useGraph = create<GraphState>((set) => ({
  draft: null,
  edge: null,
  node: null,
  wasRebased: false,
  edit: (change) => set(({ draft }) => ({ draft: draft && change(draft), wasRebased: false })),
  follow: (project) =>
    set(({ draft }) => {
      if (draft?.version === project.config_version) return {};
      if (draft === null || !isChanged(draft)) return { draft: draftOf(project.base_paths, project.config_version) };
      return { draft: rebased(draft, project.base_paths, project.config_version), wasRebased: true };
    }),
  reset: (project) =>
    set({ draft: draftOf(project.base_paths, project.config_version), edge: null, wasRebased: false }),
  selectEdge: (edge) => set({ edge }),
  selectNode: (node) => set({ node }),
}));
