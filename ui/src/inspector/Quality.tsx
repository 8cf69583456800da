/** A frame's scores: what is conspicuous in words first, the figures below. */
import type { ReactElement } from "react";
import type { Scores } from "../api/types.ts";
import { Icon } from "../design/icons.tsx";
import { scoreLines } from "./frameWords.ts";
import { Section } from "./Section.tsx";

export function Quality(props: {
  t: number;
  scores: Scores | undefined;
  isMeasuring: boolean;
  error: Error | null;
}): ReactElement {
  const { scores } = props;
  return (
    <Section title="Quality" aside={scores && <Verdict faults={scores.faults.length} />}>
      {props.error ? (
        <p className="fault" role="alert">
          The scores could not be worked out: {props.error.message}
        </p>
      ) : scores === undefined ? (
        <p className="hint">{props.isMeasuring ? "Measuring …" : "No scores: there is no picture to measure."}</p>
      ) : (
        <>
          {scores.faults.length > 0 && (
            <ul className="warnings">
              {scores.faults.map((fault) => (
                <li key={fault}>{fault}</li>
              ))}
            </ul>
          )}
          <dl className="facts">
            {scoreLines(props.t, scores).map((line) => (
              <div key={line.name} title={line.meaning}>
                <dt>{line.name}</dt>
                <dd className="scored">
                  {line.shown}
                  {line.share !== null && <meter min={0} max={1} value={line.share} aria-label={line.meaning} />}
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </Section>
  );
}

function Verdict({ faults }: { faults: number }): ReactElement {
  return faults === 0 ? (
    <span className="badge" data-tone="good">
      <Icon name="done" />
      nothing conspicuous
    </span>
  ) : (
    <span className="badge" data-tone="warn">
      <Icon name="warning" />
      {faults} to look at
    </span>
  );
}
