/** The graph itself: expressions as their drawings, base paths as arrows; dragging from one to another adds a path. */
import { type PointerEvent, type ReactElement, useMemo, useRef, useState } from "react";
import type { Endpoints } from "../api/types.ts";
import type { Draft, DraftPath } from "./draft.ts";
import { GraphNode, RADIUS_PX } from "./GraphNode.tsx";
import { curveBetween, layOut, type Place, separated } from "./layout.ts";
import { useGraph } from "./store.ts";
import { type Size, useSize } from "./useSize.ts";

const MARGIN_PX = 56;
const BOW_PX = 16;
/** Room for the name below a node, and between two nodes. */
const LABEL_PX = 24;
const APART_PX = 104;

interface Pull {
  readonly from: string;
  readonly to: Place;
}

export function GraphCanvas(props: {
  names: readonly string[];
  draft: Draft;
  faults: ReadonlyMap<string, string>;
  endpoints: Endpoints;
  neutral: string | null;
  onConnect: (start: string, end: string) => void;
}): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  return (
    <div className="graph-canvas" ref={frame}>
      {size !== null && size.width > 0 && <Drawing {...props} size={size} />}
      <p className="graph-hint hint">Drag from one expression to another to add a path. Press one to see its paths.</p>
    </div>
  );
}

function Drawing(props: Parameters<typeof GraphCanvas>[0] & { size: Size }): ReactElement {
  const { names, draft, size, onConnect } = props;
  const places = usePlaces(names, draft, size);
  const digests = useDigests(props.endpoints);
  const [pull, setPull] = useState<Pull | null>(null);
  const svg = useRef<SVGSVGElement>(null);
  const { node, selectNode } = useGraph();
  const pointOf = (event: PointerEvent): Place => {
    const box = svg.current?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  };
  const over = pull === null ? null : nodeAt(pull.to, places);
  return (
    <svg
      ref={svg}
      width={size.width}
      height={size.height}
      onPointerMove={(event) => {
        if (pull !== null) setPull({ ...pull, to: pointOf(event) });
      }}
      onPointerUp={(event) => {
        if (pull === null) return;
        const target = nodeAt(pointOf(event), places);
        setPull(null);
        if (target !== null && target !== pull.from) onConnect(pull.from, target);
        else if (target === pull.from) selectNode(node === target ? null : target);
      }}
      onPointerCancel={() => setPull(null)}
    >
      <title>Graph of the base paths</title>
      <Arrowheads />
      <Edges {...props} places={places} />
      {pull !== null && <Rubber from={places.get(pull.from)} to={pull.to} />}
      {names.map((name) => {
        const place = places.get(name);
        return (
          place && (
            <GraphNode
              key={name}
              name={name}
              place={place}
              digest={digests.get(name) ?? null}
              isNeutral={name === props.neutral}
              isSelected={name === node}
              isTarget={name === over && name !== pull?.from}
              onGrab={(event) => {
                svg.current?.setPointerCapture(event.pointerId);
                setPull({ from: name, to: pointOf(event) });
              }}
              onPress={() => selectNode(node === name ? null : name)}
            />
          )
        );
      })}
    </svg>
  );
}

function usePlaces(names: readonly string[], draft: Draft, size: Size): ReadonlyMap<string, Place> {
  // The layout follows what is saved: an edge that is being added moves nothing under the pointer.
  const layout = useMemo(() => layOut(names, draft.saved), [names, draft.saved]);
  return useMemo(() => {
    const bounds = {
      width: Math.max(1, size.width - 2 * MARGIN_PX),
      height: Math.max(1, size.height - 2 * MARGIN_PX - LABEL_PX),
    };
    const fitted = new Map(
      [...layout].map(([name, { x, y }]) => [name, { x: x * bounds.width, y: y * bounds.height }]),
    );
    const places = [...separated(fitted, APART_PX, bounds)];
    return new Map(places.map(([name, { x, y }]) => [name, { x: MARGIN_PX + x, y: MARGIN_PX + y }]));
  }, [layout, size.width, size.height]);
}

function useDigests(endpoints: Endpoints): ReadonlyMap<string, string> {
  return useMemo(() => {
    const digests = new Map<string, string>();
    for (const cell of endpoints.cells) {
      if (cell.digest !== null && !digests.has(cell.expression)) digests.set(cell.expression, cell.digest);
    }
    return digests;
  }, [endpoints.cells]);
}

function nodeAt(point: Place, places: ReadonlyMap<string, Place>): string | null {
  for (const [name, place] of places) {
    if (Math.hypot(place.x - point.x, place.y - point.y) <= RADIUS_PX + 6) return name;
  }
  return null;
}

const KINDS = ["plain", "new", "selected", "bad", "faint"] as const;

function Arrowheads(): ReactElement {
  return (
    <defs>
      {KINDS.map((kind) => (
        <marker
          key={kind}
          id={`arrow-${kind}`}
          className={`arrow arrow-${kind}`}
          viewBox="0 0 8 8"
          refX="6"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M0 0 8 4 0 8Z" />
        </marker>
      ))}
      <clipPath id="node-clip">
        <circle r={RADIUS_PX} />
      </clipPath>
    </defs>
  );
}

function Edges(props: {
  draft: Draft;
  faults: ReadonlyMap<string, string>;
  places: ReadonlyMap<string, Place>;
}): ReactElement {
  const { edge, node, selectEdge } = useGraph();
  const seen = new Map<string, number>();
  return (
    <g className="edges">
      {props.draft.paths.map((path) => {
        const from = props.places.get(path.start);
        const to = props.places.get(path.end);
        if (from === undefined || to === undefined) return null;
        const pair = `${path.start} ${path.end}`;
        const parallel = seen.get(pair) ?? 0;
        seen.set(pair, parallel + 1);
        const curve = curveBetween(from, to, RADIUS_PX, BOW_PX * (1 + 1.5 * parallel));
        const kind = kindOf(path, edge, node, props.faults);
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: as above
          <g key={path.key} className={`edge edge-${kind}`} onClick={() => selectEdge(path.key)}>
            <title>{`${path.id}: ${path.start} → ${path.end}`}</title>
            <path className="edge-hit" d={curve.path} />
            <path className="edge-line" d={curve.path} markerEnd={`url(#arrow-${kind})`} />
          </g>
        );
      })}
    </g>
  );
}

function kindOf(
  path: DraftPath,
  edge: string | null,
  node: string | null,
  faults: ReadonlyMap<string, string>,
): (typeof KINDS)[number] {
  if (faults.has(path.key)) return "bad";
  if (path.key === edge) return "selected";
  if (node !== null && path.start !== node && path.end !== node) return "faint";
  return path.origin === null ? "new" : "plain";
}

function Rubber({ from, to }: { from: Place | undefined; to: Place }): ReactElement | null {
  if (from === undefined) return null;
  return <line className="rubber" x1={from.x} y1={from.y} x2={to.x} y2={to.y} />;
}
