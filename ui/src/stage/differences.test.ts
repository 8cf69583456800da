import { expect, test, vi } from "vitest";
import { type Asked, type DifferenceAnswer, type DifferenceQuestion, Differences } from "./differences.ts";

function aWorker(): { worker: Asked; asked: DifferenceQuestion[]; answer: (more?: Partial<DifferenceAnswer>) => void } {
  const asked: DifferenceQuestion[] = [];
  const worker: Asked = { onmessage: null, postMessage: (question) => asked.push(question), terminate: vi.fn() };
  const bitmap = { close: vi.fn() } as unknown as ImageBitmap;
  const answer = (more = {}): void => {
    const data = { id: asked.at(-1)?.id ?? 0, bitmap, max: 7, changed: 0.5, ...more };
    worker.onmessage?.({ data } as MessageEvent<DifferenceAnswer>);
  };
  return { worker, asked, answer };
}

test("an answer is told once and kept", () => {
  const { worker, asked, answer } = aWorker();
  const changed = vi.fn();
  const differences = new Differences(() => worker, changed);
  expect(differences.get("a", "b")).toBeUndefined();
  answer();

  expect(changed).toHaveBeenCalledOnce();
  expect(differences.get("a", "b")).toMatchObject({ max: 7 });
  expect(asked).toHaveLength(1);
});

test("of the questions asked while one is under way only the newest is put", () => {
  const { worker, asked, answer } = aWorker();
  const differences = new Differences(() => worker, vi.fn());
  for (const b of ["b", "c", "d"]) differences.get("a", b);
  answer();

  expect(asked.map((question) => question.b)).toEqual(["b", "d"]);
});

test("the reason of a failure is kept as well", () => {
  const { worker, answer } = aWorker();
  const differences = new Differences(() => worker, vi.fn());
  differences.get("a", "b");
  answer({ problem: "sizes differ" });

  expect(differences.get("a", "b")).toMatchObject({ problem: "sizes differ" });
});

test("closing ends the worker", () => {
  const { worker } = aWorker();
  const differences = new Differences(() => worker, vi.fn());
  differences.get("a", "b");
  differences.close();

  expect(worker.terminate).toHaveBeenCalledOnce();
});
