import type { ReactElement } from "react";

export function EndpointsView(): ReactElement {
  return <section className="panel endpoints" aria-label="Endpoints" />;
}
