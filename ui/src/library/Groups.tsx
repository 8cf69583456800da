/** Expressions and poses of the project; each leads to its sequences. */
import { type ReactElement, useMemo } from "react";
import { useEndpoints } from "../api/queries.ts";
import type { EndpointCell, SequenceRow } from "../api/types.ts";
import { Button } from "../design/controls.tsx";
import { Empty, Loading, Trouble } from "../design/states.tsx";
import { count } from "../money/wording.ts";
import { useSelection } from "../stores/selection.ts";
import { type Tally, tallyExpressions, tallyPoses } from "./rows.ts";
import { useLibrary } from "./store.ts";
import { Thumb } from "./Thumb.tsx";

export function ExpressionList({ rows }: { rows: readonly SequenceRow[] }): ReactElement {
  const { data, error, isPending, refetch } = useEndpoints();
  const narrow = useLibrary((library) => library.narrow);
  const tallies = useMemo(() => tallyExpressions(rows), [rows]);
  if (isPending) return <Loading what="expressions" />;
  if (error) return <Trouble title="The expressions could not be loaded" error={error} retry={() => void refetch()} />;
  if (data.expressions.length === 0) return <NoExpressions />;
  return (
    <ul className="group-list" aria-label="Expressions">
      {data.expressions.map((expression) => {
        const cells = data.cells.filter((cell) => cell.expression === expression);
        return (
          <Group
            key={expression}
            name={expression}
            digest={firstDigest(cells)}
            facts={[drawn(cells), tallied(tallies.get(expression))]}
            onOpen={() => narrow({ expression, pose: null })}
          />
        );
      })}
    </ul>
  );
}

export function PoseList({ rows }: { rows: readonly SequenceRow[] }): ReactElement {
  const { data, error, isPending, refetch } = useEndpoints();
  const narrow = useLibrary((library) => library.narrow);
  const tallies = useMemo(() => tallyPoses(rows), [rows]);
  if (isPending) return <Loading what="poses" />;
  if (error) return <Trouble title="The poses could not be loaded" error={error} retry={() => void refetch()} />;
  if (data.poses.length === 0) return <NoExpressions />;
  return (
    <ul className="group-list" aria-label="Poses">
      {data.poses.map((pose) => {
        const cells = data.cells.filter((cell) => cell.pose === pose);
        return (
          <Group
            key={pose}
            name={pose}
            digest={firstDigest(cells)}
            facts={[drawn(cells), tallied(tallies.get(pose))]}
            onOpen={() => narrow({ pose, expression: null })}
          />
        );
      })}
    </ul>
  );
}

function Group(props: {
  name: string;
  digest: string | null;
  facts: readonly string[];
  onOpen: () => void;
}): ReactElement {
  return (
    <li>
      <button type="button" className="group-row" title={`Show the sequences of ${props.name}`} onClick={props.onOpen}>
        <Thumb digest={props.digest} alt="" />
        <span className="row-words">
          <span className="row-name">{props.name}</span>
          <span className="row-facts">{props.facts.join(" · ")}</span>
        </span>
      </button>
    </li>
  );
}

function NoExpressions(): ReactElement {
  const show = useSelection((selection) => selection.show);
  return (
    <Empty
      icon="face"
      title="No drawings yet"
      action={<Button label="Add drawings" icon="plus" onPress={() => show("endpoints")} />}
    >
      Drop pictures called expression__pose.png into the grid of expressions.
    </Empty>
  );
}

function firstDigest(cells: readonly EndpointCell[]): string | null {
  return cells.find((cell) => cell.digest !== null)?.digest ?? null;
}

function drawn(cells: readonly EndpointCell[]): string {
  const present = cells.filter((cell) => cell.state === "present").length;
  return present === cells.length ? count(present, "drawing") : `${present} of ${count(cells.length, "drawing")}`;
}

function tallied(tally: Tally | undefined): string {
  if (tally === undefined) return "no sequences";
  return tally.complete === tally.total
    ? `${count(tally.total, "sequence")}, complete`
    : `${tally.complete} of ${count(tally.total, "sequence")} complete`;
}
