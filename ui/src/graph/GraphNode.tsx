/** An expression in the graph: its drawing in a circle, which is pressed to see its paths and dragged to add one. */
import type { PointerEvent, ReactElement } from "react";
import { thumbnailUrl } from "../api/pictures.ts";
import type { Place } from "./layout.ts";

export const RADIUS_PX = 26;

export function GraphNode(props: {
  name: string;
  place: Place;
  digest: string | null;
  isNeutral: boolean;
  isSelected: boolean;
  isTarget: boolean;
  onGrab: (event: PointerEvent) => void;
  onPress: () => void;
}): ReactElement {
  const size = 2 * RADIUS_PX;
  return (
    // biome-ignore lint/a11y/useSemanticElements: HTML buttons can't stand in a drawing
    <g
      className="node"
      role="button"
      tabIndex={0}
      aria-label={`${props.name}: show its paths`}
      aria-pressed={props.isSelected}
      data-neutral={props.isNeutral || undefined}
      data-selected={props.isSelected || undefined}
      data-target={props.isTarget || undefined}
      transform={`translate(${props.place.x.toFixed(1)} ${props.place.y.toFixed(1)})`}
      onPointerDown={props.onGrab}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        props.onPress();
      }}
    >
      <circle className="node-ground" r={RADIUS_PX} />
      {props.digest !== null && (
        <image
          href={thumbnailUrl(props.digest, 96)}
          x={-RADIUS_PX}
          y={-RADIUS_PX}
          width={size}
          height={size}
          preserveAspectRatio="xMidYMid slice"
          clipPath="url(#node-clip)"
        />
      )}
      <circle className="node-rim" r={RADIUS_PX} />
      <text y={RADIUS_PX + 15} textAnchor="middle">
        {props.name}
      </text>
    </g>
  );
}
