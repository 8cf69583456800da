import type { ReactElement } from "react";

export function Welcome(): ReactElement {
  return <section className="panel welcome" aria-label="Welcome" />;
}
