/** A part of the inspector that can be folded away. */
import type { ReactElement, ReactNode } from "react";

export function Section(props: {
  title: string;
  aside?: ReactNode;
  closed?: boolean;
  children: ReactNode;
}): ReactElement {
  return (
    <details className="fold" open={!props.closed}>
      <summary>
        <h3>{props.title}</h3>
        {props.aside}
      </summary>
      <div className="fold-body">{props.children}</div>
    </details>
  );
}
