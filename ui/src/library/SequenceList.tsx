/**
 * The list of sequences. Only the rows in sight are in the page, so that ten thousand scroll as smoothly as ten.
 *
 * One element has the focus and names the row that the arrow keys are at; opening a sequence is a step of its own.
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, type ReactElement, useEffect, useMemo, useRef } from "react";
import type { SequenceRow } from "../api/types.ts";
import { useSelection } from "../stores/selection.ts";
import { moved, poseOf } from "./rows.ts";
import { StateBadge } from "./StateBadge.tsx";
import { stateDetail } from "./states.ts";
import { useLibrary } from "./store.ts";
import { Thumb } from "./Thumb.tsx";

const ROW_PX = 52;

export function SequenceList({ rows }: { rows: readonly SequenceRow[] }): ReactElement {
  const scroller = useRef<HTMLDivElement>(null);
  const open = useSelection((selection) => selection.pathId);
  const openSequence = useSelection((selection) => selection.openSequence);
  const active = useLibrary((library) => library.active);
  const moveTo = useLibrary((library) => library.moveTo);
  // eslint-disable-next-line react-hooks/incompatible-library -- the rows are drawn here and nothing of it is memoised
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 6,
    useFlushSync: false,
  });
  const places = useMemo(() => new Map(rows.map((row, at) => [row.path_id, at])), [rows]);
  const at = places.get(active ?? open ?? "") ?? -1;
  const activeId = rows[at]?.path_id;

  const opened = places.get(open ?? "");
  useEffect(() => {
    if (opened === undefined) return;
    const { range } = virtualizer;
    const isInSight = range !== null && opened > range.startIndex && opened < range.endIndex;
    if (!isInSight) virtualizer.scrollToIndex(opened, { align: "center" });
  }, [opened, virtualizer]);

  const press = (key: string): boolean => {
    if (key === "Enter" && activeId !== undefined) {
      openSequence(activeId);
      return true;
    }
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW_PX) / ROW_PX) - 1);
    const next = moved(key, at, rows.length, page);
    const row = next === null ? undefined : rows[next];
    if (next === null || row === undefined) return false;
    moveTo(row.path_id);
    virtualizer.scrollToIndex(next, { align: "auto" });
    return true;
  };

  const items = virtualizer.getVirtualItems();
  const slots = slotsFor(items.length);
  const isActiveInPage = items.some((item) => item.index === at);
  return (
    <div
      ref={scroller}
      className="sequence-list"
      role="listbox"
      aria-label="Sequences"
      aria-activedescendant={isActiveInPage && activeId !== undefined ? rowId(activeId) : undefined}
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.altKey || event.ctrlKey || event.metaKey || !press(event.key)) return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <div role="presentation" style={{ height: virtualizer.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index];
          return (
            row && (
              <Row
                key={item.index % slots}
                row={row}
                at={item.index}
                total={rows.length}
                top={item.start}
                isOpen={row.path_id === open}
                isActive={item.index === at}
                onOpen={openSequence}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

/** Rows that leave the page at one end come back at the other with other contents, which costs less than new ones. */
function slotsFor(shown: number): number {
  let slots = 32;
  while (slots < shown) slots *= 2;
  return slots;
}

const rowId = (pathId: string): string => `sequence-${pathId}`;

const Row = memo(function Row(props: {
  row: SequenceRow;
  at: number;
  total: number;
  top: number;
  isOpen: boolean;
  isActive: boolean;
  onOpen: (pathId: string) => void;
}): ReactElement {
  const { row } = props;
  const detail = stateDetail(row);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the focus and the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the list names its active row
    <div
      id={rowId(row.path_id)}
      className="sequence-row"
      role="option"
      aria-selected={props.isOpen}
      aria-setsize={props.total}
      aria-posinset={props.at + 1}
      data-active={props.isActive || undefined}
      title={`${row.path_id}\n${detail}`}
      style={{ transform: `translateY(${props.top}px)`, height: ROW_PX }}
      onClick={() => {
        useLibrary.getState().moveTo(row.path_id);
        props.onOpen(row.path_id);
      }}
    >
      <span className="pair">
        <Thumb digest={row.start_digest} alt="" />
        <Thumb digest={row.end_digest} alt="" />
      </span>
      <span className="row-words">
        <span className="row-name">
          {row.expr_start} <span aria-hidden="true">→</span>
          <span className="visually-hidden">to</span> {row.expr_end}
        </span>
        <span className="row-line">
          <StateBadge state={row.state} title={detail} />
          <span className="row-facts">
            {row.frames === row.wanted ? poseOf(row) : `${poseOf(row)} · ${row.frames}/${row.wanted}`}
          </span>
        </span>
      </span>
    </div>
  );
});
