import type { ReactElement } from "react";

export function JobsSummary(): ReactElement | null {
  return null;
}
