/** Undo and redo of which picture is in place. The server keeps the history, so it survives a reload. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { request } from "../api/client.ts";
import { keys, useHistory } from "../api/queries.ts";
import { useCommand } from "../keys/commands.ts";
import { notify, notifyError } from "../stores/notices.ts";

/** Draws nothing; carries the commands out while a project is open. */
export function HistoryKeys(): null {
  const { data } = useHistory();
  const undo = useStep("undo", data?.undo ?? null);
  const redo = useStep("redo", data?.redo ?? null);
  useCommand("undo", undo);
  useCommand("redo", redo);
  return null;
}

/** `words`: what the step would do; null where there is none. */
function useStep(direction: "undo" | "redo", words: string | null): (() => void) | null {
  const client = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () => request("post", direction === "undo" ? "/api/v1/history/undo" : "/api/v1/history/redo"),
    onSuccess: (history) => {
      client.setQueryData(keys.history, history);
      if (words !== null) notify("info", `${direction === "undo" ? "Undone" : "Done again"}: ${words}`);
    },
    onError: (error) => {
      notifyError(error);
      void client.invalidateQueries({ queryKey: keys.history });
    },
  });
  const step = useCallback(() => {
    if (!isPending) mutate();
  }, [isPending, mutate]);
  return words === null ? null : step;
}
