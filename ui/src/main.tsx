/** Where the studio starts in the browser. */
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { followEvents } from "./api/events.ts";
import { createQueryClient } from "./api/queries.ts";
import { App } from "./app/App.tsx";
import { followAddress } from "./app/router.ts";
import { followTheme } from "./app/theme.ts";
import { followKeys } from "./keys/listening.ts";
import { followPlayback } from "./playback/session.ts";
import "./design/tokens.css";
import "./design/base.css";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

const client = createQueryClient();
followTheme();
followAddress();
followKeys();
followPlayback();
followEvents(client);

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
