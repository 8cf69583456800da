/** Short messages at the lower edge; screen readers hear them. */
import { create } from "zustand";
import { after } from "../platform/timing.ts";

export interface Notice {
  id: number;
  /** A `problem` stays until it is closed. */
  kind: "info" | "done" | "problem";
  text: string;
  action?: { label: string; run: () => void };
}

const SHOWN_MS = 5000;
const MOST = 4;

interface Notices {
  notices: readonly Notice[];
  close: (id: number) => void;
}

export const useNotices = create<Notices>((set) => ({
  notices: [],
  close: (id) => set(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) })),
}));

let lastId = 0;

/** Tell the user something; returns the notice's id. */
export function notify(kind: Notice["kind"], text: string, action?: Notice["action"]): number {
  lastId += 1;
  const id = lastId;
  const notice: Notice = action ? { id, kind, text, action } : { id, kind, text };
  useNotices.setState(({ notices }) => ({
    notices: [...notices.filter((old) => old.text !== text), notice].slice(-MOST),
  }));
  if (kind !== "problem") after(SHOWN_MS, () => useNotices.getState().close(id));
  return id;
}

/** Tell the user about an error that nobody else shows. */
export function notifyError(error: unknown): void {
  notify("problem", error instanceof Error ? error.message : String(error));
}
