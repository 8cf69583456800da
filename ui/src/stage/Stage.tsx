import type { ReactElement } from "react";

export function Stage(): ReactElement {
  return <section className="panel stage" aria-label="Stage" />;
}
