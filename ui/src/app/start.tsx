/** Starts the studio in the browser. */
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { followEvents, onceConnected } from "../api/events.ts";
import { createQueryClient, keys } from "../api/queries.ts";
import { followKeys } from "../keys/listening.ts";
import { followPlayback } from "../playback/session.ts";
import { App } from "./App.tsx";
import type { Early } from "./early.ts";
import { followAddress } from "./router.ts";
import { followTheme } from "./theme.ts";
import "../design/tokens.css";
import "../design/base.css";

/** Show the window in `root`; what was asked for early is not asked for again. */
export async function start(root: HTMLElement, early: Early): Promise<void> {
  const client = createQueryClient();
  followTheme();
  followAddress();
  followKeys();
  followPlayback();
  followEvents(client);
  takeEarly(client, early);
  await early.ready;

  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}

/** Keep the early answers, and make sure of them once events tell what changes: until then a change may have been missed. */
function takeEarly(client: QueryClient, { project, sequence }: Early): void {
  const answers: { queryKey: readonly string[]; queryFn: () => Promise<unknown> }[] = [
    { queryKey: keys.project, queryFn: () => project },
  ];
  if (sequence) answers.push({ queryKey: keys.sequence(sequence.pathId), queryFn: () => sequence.answer });
  // What fails is asked for again by whoever shows it.
  for (const answer of answers) client.query({ ...answer, retry: false }).catch(() => undefined);
  onceConnected(() => {
    for (const { queryKey } of answers) void client.invalidateQueries({ queryKey, exact: true });
  });
}
