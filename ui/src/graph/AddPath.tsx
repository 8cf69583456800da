/** Adds base paths without a pointer. */
import { type ReactElement, useReducer } from "react";
import { Button, Select } from "../design/controls.tsx";
import { withEdge } from "./draft.ts";
import { useGraph } from "./store.ts";

interface Ends {
  readonly start: string;
  readonly end: string;
  readonly back: boolean;
}

export function AddPath({ names }: { names: readonly string[] }): ReactElement {
  const edit = useGraph((graph) => graph.edit);
  const [ends, change] = useReducer((now: Ends, changes: Partial<Ends>) => ({ ...now, ...changes }), {
    start: names[0] ?? "",
    end: names[1] ?? "",
    back: false,
  });
  const choices = names.map((name) => ({ value: name, label: name }));
  const add = (): void =>
    edit((draft) => {
      const there = withEdge(draft, ends.start, ends.end);
      return ends.back ? withEdge(there, ends.end, ends.start) : there;
    });
  return (
    <form
      className="add-path"
      aria-label="Add a base path"
      onSubmit={(event) => {
        event.preventDefault();
        if (ends.start !== ends.end) add();
      }}
    >
      <div className="add-path-ends">
        <Select label="From" value={ends.start} choices={choices} onChoose={(start) => change({ start })} />
        <Select label="to" value={ends.end} choices={choices} onChoose={(end) => change({ end })} />
      </div>
      <label className="check">
        <input type="checkbox" checked={ends.back} onChange={(event) => change({ back: event.target.checked })} />
        and back
      </label>
      <span className="spacer" />
      <Button
        label="Add path"
        icon="plus"
        disabledBecause={ends.start === ends.end ? "it needs two different expressions" : null}
        onPress={add}
      />
    </form>
  );
}
