import type { ReactElement } from "react";

export function Timeline(): ReactElement {
  return <section className="panel timeline" aria-label="Timeline" />;
}
