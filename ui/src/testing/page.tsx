/** Components under test, with a server whose answers the test gives and a browser that can do what jsdom can't. */
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render } from "@testing-library/react";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import type { ReactElement } from "react";
import { onTestFinished, vi } from "vitest";
import { createQueryClient } from "../api/queries.ts";

/** An answer, or a function of the request's JSON that gives one; an `Answer` with its status where it is an error. */
export type Answers = Readonly<Record<string, unknown>>;

export interface Call {
  readonly route: string;
  readonly json: unknown;
}

interface Page {
  readonly user: UserEvent;
  /** Every request so far, in order. */
  readonly calls: readonly Call[];
}

/** What a route that refuses answers. */
export class Refusal {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly problems: readonly string[] = [],
  ) {}
}

/** Draw a component over a server with these answers, by `GET /api/v1/…`. A route without one is an error. */
export function show(component: ReactElement, answers: Answers): Page {
  const calls: Call[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
    const route = `${init.method ?? "GET"} ${decodeURIComponent(url)}`;
    const json: unknown = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    calls.push({ route, json });
    const found = answers[route];
    const answer: unknown = typeof found === "function" ? await (found as (json: unknown) => unknown)(json) : found;
    if (answer === undefined) return answerOf(new Refusal(404, `the test has no answer to ${route}`));
    return answerOf(answer);
  });
  giveDialogs();
  onTestFinished(cleanup);
  render(<QueryClientProvider client={createQueryClient()}>{component}</QueryClientProvider>);
  return { user: userEvent.setup(), calls };
}

function answerOf(answer: unknown): Response {
  if (answer instanceof Refusal) {
    const { status, detail, problems } = answer;
    return Response.json({ code: "test", detail, problems }, { status });
  }
  return Response.json(answer);
}

/** Dialogs that open and close, without the browser's top layer. */
function giveDialogs(): void {
  HTMLDialogElement.prototype.showModal = function showModal(this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close(this: HTMLDialogElement) {
    this.open = false;
  };
}
