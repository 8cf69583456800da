"""Events as lines of text, in the words that users of the scripts know."""

from decimal import Decimal
from functools import singledispatch

from watercolor_rig.core import events as e
from watercolor_rig.core import project_events as p
from watercolor_rig.core.money import spell_dollars
from watercolor_rig.core.times import spell_number

MANY = 12
"""More names than this are cut off on a line, unless the user asks for all."""


@singledispatch
def lines_of(event: e.Event, *, verbose: bool) -> list[str]:
    """Return the lines that say an event."""
    return [f"[i] {event}"]


@lines_of.register
def _(event: e.EngineChosen, *, verbose: bool) -> list[str]:
    return [f"[i] Engine: {event.engine} ({event.reason})"]


@lines_of.register
def _(event: e.EngineListed, *, verbose: bool) -> list[str]:
    mark = "[✓]" if event.state == "ready" else "[!]"
    makes = f", makes {' and '.join(event.makes)}" if event.makes else ""
    return [f"{mark} {event.engine} ({event.state}{makes}): {event.detail}"]


@lines_of.register
def _(event: e.PosesFound, *, verbose: bool) -> list[str]:
    return [f"[i] Found poses in endpoints: {list(event.poses)}"]


@lines_of.register
def _(event: e.FilesIgnored, *, verbose: bool) -> list[str]:
    shown = event.files if verbose else event.files[:MANY]
    more = f" and {len(event.files) - len(shown)} more" if len(shown) < len(event.files) else ""
    return [f"[i] Ignored in {event.folder} (no known expression): {', '.join(shown)}{more}"]


@lines_of.register
def _(event: e.SequenceSkipped, *, verbose: bool) -> list[str]:
    return [f"[i] Skipping {event.path_id}: looked for {' and '.join(event.missing)}"]


@lines_of.register
def _(event: e.Warned, *, verbose: bool) -> list[str]:
    return [f"[!] {event.subject}: {event.message}"]


@lines_of.register
def _(event: e.FrameFound, *, verbose: bool) -> list[str]:
    if event.t is None:
        return [f"[i] Expression exists, skipping: {event.file}"]
    return [f"[i] Tween exists, skipping: {_place(event.subject, event.t)} -> {event.file}"]


@lines_of.register
def _(event: e.FrameBroken, *, verbose: bool) -> list[str]:
    return [f"[!] Broken file, making it again: {_place(event.subject, event.t)} -> {event.file} ({event.fault})"]


@lines_of.register
def _(event: e.FrameStale, *, verbose: bool) -> list[str]:
    place = _place(event.subject, event.t)
    return [f"[!] Stale: {place} -> {event.file} was made from endpoints that have changed; --refresh makes it again"]


@lines_of.register
def _(event: e.WorkPlanned, *, verbose: bool) -> list[str]:
    if event.frames == 0:
        return [f"[i] Nothing to generate: every wanted {event.kind} exists."]
    workers = "the workers of the cluster" if event.workers is None else _workers(event.workers)
    if event.kind == "tween":
        said = [f"[i] Will generate {event.frames} tween frames across {event.sequences} sequences using {workers}."]
    else:
        said = [f"[i] Will generate {event.frames} expressions using {workers}."]
    if event.shared:
        said.append(f"[i] {event.shared} of them are shared between paths with the same endpoints: no call for those.")
    cost = _estimate(event)
    calls = "calls" if event.paid else "frames to draw"
    time = "in a time that depends on the cluster" if event.seconds is None else f"about {_duration(event.seconds)}"
    return [*said, f"[i] Estimate: {event.calls} {calls}{cost}, {time}."]


@lines_of.register
def _(event: p.RigPlanned, *, verbose: bool) -> list[str]:
    missing = f"{event.lacking} expressions and heads are missing, and no image model is there to make them"
    lacking = [f"[!] {missing}."] if event.lacking else []
    if not event.endpoints and not event.tweens:
        return lacking or ["[i] Nothing to make: every wanted picture exists."]
    calls = f"{event.calls} {'calls' if event.paid else 'frames to draw'}{_estimate(event)}"
    tweens = f"{event.tweens} tween frames across {event.sequences} sequences"
    return [
        *lacking,
        f"[i] In all: {event.endpoints} expressions and heads, then {tweens}.",
        f"[i] Estimate of all: {calls}, about {_duration(event.seconds)}.",
    ]


def _estimate(event: e.WorkPlanned | p.RigPlanned) -> str:
    cost = f", about {spell_dollars(event.cost_usd)}" if event.paid else ", no cost"
    if event.cost_at_most_usd is not None and event.cost_usd is not None and event.cost_at_most_usd > event.cost_usd:
        cost += f" (at most {spell_dollars(event.cost_at_most_usd)}, if all have to be asked for again)"
    return cost


