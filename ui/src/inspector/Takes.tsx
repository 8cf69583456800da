/**
 * The pictures that a frame has had. Looking at one compares it on the stage; choosing puts it in place.
 *
 * Nothing is deleted by choosing, and undo brings the other one back.
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useCallback, useEffect, useState } from "react";
import { request } from "../api/client.ts";
import { keys, useTakes } from "../api/queries.ts";
import type { Frame, Sequence } from "../api/types.ts";
import { withFrame } from "../api/updates.ts";
import { Button } from "../design/controls.tsx";
import { Icon } from "../design/icons.tsx";
import { useCommand } from "../keys/commands.ts";
import { keyHint } from "../keys/keymap.ts";
import { Thumb } from "../library/Thumb.tsx";
import { notify, notifyError } from "../stores/notices.ts";
import { useStage } from "../stores/stage.ts";
import { timeLabel } from "./anchors.ts";
import { momentWords } from "./frameWords.ts";
import { type FramePicture, picturesOf } from "./pictures.ts";
import { Section } from "./Section.tsx";

export function Takes({ pathId, frame }: { pathId: string; frame: Frame }): ReactElement {
  const { data, error, isPending } = useTakes(pathId, frame.t);
  const pictures = picturesOf(data ?? [], frame);
  return (
    <Section title="Takes" aside={pictures.length > 1 && <span className="tally">{pictures.length}</span>}>
      {isPending ? (
        <p className="hint">Loading takes …</p>
      ) : error ? (
        <p className="fault" role="alert">
          The takes could not be loaded: {error.message}
        </p>
      ) : pictures.length < 2 ? (
        <p className="hint">{onePictureWords(frame)}</p>
      ) : (
        <TakeChoice pathId={pathId} t={frame.t} pictures={pictures} />
      )}
    </Section>
  );
}

function onePictureWords(frame: Frame): string {
  if (frame.digest === null) return "No picture yet.";
  if (frame.state === "key") return "A drawing; what replaces it keeps it as a take.";
  return "One picture so far. What is made anew keeps it as a take.";
}

function TakeChoice(props: { pathId: string; t: number; pictures: readonly FramePicture[] }): ReactElement {
  const { pictures } = props;
  const [lookedAt, setLookedAt] = useState<number | null>(null);
  const inPlace = pictures.find((picture) => picture.inPlace);
  const looked = pictures.find((picture) => picture.take !== null && picture.take === lookedAt && !picture.inPlace);
  const { mutate: choose, isPending } = useChoose(props.pathId, props.t, () => setLookedAt(null));
  useComparison(inPlace, looked);

  const look = useCallback(
    (digit: number) => {
      const picture = pictures[digit - 1];
      if (picture) setLookedAt(picture.take);
    },
    [pictures],
  );
  const reject = useCallback(() => setLookedAt(null), []);
  const accept = useCallback(() => {
    if (lookedAt !== null) choose(lookedAt);
  }, [choose, lookedAt]);
  useCommand("choose-take", look);
  useCommand("accept-take", looked ? accept : null);
  useCommand("reject-take", looked ? reject : null);
  return (
    <>
      <ul className="takes">
        {pictures.map((picture, at) => (
          <li key={picture.take ?? "now"}>
            <TakePicture
              picture={picture}
              digit={at + 1}
              isLookedAt={picture === looked}
              onLook={() => setLookedAt(picture.take)}
            />
          </li>
        ))}
      </ul>
      {looked && (
        <div className="take-choice">
          <Button
            label="Put in place"
            icon="done"
            look="main"
            keyHint={keyHint("accept-take")}
            busy={isPending}
            onPress={accept}
          />
          <Button label="Back" icon="clear" keyHint={keyHint("reject-take")} onPress={reject} />
        </div>
      )}
    </>
  );
}

function TakePicture(props: {
  picture: FramePicture;
  digit: number;
  isLookedAt: boolean;
  onLook: () => void;
}): ReactElement {
  const { picture, digit } = props;
  return (
    <button
      type="button"
      className="take"
      aria-pressed={props.isLookedAt}
      title={`${picture.made === null ? "" : `${momentWords(picture.made)}\n`}${picture.facts}`}
      onClick={props.onLook}
    >
      <Thumb digest={picture.digest} width={192} alt={`Take ${digit}`} />
      <span className="take-words">
        {digit <= 9 && <kbd>{digit}</kbd>}
        {picture.inPlace ? (
          <span className="badge" data-tone="good">
            <Icon name="done" />
            in place
          </span>
        ) : (
          <span className="row-facts">{picture.engine}</span>
        )}
      </span>
    </button>
  );
}

function useChoose(pathId: string, t: number, onChosen: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (take: number) =>
      request("post", "/api/v1/sequences/{path_id}/frames/{t}/takes/{take}", { params: { path_id: pathId, t, take } }),
    onSuccess: (frame) => {
      client.setQueryData<Sequence>(keys.sequence(pathId), (old) => old && withFrame(old, frame));
      void client.invalidateQueries({ queryKey: keys.takes(pathId, t) });
      void client.invalidateQueries({ queryKey: keys.history });
      onChosen();
      notify("done", `The chosen take is in place at ${timeLabel(t)}.`);
    },
    onError: notifyError,
  });
}

/** Show a take against the picture in place, for as long as it is looked at. */
function useComparison(inPlace: FramePicture | undefined, looked: FramePicture | undefined): void {
  const a = inPlace?.digest;
  const b = looked?.digest;
  const label = looked === undefined ? "" : `take of ${looked.engine}`;
  useEffect(() => {
    if (a === undefined || b === undefined) return;
    const { compare, setFlipped, endComparison } = useStage.getState();
    compare({ a: { digest: a, label: "in place" }, b: { digest: b, label } });
    setFlipped(true);
    return endComparison;
  }, [a, b, label]);
}
