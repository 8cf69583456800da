/** Files to look at or take along: making them, and fetching what was made. */
import type { ReactElement } from "react";
import { useExports, useJobs } from "../api/queries.ts";
import type { Export } from "../api/types.ts";
import { Icon } from "../design/icons.tsx";
import { Empty, Loading, Trouble } from "../design/states.tsx";
import { bytesWords, momentWords } from "../inspector/frameWords.ts";
import { JobCard } from "../jobs/JobCard.tsx";
import { isExport, isOver } from "../jobs/jobList.ts";
import { ExportForm } from "./ExportForm.tsx";
import "./exports.css";

export function ExportsView(): ReactElement {
  const { data, error, isPending, refetch } = useExports();
  return (
    <div className="page">
      <header className="page-head">
        <h2>Exports</h2>
      </header>
      <ExportForm />
      <RunningExports />
      {isPending ? (
        <Loading what="exports" />
      ) : error ? (
        <Trouble title="The exports could not be loaded" error={error} retry={() => void refetch()} />
      ) : data.length === 0 ? (
        <Empty icon="export" title="Nothing exported yet">
          Animations to look at, a contact sheet to check, the frames, or files for another program: choose above.
        </Empty>
      ) : (
        <ul className="exports" aria-label="Exported files">
          {data.map((each) => (
            <ExportRow key={each.name} file={each} />
          ))}
        </ul>
      )}
    </div>
  );
}

function ExportRow({ file }: { file: Export }): ReactElement {
  return (
    <li className="export">
      <a href={`/api/v1/exports/${encodeURIComponent(file.name)}`} download={file.name}>
        <Icon name="download" />
        {file.name}
      </a>
      <span className="hint">
        {bytesWords(file.bytes)} · {momentWords(file.made)}
      </span>
    </li>
  );
}

function RunningExports(): ReactElement | null {
  const { data } = useJobs();
  const exports = (data ?? []).filter(isExport);
  const shown = exports.filter(
    (job, at) => !isOver(job) || (at === 0 && (job.state === "failed" || job.message !== null)),
  );
  if (shown.length === 0) return null;
  return (
    <>
      {shown.map((job) => (
        <JobCard key={job.id} job={job} withFiles={false} />
      ))}
    </>
  );
}
