/** What stands where there is nothing to show: nothing yet, still loading, or an error with its way out. */
import { Component, type ReactElement, type ReactNode } from "react";
import { Button } from "./controls.tsx";
import { Icon, type IconName } from "./icons.tsx";

export function Empty(props: {
  icon?: IconName;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}): ReactElement {
  return (
    <div className="empty">
      <Icon name={props.icon ?? "info"} />
      <h2>{props.title}</h2>
      {props.children && <p>{props.children}</p>}
      {props.action}
    </div>
  );
}

export function Loading({ what }: { what: string }): ReactElement {
  return (
    <div className="empty" role="status">
      <Icon name="running" turning />
      <p>Loading {what} …</p>
    </div>
  );
}

export function Trouble(props: { title: string; error: Error; retry?: () => void }): ReactElement {
  return (
    <div className="empty" data-kind="problem" role="alert">
      <Icon name="warning" />
      <h2>{props.title}</h2>
      <p>{props.error.message}</p>
      {props.retry && <Button label="Try again" icon="regenerate" onPress={props.retry} />}
    </div>
  );
}

/** Keeps a mistake in one panel from taking the others with it. */
export class Boundary extends Component<{ name: string; children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    const again = (): void => this.setState({ error: null });
    return <Trouble title={`${this.props.name} stopped working`} error={error} retry={again} />;
  }
}