@lines_of.register
def _(event: e.SequencePlanned, *, verbose: bool) -> list[str]:
    parts = []
    if event.draw:
        parts.append(f"draw t={_list(event.draw)}")
    if event.share:
        parts.append(f"share t={_list(event.share)} with {event.shared_with}")
    if event.existing:
        parts.append(f"{event.existing} exist")
    return [f"[i] {event.path_id}: {'; '.join(parts) or 'nothing to do'}"]


@lines_of.register
def _(event: e.FramePlanned, *, verbose: bool) -> list[str]:
    head = f"[i] {_place(event.subject, event.t)} -> {event.file} from {' and '.join(event.made_between)}"
    return [head, *(f"      {line}" for line in event.prompt.splitlines())]


@lines_of.register
def _(event: e.FrameStarted, *, verbose: bool) -> list[str]:
    return []


@lines_of.register
def _(event: e.FrameMade, *, verbose: bool) -> list[str]:
    origin = f" (from {event.shared_from})" if event.shared_from else ""
    detail = f" [{event.seconds:.1f} s{_price(event.cost_usd)}]" if verbose and not event.shared_from else ""
    return [f"[✓] {_place(event.subject, event.t)} -> {event.file}{origin}{detail}"]


@lines_of.register
def _(event: e.WorkLeft, *, verbose: bool) -> list[str]:
    return []  # the bar of a terminal shows it; in a log it would stand between all frames


@lines_of.register
def _(event: e.FrameRetried, *, verbose: bool) -> list[str]:
    reason = _reason(event.reason, event.subject, event.t)
    return [f"[i] Trying again in {event.wait_s:.1f} s: {_place(event.subject, event.t)}: {reason}"]


@lines_of.register
def _(event: e.RunPaused, *, verbose: bool) -> list[str]:
    return [f"[i] Waiting {event.wait_s:.1f} s, as the service asks: {event.reason}"]


@lines_of.register
def _(event: e.FrameFailed, *, verbose: bool) -> list[str]:
    reason = _reason(event.reason, event.subject, event.t)
    return [f"[!] Failed {_place(event.subject, event.t)}: {reason}"]


@lines_of.register
def _(event: e.FrameBlocked, *, verbose: bool) -> list[str]:
    return [f"[!] Not started: {_place(event.subject, event.t)}, because of {event.by}"]


@lines_of.register
def _(event: e.RunStopping, *, verbose: bool) -> list[str]:
    calls = "1 running call is" if event.running == 1 else f"{event.running} running calls are"
    waiting = f" {calls} awaited and saved." if event.running else ""
    return [f"[!] Stopping: {event.reason}.{waiting}"]


@lines_of.register
def _(event: e.FileWritten, *, verbose: bool) -> list[str]:
    return [f"[i] Wrote {event.kind}: {event.file}"]


@lines_of.register
def _(event: e.RunEnded, *, verbose: bool) -> list[str]:
    title = "Tween" if event.kind == "tween" else "Expression"
    blocked = f", Not started: {event.blocked}" if event.blocked else ""
    said = [f"[i] {title} generation completed. Success: {event.success}, Failed: {event.failed}{blocked}"]
    if event.cost_usd is None:
        said.append("[i] Cost: unknown; the service did not say it for every call.")
    elif event.cost_usd:
        said.append(f"[i] Cost: {spell_dollars(event.cost_usd)}, by the tokens that the service reported.")
    return said


@lines_of.register
def _(event: p.CostSummed, *, verbose: bool) -> list[str]:
    if event.by == "total" and not event.calls:
        return ["[i] Nothing was spent here: no call is on record."]
    run = f" ({_moment(event.began)}, {event.command})" if event.began else ""
    label = "In all" if event.by == "total" else f"{event.by} {event.label or 'unknown'}{run}"
    answers = f"{event.answered} usable of {event.calls} call{'s' * (event.calls != 1)}"
    said = [f"[i] {label}: {spell_dollars(event.cost_usd)}, {answers}"]
    if event.perhaps_usd:
        said.append(f"up to {spell_dollars(event.perhaps_usd)} more for calls that the service did not report")
    if event.unpriced:
        said.append(f"{event.unpriced} call{'s' * (event.unpriced != 1)} of unknown price")
    return ["; ".join(said)]


@lines_of.register
def _(event: p.TakeListed, *, verbose: bool) -> list[str]:
    mark = "[✓]" if event.in_place else "[i]"
    who = " ".join(filter(None, (event.engine, event.model))) or "origin unknown"
    place = ", in place" if event.in_place else ""
    return [f"{mark} take {event.take} of {event.file}: {_moment(event.made)}, {who}{_price(event.cost_usd)}{place}"]


