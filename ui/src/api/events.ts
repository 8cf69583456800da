/**
 * The server's events, applied to what the queries hold.
 *
 * The browser resumes by the last event's id on its own. What was missed for too long comes as `reset`, and then
 * everything is fetched anew.
 */
import { hashKey, type QueryClient } from "@tanstack/react-query";
import { create } from "zustand";
import { after, listen, type Stop } from "../platform/timing.ts";
import { EVENTS_URL } from "./client.ts";
import { keys } from "./queries.ts";
import type { Job, Sequence, SequenceRow, StageCommand, StudioEvent } from "./types.ts";
import { withFrame, withJob, withRows } from "./updates.ts";

const TYPES: readonly StudioEvent["type"][] = ["job", "frame", "sequence", "endpoints", "project", "stage", "reset"];

/** `lost` after the first error, until the browser has connected again. */
export type ConnectionState = "connecting" | "open" | "lost";

export const useConnection = create<{ state: ConnectionState }>(() => ({ state: "connecting" }));

/** Run when events come for the first time. */
export function onceConnected(run: () => void): void {
  const stop = useConnection.subscribe(({ state }) => {
    if (state !== "open") return;
    stop();
    run();
  });
}

/** Connect, and keep `client` fresh until stopped. */
export function followEvents(client: QueryClient, open: (url: string) => EventSource = openSource): Stop {
  const source = open(EVENTS_URL);
  const apply = eventSink(client);
  const stops = [
    listen(source, "open", () => useConnection.setState({ state: "open" })),
    listen(source, "error", () => useConnection.setState({ state: "lost" })),
    ...TYPES.map((type) =>
      listen(source, type, (event: MessageEvent<string>) => apply(JSON.parse(event.data) as StudioEvent)),
    ),
  ];
  return () => {
    for (const stop of stops) stop();
    source.close();
  };
}

function openSource(url: string): EventSource {
  return new EventSource(url);
}

type Later = (run: () => void) => Stop;

/** Events come in bursts; a few of them make one change to what is shown. A hidden page has no pictures, but timers. */
const soon: Later = (run) => after(16, run);

/** Return a function that applies one event to the query cache, a moment later. */
export function eventSink(client: QueryClient, later: Later = soon): (event: StudioEvent) => void {
  const edits = new CacheEdits(client, later);
  const rows = new Map<string, SequenceRow | null>();
  const editRows = (old: SequenceRow[]): SequenceRow[] => {
    const changed = new Map(rows);
    rows.clear();
    return withRows(old, changed);
  };
  return (event) => {
    switch (event.type) {
      case "job":
        edits.add<Job[]>(keys.jobs, (old) => withJob(old, event.job));
        if (event.job.files.length > 0) edits.renew(keys.exports);
        return;
      case "frame":
        edits.add<Sequence>(keys.sequence(event.path_id), (old) => withFrame(old, event.frame));
        if (event.frame.state === "running") return;
        edits.renew(keys.takes(event.path_id, event.frame.t));
        edits.renew(keys.scores(event.path_id));
        return;
      case "sequence": {
        const { path_id: pathId, row } = event;
        if (rows.size === 0) edits.add<SequenceRow[]>(keys.sequences, editRows);
        rows.set(pathId, row);
        if (row) edits.add<Sequence>(keys.sequence(pathId), (old) => ({ ...old, row }));
        else edits.renew(keys.sequence(pathId));
        edits.renew(keys.rig);
        return;
      }
      case "endpoints":
        edits.renew(keys.endpoints);
        return;
      case "project":
        edits.renew(keys.project);
        edits.renew(keys.history);
        return;
      case "stage":
        edits.add<StageCommand | null>(keys.stage, () => event.command);
        return;
      case "reset":
        void client.invalidateQueries();
    }
  };
}

interface Edit {
  key: readonly unknown[];
  /** Null: fetch it anew. */
  change: ((old: unknown) => unknown) | null;
}

/**
 * Changes to cached answers. One that meets a fetch of the same answer waits for it: that answer may be older, and a
 * fetch that every event broke off would never come to its end.
 */
class CacheEdits {
  private waiting: Edit[] = [];

  constructor(
    private readonly client: QueryClient,
    private readonly later: Later,
  ) {}

  add<T>(key: readonly unknown[], change: (old: T) => T): void {
    this.push({ key, change: change as Edit["change"] });
  }

  /** Fetch an answer anew, once for however many ask. */
  renew(key: readonly unknown[]): void {
    const isSame = (edit: Edit): boolean => edit.change === null && hashKey(edit.key) === hashKey(key);
    if (!this.waiting.some(isSame)) this.push({ key, change: null });
  }

  private push(edit: Edit): void {
    if (this.waiting.length === 0) this.later(this.flush);
    this.waiting.push(edit);
  }

  private readonly flush = (): void => {
    const edits = this.waiting;
    this.waiting = [];
    for (const edit of edits) {
      const { key: queryKey, change } = edit;
      if (this.client.isFetching({ queryKey, exact: true }) > 0) this.waiting.push(edit);
      else if (change === null) void this.client.invalidateQueries({ queryKey, exact: true });
      else this.client.setQueryData(queryKey, (old: unknown) => (old === undefined ? old : change(old)));
    }
    if (this.waiting.length > 0) this.later(this.flush);
  };
}
