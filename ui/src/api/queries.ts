/**
 * What the UI reads from the server, each under one key. Events keep the answers fresh (`events.ts`), so nothing polls.
 *
 * A component calls a `use…` hook and designs all three of `isPending`, `error` and `data`.
 */
import { QueryClient, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { ApiError, request } from "./client.ts";
import type {
  Endpoints,
  EngineInfo,
  Export,
  ExportFormat,
  FrameScores,
  History,
  Job,
  Project,
  Rig,
  Sequence,
  SequenceRow,
  StageCommand,
  Take,
} from "./types.ts";

export const keys = {
  project: ["project"],
  engines: ["engines"],
  endpoints: ["endpoints"],
  history: ["history"],
  jobs: ["jobs"],
  exports: ["exports"],
  rig: ["rig"],
  stage: ["stage"],
  formats: ["formats"],
  sequences: ["sequences"],
  sequence: (pathId: string) => ["sequence", pathId],
  scores: (pathId: string) => ["scores", pathId],
  takes: (pathId: string, t: number) => ["takes", pathId, t],
} as const;

const MAX_TRIES_UNREACHABLE = 3;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        retry: (failures, error) => isPassing(error) && failures < MAX_TRIES_UNREACHABLE,
      },
      mutations: { retry: false },
    },
  });
}

/** A server that starts again is worth another try; an answer with a reason is not. */
function isPassing(error: Error): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 503);
}

export function useProject(): UseQueryResult<Project> {
  return useQuery({
    queryKey: keys.project,
    queryFn: ({ signal }) => request("get", "/api/v1/project", { signal }),
  });
}

export function useEngines(): UseQueryResult<EngineInfo[]> {
  return useQuery({
    queryKey: keys.engines,
    queryFn: ({ signal }) => request("get", "/api/v1/engines", { signal }),
  });
}

export function useEndpoints(): UseQueryResult<Endpoints> {
  return useQuery({
    queryKey: keys.endpoints,
    queryFn: ({ signal }) => request("get", "/api/v1/endpoints", { signal }),
  });
}

export function useHistory(): UseQueryResult<History> {
  return useQuery({
    queryKey: keys.history,
    queryFn: ({ signal }) => request("get", "/api/v1/history", { signal }),
  });
}

export function useJobs(): UseQueryResult<Job[]> {
  return useQuery({
    queryKey: keys.jobs,
    queryFn: ({ signal }) => request("get", "/api/v1/jobs", { signal }),
  });
}

export function useExports(): UseQueryResult<Export[]> {
  return useQuery({
    queryKey: keys.exports,
    queryFn: ({ signal }) => request("get", "/api/v1/exports", { signal }),
  });
}

/** The formats that are installed; they change only with the program. */
export function useFormats(isAsked: boolean): UseQueryResult<ExportFormat[]> {
  return useQuery({
    queryKey: keys.formats,
    queryFn: ({ signal }) => request("get", "/api/v1/formats", { signal }),
    enabled: isAsked,
  });
}

export function useSequences(): UseQueryResult<SequenceRow[]> {
  return useQuery({
    queryKey: keys.sequences,
    queryFn: ({ signal }) => request("get", "/api/v1/sequences", { signal }),
  });
}

/** One sequence; nothing is asked for while `pathId` is null. */
export function useSequence(pathId: string | null): UseQueryResult<Sequence> {
  return useQuery({
    queryKey: keys.sequence(pathId ?? ""),
    queryFn: ({ signal }) =>
      request("get", "/api/v1/sequences/{path_id}", { params: { path_id: pathId ?? "" }, signal }),
    enabled: pathId !== null,
  });
}

export function useScores(pathId: string | null): UseQueryResult<FrameScores[]> {
  return useQuery({
    queryKey: keys.scores(pathId ?? ""),
    queryFn: ({ signal }) =>
      request("get", "/api/v1/sequences/{path_id}/scores", { params: { path_id: pathId ?? "" }, signal }),
    enabled: pathId !== null,
  });
}

export function useTakes(pathId: string, t: number, enabled = true): UseQueryResult<Take[]> {
  return useQuery({
    queryKey: keys.takes(pathId, t),
    queryFn: ({ signal }) =>
      request("get", "/api/v1/sequences/{path_id}/frames/{t}/takes", { params: { path_id: pathId, t }, signal }),
    enabled,
  });
}

/** What can be performed; an error with status 404 where no sequence is complete. */
export function useRig(): UseQueryResult<Rig> {
  return useQuery({
    queryKey: keys.rig,
    queryFn: ({ signal }) => request("get", "/api/v1/rig", { signal }),
  });
}

/** What the character on stage was told last, by whomever; null before the first command. */
export function useStageCommand(): UseQueryResult<StageCommand | null> {
  return useQuery({
    queryKey: keys.stage,
    queryFn: ({ signal }) => request("get", "/api/v1/stage", { signal }),
  });
}
