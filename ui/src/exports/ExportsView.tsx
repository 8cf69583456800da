import type { ReactElement } from "react";

export function ExportsView(): ReactElement {
  return <section className="panel exports" aria-label="Exports" />;
}
