/** A small picture by its digest, or what stands for it where there is none. */
import type { ReactElement } from "react";
import { type ThumbnailWidth, thumbnailUrl } from "../api/pictures.ts";
import { Icon } from "../design/icons.tsx";

/** `alt` is empty where the words beside it say the same. */
export function Thumb(props: {
  digest: string | null;
  alt: string;
  width?: ThumbnailWidth;
  className?: string;
}): ReactElement {
  const className = `thumb checkered ${props.className ?? ""}`;
  if (props.digest === null) {
    return (
      <span className={className} data-none>
        <Icon name="missing" />
        {props.alt && <span className="visually-hidden">{props.alt}: no picture yet</span>}
      </span>
    );
  }
  return (
    <span className={className}>
      <img
        key={props.digest}
        src={thumbnailUrl(props.digest, props.width ?? 96)}
        alt={props.alt}
        loading="lazy"
        decoding="async"
        draggable={false}
      />
    </span>
  );
}