@lines_of.register
def _(event: p.TakesCounted, *, verbose: bool) -> list[str]:
    if not event.takes:
        return ["[i] No takes yet: paid pictures are kept as takes, and every picture before it is replaced."]
    takes, frames = (f"{n} {word}{'s' * (n != 1)}" for n, word in ((event.takes, "take"), (event.files, "frame")))
    return [f"[i] {takes} of {frames}. --restore N puts take N into its place."]


@lines_of.register
def _(event: p.TakeRestored, *, verbose: bool) -> list[str]:
    kept = f"; the picture before it is take {event.kept}" if event.kept else ""
    return [f"[✓] Take {event.take} is in place: {event.file}{kept}"]


@lines_of.register
def _(event: p.FrameRepaired, *, verbose: bool) -> list[str]:
    place = _place(event.subject, event.t)
    if event.repaired:
        said = f"[✓] {place}: {event.changed_before:.1%} of the picture had changed, {event.changed_after:.1%} has now"
        moved = f" [{event.shift_px:.1f} px, scale {event.scale:.4f}]" if verbose and event.shift_px is not None else ""
        lines = [said + moved]
    elif event.shift_px is None:
        lines = []
    else:
        lines = [f"[✓] {place}: lies still, nothing to repair"] if verbose else []
    return [*lines, *([f"[!] {place}: {'; '.join(event.faults)}"] if event.faults else [])]


@lines_of.register
def _(event: p.RepairEnded, *, verbose: bool) -> list[str]:
    done = "Would repair" if event.dry_run else "Repaired"
    failed = f", Failed: {event.failed}" if event.failed else ""
    return [f"[i] {done}: {event.repaired}, Left as they are: {event.still}{failed}"]


@lines_of.register
def _(event: p.Checked, *, verbose: bool) -> list[str]:
    mark = "[!]" if event.state == "wrong" else "[✓]"
    repaired = "repaired: " if event.state == "repaired" else ""
    advice = " (--fix repairs it)" if event.fixable else ""
    return [f"{mark} {event.check}: {repaired}{event.message}{advice}"]


@lines_of.register
def _(event: p.CheckUpEnded, *, verbose: bool) -> list[str]:
    repaired = f" {event.repaired} repaired." if event.repaired else ""
    if not event.wrong:
        return [f"[✓] Nothing is wrong.{repaired}"]
    fixable = f" --fix repairs {event.fixable} of them." if event.fixable else ""
    return [f"[!] {event.wrong} thing{'s are' if event.wrong != 1 else ' is'} wrong.{repaired}{fixable}"]


@lines_of.register
def _(event: p.GroupReported, *, verbose: bool) -> list[str]:
    look = f", {event.conspicuous} to look at" if event.conspicuous else ""
    return [f"[i] {event.subject}: {event.frames} picture{'s' * (event.frames != 1)}{look}"]


@lines_of.register
def _(event: p.Reported, *, verbose: bool) -> list[str]:
    mark = "[!]" if event.broken else "[✓]"
    broken = f" {event.broken} could not be shown." if event.broken else ""
    look = f"{event.conspicuous} to look at first." if event.conspicuous else "Nothing stands out."
    return [f"{mark} {event.frames} picture{'s' * (event.frames != 1)} in the report. {look}{broken}"]


@lines_of.register
def _(event: p.StudioServing, *, verbose: bool) -> list[str]:
    lines = [f"[i] Studio of {event.project!r}: {event.link}"]
    if event.token:
        lines += ["[i] That address works once; then the next one is shown.", f"[i] Programs: Bearer {event.token}"]
    return [*lines, "[i] Ctrl-C ends it."]


def _moment(iso: str) -> str:
    return f"{iso[:16].replace('T', ' ')} UTC"


def _place(subject: str, t: float | None) -> str:
    return subject if t is None else f"{subject} t={spell_number(t)}"


def _reason(reason: str, subject: str, t: float | None) -> str:
    """Return the reason on one line, without the name that the line has already."""
    return " ".join(reason.removeprefix(f"{_place(subject, t)}: ").split())


def _list(times: tuple[float, ...]) -> str:
    shown = ",".join(spell_number(t) for t in times[:MANY])
    return shown + (f",… ({len(times)})" if len(times) > MANY else "")


def _price(cost: Decimal | None) -> str:
    return "" if cost is None else f", {spell_dollars(cost)}"


def _workers(count: int) -> str:
    return f"{count} worker{'s' * (count != 1)}"


def _duration(seconds: float) -> str:
    if seconds < 90:  # noqa: PLR2004 - up to a minute and a half, seconds read best
        return f"{max(1, round(seconds))} s"
    minutes = seconds / 60
    return f"{round(minutes)} min" if minutes < 90 else f"{minutes / 60:.1f} h"  # noqa: PLR2004 - as above
