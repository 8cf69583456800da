import { QueryObserver } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { aCommand, aRig } from "../testing/character.ts";
import { aFrame, aJob, aRow, aSequence } from "../testing/samples.ts";
import { eventSink, followEvents, onceConnected, useConnection } from "./events.ts";
import { createQueryClient, keys } from "./queries.ts";

/** A sink whose pauses end when the test says so. */
function aSink(): {
  client: ReturnType<typeof createQueryClient>;
  sink: ReturnType<typeof eventSink>;
  pass: () => void;
} {
  const client = createQueryClient();
  const waiting: (() => void)[] = [];
  const sink = eventSink(client, (run) => {
    waiting.push(run);
    return () => undefined;
  });
  return { client, sink, pass: () => waiting.splice(0).forEach((run) => run()) };
}

test("rows that change in one burst are applied together", () => {
  const { client, sink, pass } = aSink();
  client.setQueryData(keys.sequences, [aRow("a"), aRow("b")]);
  const changes = vi.fn();
  client.getQueryCache().subscribe(changes);
  sink({ type: "sequence", path_id: "a", row: aRow("a", { state: "running" }) });
  sink({ type: "sequence", path_id: "a", row: aRow("a", { state: "stale" }) });
  sink({ type: "sequence", path_id: "b", row: null });
  const before = changes.mock.calls.length;
  pass();

  expect(client.getQueryData(keys.sequences)).toEqual([aRow("a", { state: "stale" })]);
  expect(changes.mock.calls.length - before).toBeLessThanOrEqual(2);
});

test("an event that meets a fetch of the same answer waits for it", async () => {
  const { client, sink, pass } = aSink();
  let answer: (jobs: unknown) => void = () => undefined;
  const fetched = client.query({
    queryKey: keys.jobs,
    queryFn: () => new Promise((resolve) => (answer = resolve)),
  });
  sink({ type: "job", job: aJob("a", { made: 2 }) });
  pass();
  answer([aJob("a")]);
  await fetched;
  pass();

  expect(client.getQueryData(keys.jobs)).toEqual([aJob("a", { made: 2 })]);
});

test("a frame's event changes the sequence that is open", () => {
  const { client, sink, pass } = aSink();
  const key = keys.sequence("a");
  client.setQueryData(key, aSequence([0, 0.5, 1]));
  sink({ type: "frame", path_id: "a", frame: aFrame(0.5, { state: "running" }) });
  pass();

  expect(client.getQueryData(key)).toEqual(
    aSequence([0, 0.5, 1], { frames: [aFrame(0), aFrame(0.5, { state: "running" }), aFrame(1)] }),
  );
});

test("what nobody has asked for is not made up from events", () => {
  const { client, sink, pass } = aSink();
  sink({ type: "job", job: aJob("a") });
  sink({ type: "sequence", path_id: "a", row: aRow("a") });
  pass();

  expect(client.getQueryData(keys.jobs)).toBeUndefined();
  expect(client.getQueryData(keys.sequences)).toBeUndefined();
});

test("after a reset everything is fetched anew", () => {
  const { client, sink } = aSink();
  client.setQueryData(keys.project, {});
  sink({ type: "reset" });

  expect(client.getQueryState(keys.project)?.isInvalidated).toBe(true);
});

test("the connection is lost and found", () => {
  const source = Object.assign(new EventTarget(), { close: vi.fn() });
  const stop = followEvents(createQueryClient(), () => source as unknown as EventSource);
  const states = ["open", "error", "open"].map((type) => {
    source.dispatchEvent(new Event(type));
    return useConnection.getState().state;
  });
  stop();

  expect(states).toEqual(["open", "lost", "open"]);
  expect(source.close).toHaveBeenCalledOnce();
});

test("what waits for the connection runs once", () => {
  useConnection.setState({ state: "connecting" });
  const run = vi.fn();
  onceConnected(run);
  for (const state of ["lost", "open", "lost", "open"] as const) useConnection.setState({ state });

  expect(run).toHaveBeenCalledOnce();
});

test("an answer that is asked for anew while it comes is fetched once more, and not broken off", async () => {
  const { client, sink, pass } = aSink();
  const answers: ((jobs: unknown) => void)[] = [];
  const queryFn = (): Promise<unknown> => new Promise((resolve) => answers.push(resolve));
  const observer = new QueryObserver(client, { queryKey: keys.endpoints, queryFn });
  const stop = observer.subscribe(() => undefined);
  sink({ type: "endpoints" });
  sink({ type: "endpoints" });
  pass();
  expect(answers).toHaveLength(1);

  answers[0]?.("old");
  await vi.waitFor(() => expect(client.isFetching()).toBe(0));
  pass();
  expect(answers).toHaveLength(2);
  stop();
});

test("what the stage is told is known at once, and a sequence that changes is performed as it is now", () => {
  const { client, sink, pass } = aSink();
  client.setQueryData(keys.stage, null);
  client.setQueryData(keys.rig, aRig());
  sink({ type: "stage", command: aCommand("glad") });
  sink({ type: "sequence", path_id: "a", row: aRow("a") });
  pass();

  expect(client.getQueryData(keys.stage)).toEqual(aCommand("glad"));
  expect(client.getQueryState(keys.rig)?.isInvalidated).toBe(true);
});
