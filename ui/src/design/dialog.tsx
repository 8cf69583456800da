/** A modal dialog: the browser keeps the focus inside, gives it back at the end, and closes it with Escape. */
import { type ReactElement, type ReactNode, useEffect, useId, useRef } from "react";
import { Button } from "./controls.tsx";

export function Dialog(props: {
  title: string;
  onClose: () => void;
  children: ReactNode;
  footer?: ReactNode;
}): ReactElement {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className="dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
    >
      <header className="dialog-head">
        <h2 id={titleId}>{props.title}</h2>
        <span className="spacer" />
        <Button label="Close" icon="clear" iconOnly look="quiet" keyHint="Esc" onPress={props.onClose} />
      </header>
      <div className="dialog-body">{props.children}</div>
      {props.footer && <footer className="dialog-foot">{props.footer}</footer>}
    </dialog>
  );
}
