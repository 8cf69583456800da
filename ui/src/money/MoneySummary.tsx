import type { ReactElement } from "react";

export function MoneySummary(): ReactElement | null {
  return null;
}
