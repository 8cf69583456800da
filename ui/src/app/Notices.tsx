/** The messages at the lower edge. The region is always there, so that screen readers follow it. */
import type { ReactElement } from "react";
import { Button } from "../design/controls.tsx";
import { Icon } from "../design/icons.tsx";
import { type Notice, useNotices } from "../stores/notices.ts";

const LOOKS = {
  info: { icon: "info", tone: "busy" },
  done: { icon: "done", tone: "good" },
  problem: { icon: "warning", tone: "bad" },
} as const;

export function Notices(): ReactElement {
  const { notices, close } = useNotices();
  return (
    <div className="notices" role="status" aria-live="polite">
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} onClose={() => close(notice.id)} />
      ))}
    </div>
  );
}

function NoticeCard({ notice, onClose }: { notice: Notice; onClose: () => void }): ReactElement {
  const { icon, tone } = LOOKS[notice.kind];
  const { action } = notice;
  const act = (): void => {
    action?.run();
    onClose();
  };
  return (
    <div className="notice">
      <span data-tone={tone}>
        <Icon name={icon} />
      </span>
      <span>{notice.text}</span>
      {action && <Button label={action.label} look="quiet" onPress={act} />}
      <Button label="Close message" icon="clear" iconOnly look="quiet" onPress={onClose} />
    </div>
  );
}
