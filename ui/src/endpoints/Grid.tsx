/** The drawings by expression and pose; every place takes a picture by drop or by button. */
import { type ReactElement, useMemo, useRef, useState } from "react";
import type { EndpointCell, Endpoints } from "../api/types.ts";
import { Button } from "../design/controls.tsx";
import { Icon } from "../design/icons.tsx";
import { Empty } from "../design/states.tsx";
import { Thumb } from "../library/Thumb.tsx";
import { hasFiles, offerToCell } from "./DropZone.tsx";
import { cellKey } from "./dropNames.ts";
import { type Upload, useUploads } from "./uploads.ts";

export function Grid({ endpoints, neutral }: { endpoints: Endpoints; neutral: string | null }): ReactElement {
  const byKey = useMemo(() => new Map(endpoints.cells.map((cell) => [cellKey(cell), cell])), [endpoints.cells]);
  if (endpoints.expressions.length === 0) {
    return (
      <Empty icon="face" title="No expressions yet">
        The project names none. Add base paths with their expressions to the project's file, or drop drawings here.
      </Empty>
    );
  }
  const single = endpoints.poses.length === 1 ? endpoints.poses[0] : undefined;
  return (
    <>
      {single === undefined ? (
        <PoseTable endpoints={endpoints} neutral={neutral} byKey={byKey} />
      ) : (
        <ul className="cells" aria-label={`Drawings of the pose ${single}`}>
          {endpoints.expressions.map((expression) => {
            const cell = byKey.get(cellKey({ expression, pose: single }));
            return (
              cell && (
                <li key={expression}>
                  <CellCard
                    cell={cell}
                    endpoints={endpoints}
                    isNeutral={expression === neutral && expression !== "neutral"}
                    title={expression}
                  />
                </li>
              )
            );
          })}
        </ul>
      )}
      {endpoints.ignored.length > 0 && (
        <p className="hint">
          Not used, because no expression is called so: {endpoints.ignored.join(", ")}. Rename the file, or add the
          expression to the project's file.
        </p>
      )}
    </>
  );
}

function PoseTable(props: {
  endpoints: Endpoints;
  neutral: string | null;
  byKey: ReadonlyMap<string, EndpointCell>;
}): ReactElement {
  const { endpoints, byKey, neutral } = props;
  return (
    <div className="pose-table">
      <table>
        <thead>
          <tr>
            <th scope="col">Expression</th>
            {endpoints.poses.map((pose) => (
              <th key={pose} scope="col">
                {pose}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {endpoints.expressions.map((expression) => (
            <tr key={expression}>
              <th scope="row">
                {expression}
                {expression === neutral && expression !== "neutral" && <span className="hint"> neutral</span>}
              </th>
              {endpoints.poses.map((pose) => {
                const cell = byKey.get(cellKey({ expression, pose }));
                return <td key={pose}>{cell && <CellCard cell={cell} endpoints={endpoints} isNeutral={false} />}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CellCard(props: {
  cell: EndpointCell;
  endpoints: Endpoints;
  isNeutral: boolean;
  title?: string;
}): ReactElement {
  const { cell, endpoints } = props;
  const [isOver, setOver] = useState(false);
  const upload = useUploads((now) => now.uploads.get(cellKey(cell)));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping has its accessible way in the file button
    <div
      className="drawing"
      data-state={cell.state}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        if (!hasFiles(event)) return;
        event.preventDefault();
        event.stopPropagation();
        offerToCell([...event.dataTransfer.files], cell, endpoints);
      }}
    >
      <Thumb digest={cell.digest} width={192} alt={`${cell.expression}, ${cell.pose}`} />
      {props.title !== undefined && (
        <p className="cell-title" title={props.title}>
          {props.title}
          {props.isNeutral && <span className="hint"> neutral</span>}
        </p>
      )}
      {upload === undefined ? <CellState cell={cell} /> : <UploadState cell={cell} upload={upload} />}
      <FileButton cell={cell} endpoints={endpoints} />
    </div>
  );
}

function CellState({ cell }: { cell: EndpointCell }): ReactElement {
  switch (cell.state) {
    case "present":
      return (
        <p className="cell-facts">
          {cell.width} × {cell.height}
        </p>
      );
    case "running":
      return (
        <p className="cell-facts" data-tone="busy">
          <Icon name="running" turning /> being drawn
        </p>
      );
    case "broken":
      return (
        <p className="cell-facts" data-tone="bad" title={cell.fault ?? undefined}>
          <Icon name="broken" /> {cell.fault ?? "can't be read"}
        </p>
      );
    case "missing":
      return (
        <p className="cell-facts" data-tone="warn">
          <Icon name="missing" /> missing
        </p>
      );
  }
}

function UploadState({ cell, upload }: { cell: EndpointCell; upload: Upload }): ReactElement {
  const dismiss = useUploads((now) => now.dismiss);
  switch (upload.kind) {
    case "waiting":
      return <p className="cell-facts">waiting …</p>;
    case "sending":
      return <progress className="cell-progress" value={upload.share} max={1} aria-label={`Sending ${cell.file}`} />;
    case "failed":
      return (
        <div className="cell-fault" role="alert">
          <p className="fault">{upload.reason}</p>
          <Button label="Dismiss" look="quiet" onPress={() => dismiss(cell)} />
        </div>
      );
  }
}

function FileButton({ cell, endpoints }: { cell: EndpointCell; endpoints: Endpoints }): ReactElement {
  const input = useRef<HTMLInputElement>(null);
  const verb = cell.state === "missing" ? "Add" : "Replace";
  return (
    <span className="file-button">
      <button
        type="button"
        className="button"
        aria-label={`${verb} the drawing of ${cell.expression}, ${cell.pose}`}
        onClick={() => input.current?.click()}
      >
        <Icon name="upload" />
        {verb}…
      </button>
      <input
        ref={input}
        type="file"
        hidden
        aria-hidden="true"
        tabIndex={-1}
        data-cell={cellKey(cell)}
        accept="image/png,image/jpeg,image/webp"
        onChange={(event) => {
          offerToCell([...(event.target.files ?? [])], cell, endpoints);
          event.target.value = "";
        }}
      />
    </span>
  );
}
