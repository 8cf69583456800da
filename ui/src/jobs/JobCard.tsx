/** One job: progress, price, time, what is under way and what failed. */
import type { ReactElement } from "react";
import type { Job, JobFailure, JobState } from "../api/types.ts";
import { Button } from "../design/controls.tsx";
import { Icon, type IconName } from "../design/icons.tsx";
import { timeLabel } from "../inspector/anchors.ts";
import { momentWords } from "../inspector/frameWords.ts";
import { useStartJob } from "../money/useStart.ts";
import { count } from "../money/wording.ts";
import { notifyError } from "../stores/notices.ts";
import { useSelection } from "../stores/selection.ts";
import { actionsOf, factsOf, finishedOf, isOver, isPlanning, stateLabel } from "./jobList.ts";
import { retryOrder } from "./retry.ts";
import { useJobActions } from "./useJobActions.ts";

const LOOKS: Readonly<Record<JobState, { icon: IconName; tone: string }>> = {
  queued: { icon: "stale", tone: "quiet" },
  running: { icon: "running", tone: "busy" },
  paused: { icon: "pause", tone: "warn" },
  cancelling: { icon: "running", tone: "warn" },
  done: { icon: "done", tone: "good" },
  failed: { icon: "warning", tone: "bad" },
  cancelled: { icon: "clear", tone: "quiet" },
  interrupted: { icon: "warning", tone: "warn" },
};

/** `withFiles`: list what it exported; not where the files stand anyway. */
export function JobCard({ job, withFiles = true }: { job: Job; withFiles?: boolean }): ReactElement {
  const look = LOOKS[job.state];
  const isTurning = job.state === "running" || job.state === "cancelling";
  return (
    <article className="job" aria-label={job.title}>
      <header className="job-head">
        <h4>{job.title}</h4>
        <span className="badge" data-tone={look.tone}>
          <Icon name={look.icon} turning={isTurning} />
          {stateLabel(job)}
        </span>
        <span className="spacer" />
        <Actions job={job} />
      </header>
      {!isOver(job) && !isPlanning(job) && (
        <progress value={finishedOf(job)} max={job.total} aria-label={`Progress of ${job.title}`} />
      )}
      <p className="job-facts">
        {[...factsOf(job), job.engine, isOver(job) && job.ended !== null ? momentWords(job.ended) : ""]
          .filter(Boolean)
          .join(" · ")}
      </p>
      {job.message !== null && <p className="job-message">{job.message}</p>}
      {job.running.length > 0 && <Running frames={job.running} />}
      {job.failures.length > 0 && <Failures job={job} />}
      {withFiles && job.files.length > 0 && <Files names={job.files} />}
    </article>
  );
}

function Actions({ job }: { job: Job }): ReactElement {
  const { act, pending } = useJobActions(job.id);
  const actions = actionsOf(job);
  const busy = pending !== null ? "the server is asked already" : null;
  return (
    <span className="job-actions">
      {actions.pause && <Button label="Pause" icon="pause" disabledBecause={busy} onPress={() => act("pause")} />}
      {actions.resume && <Button label="Resume" icon="play" disabledBecause={busy} onPress={() => act("resume")} />}
      {actions.cancel && <Button label="Cancel" icon="stop" disabledBecause={busy} onPress={() => act("cancel")} />}
      {job.retried_as !== null ? (
        <span className="hint">went on in a later job</span>
      ) : (
        actions.retry !== null && (
          <Button
            label={actions.retry}
            icon="regenerate"
            look="main"
            disabledBecause={busy}
            onPress={() => act("retry")}
          />
        )
      )}
    </span>
  );
}

const MOST_RUNNING = 6;

function Running({ frames }: { frames: readonly string[] }): ReactElement {
  const more = frames.length - MOST_RUNNING;
  return (
    <p className="job-running">
      <span className="state-icon" data-tone="busy">
        <Icon name="running" turning />
      </span>
      <span>
        {frames.slice(0, MOST_RUNNING).join(", ")}
        {more > 0 && ` and ${more} more`}
      </span>
    </p>
  );
}

function Failures({ job }: { job: Job }): ReactElement {
  return (
    <details className="failures" open={job.failures.length <= 5}>
      <summary>What could not be made</summary>
      <ul>
        {job.failures.map((failure) => (
          <li key={`${failure.subject} ${failure.t}`}>
            <Failure job={job} failure={failure} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function Failure({ job, failure }: { job: Job; failure: JobFailure }): ReactElement {
  const openSequence = useSelection((selection) => selection.openSequence);
  const { mutate, isPending, isSuccess } = useStartJob();
  const order = isOver(job) && job.retried_as === null ? retryOrder(job, failure) : null;
  const name = failure.t === null ? failure.subject : `${failure.subject} at ${timeLabel(failure.t)}`;
  const canOpen = job.order.work.kind === "sequences" || job.order.work.kind === "regenerate";
  return (
    <>
      <span className="failure-words">
        {canOpen ? (
          <button
            type="button"
            className="link"
            title="Show it on the stage"
            onClick={() => openSequence(failure.subject, failure.t ?? 0)}
          >
            {name}
          </button>
        ) : (
          <strong>{name}</strong>
        )}
        <span className="failure-reason">{failure.reason}</span>
      </span>
      {order !== null && (
        <Button
          label={isSuccess ? "Asked again" : "Retry"}
          icon="regenerate"
          busy={isPending}
          disabledBecause={isSuccess ? "a new job makes it" : null}
          onPress={() => mutate(order, { onError: notifyError })}
        />
      )}
    </>
  );
}

function Files({ names }: { names: readonly string[] }): ReactElement {
  return (
    <details className="job-files" open={names.length <= 3}>
      <summary>{count(names.length, "file")} to download</summary>
      <ul>
        {names.map((name) => (
          <li key={name}>
            <a href={`/api/v1/exports/${encodeURIComponent(name)}`} download={name}>
              <Icon name="download" />
              {name}
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}
