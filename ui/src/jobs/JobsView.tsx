/** All jobs, newest first: what goes on, what it costs, what went wrong and how to go on from there. */
import type { ReactElement } from "react";
import { useJobs } from "../api/queries.ts";
import type { Job } from "../api/types.ts";
import { Empty, Loading, Trouble } from "../design/states.tsx";
import { PlanButton } from "../endpoints/PlanDialog.tsx";
import { BudgetForm } from "../money/BudgetForm.tsx";
import { JobCard } from "./JobCard.tsx";
import { isOver } from "./jobList.ts";
import "./jobs.css";

export function JobsView(): ReactElement {
  const { data, error, isPending, refetch } = useJobs();
  return (
    <div className="page">
      <header className="page-head">
        <h2>Jobs</h2>
        <span className="spacer" />
        <PlanButton label="Make sequences…" paths={null} />
      </header>
      <BudgetForm />
      {isPending ? (
        <Loading what="jobs" />
      ) : error ? (
        <Trouble title="The jobs could not be loaded" error={error} retry={() => void refetch()} />
      ) : data.length === 0 ? (
        <Empty icon="jobs" title="No jobs yet">
          Making sequences, expressions or single frames, and exporting, are jobs. They can be paused and cancelled
          here; what is finished is kept.
        </Empty>
      ) : (
        <JobLists jobs={data} />
      )}
    </div>
  );
}

function JobLists({ jobs }: { jobs: readonly Job[] }): ReactElement {
  const active = jobs.filter((job) => !isOver(job));
  const ended = jobs.filter(isOver);
  return (
    <>
      {active.length > 0 && <JobList title="Going on" jobs={active} />}
      {ended.length > 0 && <JobList title="Ended" jobs={ended} />}
    </>
  );
}

function JobList({ title, jobs }: { title: string; jobs: readonly Job[] }): ReactElement {
  return (
    <section className="job-list" aria-label={title}>
      <h3>{title}</h3>
      <ul>
        {jobs.map((job) => (
          <li key={job.id}>
            <JobCard job={job} />
          </li>
        ))}
      </ul>
    </section>
  );
}
