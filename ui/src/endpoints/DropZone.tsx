/** Takes files that are dropped anywhere in the view, and asks before one replaces another. */
import { useQueryClient } from "@tanstack/react-query";
import { type DragEvent, type ReactElement, type ReactNode, useEffect, useState } from "react";
import { keys } from "../api/queries.ts";
import type { EndpointCell, Endpoints } from "../api/types.ts";
import { Button } from "../design/controls.tsx";
import { Dialog } from "../design/dialog.tsx";
import { Icon } from "../design/icons.tsx";
import { count } from "../money/wording.ts";
import { type Cell, cellKey, placeByName } from "./dropNames.ts";
import { useUploads } from "./uploads.ts";

export function DropZone({ endpoints, children }: { endpoints: Endpoints; children: ReactNode }): ReactElement {
  const [isOver, setOver] = useState(false);
  useSentCells();
  const unplaced = useUploads((now) => now.unplaced);
  const dismissUnplaced = useUploads((now) => now.dismissUnplaced);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping has its accessible way in each cell's file button
    <div
      className="drop-zone"
      data-over={isOver || undefined}
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        setOver(false);
        if (!hasFiles(event)) return;
        event.preventDefault();
        offerByName([...event.dataTransfer.files], endpoints);
      }}
    >
      {children}
      {unplaced.length > 0 && (
        <div className="unplaced" role="alert">
          <Icon name="warning" />
          <ul>
            {unplaced.map(({ file, reason }) => (
              <li key={file.name}>{reason}</li>
            ))}
          </ul>
          <Button label="Close" icon="clear" iconOnly look="quiet" onPress={dismissUnplaced} />
        </div>
      )}
      <ReplaceQuestion />
    </div>
  );
}

export function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer.types.includes("Files");
}

/** Give files their cells by their names. */
export function offerByName(files: readonly File[], endpoints: Endpoints): void {
  const { placed, unplaced } = placeByName(files, endpoints.expressions);
  useUploads.getState().refuse(unplaced);
  useUploads.getState().offer(placed, takenIn(endpoints));
}

/** Give files to a cell: a single one whatever it is called, several by their names. */
export function offerToCell(files: readonly File[], cell: Cell, endpoints: Endpoints): void {
  const [file] = files;
  if (files.length !== 1 || file === undefined) offerByName(files, endpoints);
  else useUploads.getState().offer([{ expression: cell.expression, pose: cell.pose, file }], takenIn(endpoints));
}

function takenIn(endpoints: Endpoints): (cell: Cell) => boolean {
  const taken = new Set(endpoints.cells.filter((cell) => cell.state !== "missing").map(cellKey));
  return (cell) => taken.has(cellKey(cell));
}

/** Put cells that have their new picture into what is known, without fetching the grid for each. */
function useSentCells(): void {
  const client = useQueryClient();
  useEffect(() => {
    const onSent = (sent: EndpointCell): void => {
      const isSame = (cell: Cell): boolean => cellKey(cell) === cellKey(sent);
      const old = client.getQueryData<Endpoints>(keys.endpoints);
      if (old?.cells.some(isSame)) {
        const cells = old.cells.map((cell) => (isSame(cell) ? sent : cell));
        client.setQueryData<Endpoints>(keys.endpoints, { ...old, cells });
      } else void client.invalidateQueries({ queryKey: keys.endpoints });
    };
    useUploads.setState({ onSent });
  }, [client]);
}

function ReplaceQuestion(): ReactElement | null {
  const replacing = useUploads((now) => now.replacing);
  const answer = useUploads((now) => now.answer);
  if (replacing.length === 0) return null;
  return (
    <Dialog
      title={`Replace ${count(replacing.length, "drawing")}?`}
      onClose={() => answer(false)}
      footer={
        <>
          <Button label="Keep what is there" onPress={() => answer(false)} />
          <Button label="Replace" look="main" onPress={() => answer(true)} />
        </>
      }
    >
      <p>What is there stays as a take. Frames that were made from it are stale afterwards.</p>
      <ul className="replace-list">
        {replacing.map((each) => (
          <li key={cellKey(each)}>
            <strong>
              {each.expression} · {each.pose}
            </strong>
            <span className="hint">by {each.file.name}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
