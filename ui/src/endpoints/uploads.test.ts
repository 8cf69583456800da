import { describe, expect, it, vi } from "vitest";
import { aCell } from "../testing/samples.ts";
import type { Cell } from "./dropNames.ts";
import { createUploads } from "./uploads.ts";

const placed = (expression: string) => ({ expression, pose: "center", file: new File(["x"], `${expression}.png`) });
const never = () => false;

/** A way to the server whose answers the test gives. */
function answering() {
  const calls: { cell: Cell; done: () => void; fail: (reason: string) => void; share: (share: number) => void }[] = [];
  const send = (cell: Cell, _: File, share: (share: number) => void) =>
    new Promise<ReturnType<typeof aCell>>((resolve, reject) => {
      const done = () => resolve(aCell(cell.expression, cell.pose, { state: "present" }));
      calls.push({ cell, done, share, fail: (reason) => reject(new Error(reason)) });
    });
  const store = createUploads(send);
  return { calls, store, stateOf: (expression: string) => store.getState().uploads.get(`${expression}__center`) };
}

describe("pictures on their way", () => {
  it("are sent two at a time", async () => {
    const { calls, store, stateOf } = answering();
    store.getState().offer(["a", "b", "c"].map(placed), never);

    expect(calls.map((call) => call.cell.expression)).toEqual(["a", "b"]);
    expect(stateOf("c")).toEqual({ kind: "waiting" });

    calls[0]!.done();
    await vi.waitFor(() => expect(calls).toHaveLength(3));
  });

  it("show how much of them has gone", () => {
    const { calls, store, stateOf } = answering();
    store.getState().offer([placed("a")], never);
    calls[0]!.share(0.4);

    expect(stateOf("a")).toEqual({ kind: "sending", share: 0.4 });
  });

  it("leave no trace when they have arrived, and are told of", async () => {
    const { calls, store, stateOf } = answering();
    const sent = vi.fn();
    store.setState({ onSent: sent });
    store.getState().offer([placed("a")], never);
    calls[0]!.done();

    await vi.waitFor(() => expect(stateOf("a")).toBeUndefined());
    expect(sent).toHaveBeenCalledWith(expect.objectContaining({ expression: "a", state: "present" }));
  });

  it("stay with their reason when they are refused, and the others go on", async () => {
    const { calls, store, stateOf } = answering();
    store.getState().offer(["a", "b", "c"].map(placed), never);
    calls[0]!.fail("it is 20000 pixels wide");

    await vi.waitFor(() => expect(stateOf("a")).toEqual({ kind: "failed", reason: "it is 20000 pixels wide" }));
    expect(calls).toHaveLength(3);

    store.getState().dismiss({ expression: "a", pose: "center" });
    expect(stateOf("a")).toBeUndefined();
  });
});

describe("a picture that would replace another", () => {
  const isA = (cell: Cell) => cell.expression === "a";

  it("waits for an answer while the others are sent", () => {
    const { calls, store } = answering();
    store.getState().offer(["a", "b"].map(placed), isA);

    expect(calls.map((call) => call.cell.expression)).toEqual(["b"]);
    expect(store.getState().replacing.map((each) => each.expression)).toEqual(["a"]);
  });

  it("is sent after a yes", () => {
    const { calls, store } = answering();
    store.getState().offer([placed("a")], isA);
    store.getState().answer(true);

    expect(calls).toHaveLength(1);
  });

  it("is let go after a no", () => {
    const { calls, store } = answering();
    store.getState().offer([placed("a")], isA);
    store.getState().answer(false);

    expect(calls).toHaveLength(0);
    expect(store.getState().replacing).toEqual([]);
  });
});
