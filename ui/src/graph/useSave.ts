/** Saves the draft into the project's file; every other key of the file stays as it is. */
import { type UseMutationResult, useMutation, useQueryClient } from "@tanstack/react-query";
import { ApiError, request } from "../api/client.ts";
import { keys } from "../api/queries.ts";
import type { Project } from "../api/types.ts";
import { notify } from "../stores/notices.ts";
import { basePaths, type Draft } from "./draft.ts";
import { useGraph } from "./store.ts";

const CONFLICT = 409;

export function useSave(): UseMutationResult<Project, Error, Draft> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (draft: Draft) =>
      request("put", "/api/v1/project/base-paths", {
        json: { base_paths: basePaths(draft), config_version: draft.version },
      }),
    onSuccess: (project) => {
      useGraph.getState().reset(project);
      client.setQueryData(keys.project, project);
      void client.invalidateQueries({ queryKey: keys.sequences });
      void client.invalidateQueries({ queryKey: keys.endpoints });
      notify("done", `The base paths are saved in ${project.config_file}.`);
    },
    onError: (error) => {
      // What the other program wrote is loaded, and the edits are carried over to it.
      if (error instanceof ApiError && error.status === CONFLICT) {
        void client.invalidateQueries({ queryKey: keys.project });
      }
    },
  });
}

/** What to say about a save that did not work, beside what is said elsewhere: problems at their edges, conflicts above. */
export function saveTrouble(error: Error | null): string | null {
  const isSaidElsewhere = error instanceof ApiError && (error.problems.length > 0 || error.status === CONFLICT);
  return error === null || isSaidElsewhere ? null : error.message;
}
