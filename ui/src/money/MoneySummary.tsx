/** The top bar's word on money: what is spent, and of which budget. */
import { type ReactElement, useState } from "react";
import { useProject } from "../api/queries.ts";
import { Dialog } from "../design/dialog.tsx";
import { Icon } from "../design/icons.tsx";
import { BudgetForm } from "./BudgetForm.tsx";
import { left, spent, spentCaveat } from "./wording.ts";

export function MoneySummary(): ReactElement | null {
  const { data: project } = useProject();
  const [open, setOpen] = useState(false);
  if (project === undefined) return null;
  const { money } = project;
  const isUsedUp = left(money) === 0;
  return (
    <>
      <button
        type="button"
        className="summary"
        title={`Spent${money.budget_usd === null ? "; no budget is set" : ""} ${spentCaveat(money) ?? ""}`.trim()}
        onClick={() => setOpen(true)}
      >
        <span className="state-icon" data-tone={isUsedUp ? "bad" : undefined}>
          <Icon name={isUsedUp ? "warning" : "money"} />
        </span>
        <span className="visually-hidden">Money: </span>
        {spent(money)}
        {spentCaveat(money) !== null && "+"}
      </button>
      {open && (
        <Dialog title="Money" onClose={() => setOpen(false)}>
          <BudgetForm />
        </Dialog>
      )}
    </>
  );
}
