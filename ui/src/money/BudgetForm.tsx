/** What the project has cost, and the most that its jobs may spend. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useId, useState } from "react";
import { request } from "../api/client.ts";
import { keys, useProject } from "../api/queries.ts";
import type { Money } from "../api/types.ts";
import { Button } from "../design/controls.tsx";
import { notify } from "../stores/notices.ts";
import { left, parseBudget, spent, spentCaveat, usd } from "./wording.ts";
import "./money.css";

export function BudgetForm(): ReactElement | null {
  const { data: project } = useProject();
  if (project === undefined) return null;
  return <Budget key={String(project.money.budget_usd)} money={project.money} />;
}

function Budget({ money }: { money: Money }): ReactElement {
  const client = useQueryClient();
  const [text, setText] = useState(money.budget_usd === null ? "" : money.budget_usd.toFixed(2));
  const faultId = useId();
  const parsed = parseBudget(text);
  const fault = "fault" in parsed ? parsed.fault : null;
  const save = useMutation({
    mutationFn: (budget_usd: number | null) => request("put", "/api/v1/project/budget", { json: { budget_usd } }),
    onSuccess: (project) => {
      client.setQueryData(keys.project, project);
      const budget = project.money.budget_usd;
      notify("done", budget === null ? "There is no budget now." : `The budget is ${usd(budget)} now.`);
    },
  });
  const isSame = !("fault" in parsed) && parsed.budget_usd === money.budget_usd;
  const caveat = spentCaveat(money);
  const rest = left(money);
  return (
    <form
      className="budget"
      onSubmit={(event) => {
        event.preventDefault();
        if (!("fault" in parsed) && !isSame) save.mutate(parsed.budget_usd);
      }}
    >
      <p className="budget-spent">
        <strong>{spent(money)}</strong> spent{caveat !== null && <span className="hint"> {caveat}</span>}
        {rest !== null && <span className="hint"> · {usd(rest)} left</span>}
      </p>
      {money.budget_usd !== null && money.budget_usd > 0 && (
        <progress
          value={Math.min(money.spent_usd, money.budget_usd)}
          max={money.budget_usd}
          aria-label="Spent of the budget"
        />
      )}
      <div className="budget-fields">
        <label className="labelled">
          Budget $
          <input
            className="field"
            inputMode="decimal"
            size={8}
            placeholder="no limit"
            value={text}
            aria-invalid={fault !== null}
            aria-describedby={fault === null ? undefined : faultId}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <Button
          label="Save budget"
          busy={save.isPending}
          disabledBecause={fault ?? (isSame ? "it is this already" : null)}
          onPress={() => {
            if (!("fault" in parsed)) save.mutate(parsed.budget_usd);
          }}
        />
        <span className="hint">Jobs stop before a call that could go over it, over all jobs of the project.</span>
      </div>
      {(fault ?? save.error) && (
        <p className="fault" id={faultId} role="alert">
          {fault ?? save.error?.message}
        </p>
      )}
    </form>
  );
}
