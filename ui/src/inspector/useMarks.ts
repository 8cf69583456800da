/** Flags and trust of the selected frames: toggled together, so that they are alike afterwards. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { request } from "../api/client.ts";
import { keys } from "../api/queries.ts";
import type { Frame, MarksEdit, Sequence } from "../api/types.ts";
import { withFrame } from "../api/updates.ts";
import { notifyError } from "../stores/notices.ts";

export type Mark = "flagged" | "trusted";

/** The value that all of the frames get: set, unless all have it already. */
export function nextMark(frames: readonly Frame[], mark: Mark): boolean {
  return !frames.every((frame) => frame[mark]);
}

/** Return a function that toggles a mark of these frames. */
export function useToggleMark(pathId: string, frames: readonly Frame[], mark: Mark): () => void {
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: ({ t, edit }: { t: number; edit: MarksEdit }) =>
      request("put", "/api/v1/sequences/{path_id}/frames/{t}/marks", { params: { path_id: pathId, t }, json: edit }),
    onSuccess: (frame) => {
      client.setQueryData<Sequence>(keys.sequence(pathId), (old) => old && withFrame(old, frame));
    },
    onError: notifyError,
  });
  return useCallback(() => {
    const value = nextMark(frames, mark);
    const edit: MarksEdit = mark === "flagged" ? { flagged: value, trusted: null } : { flagged: null, trusted: value };
    for (const frame of frames) {
      if (frame[mark] !== value) mutate({ t: frame.t, edit });
    }
  }, [frames, mark, mutate]);
}
