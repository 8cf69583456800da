/**
 * Pictures on their way into the grid.
 *
 * Two are sent at a time. A picture that would replace another waits until the person has agreed; one that was refused
 * stays in its cell with its reason until it is dismissed or another one is dropped there.
 */
import { create, type StoreApi, type UseBoundStore } from "zustand";
import type { EndpointCell } from "../api/types.ts";
import { type Cell, cellKey, type Placed, type Unplaced } from "./dropNames.ts";
import { sendPicture } from "./sending.ts";

export type Upload =
  | { readonly kind: "waiting" }
  | { readonly kind: "sending"; readonly share: number }
  | { readonly kind: "failed"; readonly reason: string };

export interface Uploads {
  /** By cell key. */
  readonly uploads: ReadonlyMap<string, Upload>;
  /** Pictures whose cells have one already, until the person has answered. */
  readonly replacing: readonly Placed<File>[];
  /** Files that found no cell. */
  readonly unplaced: readonly Unplaced<File>[];
  /** Send pictures to their cells; those whose cell `isTaken` wait for an answer. */
  offer: (placed: readonly Placed<File>[], isTaken: (cell: Cell) => boolean) => void;
  refuse: (unplaced: readonly Unplaced<File>[]) => void;
  answer: (replace: boolean) => void;
  dismiss: (cell: Cell) => void;
  dismissUnplaced: () => void;
}

type Send = (cell: Cell, file: File, onShare: (share: number) => void) => Promise<EndpointCell>;

const AT_ONCE = 2;

/** Return a store that sends with `send` and tells `onSent` of each cell that has its picture. */
export function createUploads(send: Send): UseBoundStore<StoreApi<Uploads & Listening>> {
  const queue: Placed<File>[] = [];
  let underWay = 0;

  const store = create<Uploads & Listening>((set, get) => ({
    uploads: new Map(),
    replacing: [],
    unplaced: [],
    onSent: () => undefined,
    offer: (placed, isTaken) => {
      set({ replacing: [...get().replacing, ...placed.filter(isTaken)] });
      enqueue(placed.filter((each) => !isTaken(each)));
    },
    refuse: (unplaced) => set({ unplaced }),
    answer: (replace) => {
      const { replacing } = get();
      set({ replacing: [] });
      if (replace) enqueue(replacing);
    },
    dismiss: (cell) => put(cell, null),
    dismissUnplaced: () => set({ unplaced: [] }),
  }));

  function put(cell: Cell, upload: Upload | null): void {
    const uploads = new Map(store.getState().uploads);
    if (upload === null) uploads.delete(cellKey(cell));
    else uploads.set(cellKey(cell), upload);
    store.setState({ uploads });
  }

  function enqueue(placed: readonly Placed<File>[]): void {
    for (const each of placed) put(each, { kind: "waiting" });
    queue.push(...placed);
    sendNext();
  }

  function sendNext(): void {
    while (underWay < AT_ONCE) {
      const next = queue.shift();
      if (next === undefined) return;
      underWay += 1;
      void sendOne(next);
    }
  }

  async function sendOne(placed: Placed<File>): Promise<void> {
    const cell = { expression: placed.expression, pose: placed.pose };
    put(cell, { kind: "sending", share: 0 });
    try {
      const sent = await send(cell, placed.file, (share) => put(cell, { kind: "sending", share }));
      put(cell, null);
      store.getState().onSent(sent);
    } catch (error) {
      put(cell, { kind: "failed", reason: error instanceof Error ? error.message : String(error) });
    } finally {
      underWay -= 1;
      sendNext();
    }
  }

  return store;
}

interface Listening {
  onSent: (cell: EndpointCell) => void;
}

export const useUploads = createUploads(sendPicture);
