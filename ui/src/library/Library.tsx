import type { ReactElement } from "react";

export function Library(): ReactElement {
  return <section className="panel library" aria-label="Library" />;
}
