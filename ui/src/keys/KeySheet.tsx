/** The sheet behind `?`: every key, from the same table that the keys work by. */
import { Fragment, type ReactElement } from "react";
import { Dialog } from "../design/dialog.tsx";
import { KEYMAP, shown } from "./keymap.ts";
import "./keysheet.css";

export function KeySheet({ onClose }: { onClose: () => void }): ReactElement {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <div className="keysheet">
        {KEYMAP.map((group) => (
          <section key={group.title}>
            <h3>{group.title}</h3>
            <dl>
              {group.bindings.map((binding) => (
                <Fragment key={binding.command + binding.keys.join()}>
                  <dt>
                    {keysOf(binding.keys).map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>
                    {binding.label}
                    {binding.when && <small> {binding.when}</small>}
                  </dd>
                </Fragment>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function keysOf(keys: readonly string[]): string[] {
  const [first, last] = [keys[0], keys.at(-1)];
  return keys.length > 3 && first && last ? [`${first} – ${last}`] : keys.map(shown);
}
