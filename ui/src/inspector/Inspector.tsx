import type { ReactElement } from "react";

export function Inspector(): ReactElement {
  return <section className="panel inspector" aria-label="Inspector" />;
}
