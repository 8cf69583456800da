import type { ReactElement } from "react";

export function JobsView(): ReactElement {
  return <section className="panel jobs" aria-label="Jobs" />;
}
