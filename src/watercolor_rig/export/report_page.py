"""The report as HTML, in pieces, so that it can be written group by group; it needs no other file and runs no script.

Whatever stands in a name is text there: everything is escaped, anchors are numbers, and the page's own rules forbid it
to load anything.
"""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from watercolor_rig.core.report import Change, FrameShown, GroupShown, LookAt, TakeShown
from watercolor_rig.export.report_style import STYLE

_THIN = "\N{NARROW NO-BREAK SPACE}"
_RULES = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class Listed:
    """A group in the page's list.

    Attributes:
        anchor: Where it stands.
        name: Its name.
        conspicuous: How many of its frames somebody should look at.
    """

    anchor: str
    name: str
    conspicuous: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What the page says on top.

    Attributes:
        project: Its name.
        about: How much there is, and what it cost, in words.
        notes: What the user should know.
        conspicuous: How many frames somebody should look at, listed or not.
    """

    project: str
    about: str
    notes: Sequence[str]
    conspicuous: int


def group_anchor(number: int) -> str:
    """Return where a group stands; its name would be no safe anchor."""
    return f"g{number}"


def frame_anchor(group: int, frame: int) -> str:
    """Return where a frame stands."""
    return f"g{group}f{frame}"


def opening(summary: Summary, first: Sequence[LookAt], groups: Iterable[Listed]) -> bytes:
    """Return the page up to the first group: summary, what to look at first, list of groups."""
    title = f"Report: {summary.project}"
    notes = "".join(map(_note, summary.notes))
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_RULES)}">\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n"
        f'<header>\n<a class="skip" href="#groups">Skip to the sequences</a>\n'
        f"<h1>{escape(title)}</h1>\n<p>{escape(summary.about)}</p>\n{notes}{_SCALE}{_HOLD}</header>\n"
        f"<main>\n{_first(summary, first)}{_index(groups)}"
        '<section id="groups" tabindex="-1" aria-label="Sequences and expressions">\n'
    ).encode()


def group_section(number: int, group: GroupShown) -> bytes:
    """Return one group: a sequence, or the expressions of a pose.

    Args:
        number: Of the group on the page.
        group: What to show.
    """
    anchor = group_anchor(number)
    cards = "".join(_card(frame_anchor(number, place), group, frame) for place, frame in enumerate(group.frames))
    about = f'<p class="quiet">{escape(group.about)}</p>' if group.about else ""
    strip = f'<ol class="strip" aria-label="Frames of {escape(group.name)}">\n{cards}</ol>' if cards else ""
    return (
        f'<article class="group" id="{anchor}" aria-labelledby="{anchor}h">\n'
        f'<header><h2 id="{anchor}h">{escape(group.name)}</h2>{about}'
        f'<p class="quiet">Cost: {escape(group.cost)}</p></header>\n'
        f'{"".join(map(_note, group.notes))}<div class="body">{_player(group)}{strip}</div>\n</article>\n'
    ).encode()


def closing(version: str) -> bytes:
    """Return the end of the page."""
    return (
        f"</section>\n</main>\n<footer>Made by watercolor-rig {escape(version)}. This file needs no other; "
        "making it changed nothing in the project.</footer>\n</body>\n</html>\n"
    ).encode()


_SCALE = """<details><summary>How to read this page</summary>
<p>Heat maps show how far a frame is from the drawing named below it, over a dim picture of that drawing: black is
no difference. Colour outside of what should move, such as hair or clothes, is what you would see swim in motion.</p>
<div class="scale"><div class="ramp"></div><ol aria-label="Scale of the heat maps, in levels of 255">
<li>0</li><li>16</li><li>64</li><li>143</li><li>255 levels</li></ol></div>
<p>A score says how good a picture is, from 0 to 1: of what an image service drew, and of expressions beside neutral.
Other frames are measured by their pixels, and named here if a measure is over its threshold.</p></details>
"""

_HOLD = """<p class="hold"><input type="checkbox" id="hold"><label for="hold"><span class="wish-hold">Hold the previews
still</span><span class="wish-play">Play the previews</span></label></p>
"""


def _first(summary: Summary, first: Sequence[LookAt]) -> str:
    head = '<section aria-labelledby="first">\n<h2 id="first">What to look at first</h2>\n'
    if not first:
        nothing = "Nothing stands out: every frame can be shown, and no measure is over its threshold."
        return f"{head}<p>{nothing}</p></section>\n"
    more = summary.conspicuous - len(first)
    rest = f"<p>And {more} more, marked below.</p>" if more > 0 else ""
    return f'{head}<ol class="first">\n{"".join(map(_look_at, first))}</ol>{rest}</section>\n'


def _look_at(entry: LookAt) -> str:
    frame = entry.frame
    label = f"{entry.group}, {frame.name}"
    picture = _image(frame.picture, "picture", "") if frame.picture else ""
    link = f'<h3><a href="#{entry.anchor}">{escape(label)}</a></h3>'
    return f"<li>{picture}<div>{link}{_badge(frame)}{_faults(frame)}</div></li>\n"


def _index(groups: Iterable[Listed]) -> str:
    rows = [
        f'<li><a href="#{group.anchor}">{escape(group.name)}</a>'
        + (f' <span class="badge bad">{group.conspicuous} to look at</span>' if group.conspicuous else "")
        + "</li>\n"
        for group in groups
    ]
    return (
        f'<nav aria-label="Sequences and expressions"><details><summary>All of them ({len(rows)})</summary>'
        f'<ul class="index">\n{"".join(rows)}</ul></details></nav>\n'
    )


def _player(group: GroupShown) -> str:
    if group.preview is None:
        return ""
    still = next((frame.picture for frame in group.frames if frame.picture), None)
    says = f"{group.name}, playing forth and back"
    held = _image(still, "picture held", f"{group.name}, held still") if still else ""
    return (
        f'<figure class="player">{_image(group.preview, "picture moving", says)}{held}'
        "<figcaption>forth and back, 12 frames a second</figcaption></figure>"
    )


def _card(anchor: str, group: GroupShown, frame: FrameShown) -> str:
    mark = ' class="conspicuous"' if frame.is_conspicuous else ""
    says = f"{group.name}, {frame.name}"
    picture = _image(frame.picture, "picture", says) if frame.picture else ""
    made_by = f'<p class="quiet">{escape(frame.file)}{f", by {escape(frame.made_by)}" if frame.made_by else ""}</p>'
    return (
        f'<li id="{anchor}"{mark}><h3>{escape(frame.name)} {_badge(frame)}</h3>{picture}{made_by}{_faults(frame)}'
        f"{_heat(frame.change, says, 'differs from')}{_before(frame, says)}"
        f"{_measured(frame)}{_takes(frame, says)}</li>\n"
    )


def _badge(frame: FrameShown) -> str:
    if frame.broken:
        return '<span class="badge bad">broken</span>'
    if frame.score is not None:
        return f'<span class="badge {"good" if frame.is_good else "bad"}">score {frame.score:.2f}</span>'
    if frame.instead_of:
        return '<span class="badge bad">stands in</span>'
    return '<span class="badge bad">conspicuous</span>' if frame.faults else ""


def _faults(frame: FrameShown) -> str:
    said = [text for text in (frame.broken, frame.instead_of, *frame.faults) if text]
    rows = "".join(f"<li>{escape(text)}</li>" for text in said)
    return f'<ul class="faults">{rows}</ul>' if rows else ""


def _heat(change: Change | None, says: str, verb: str) -> str:
    if change is None:
        return ""
    told = f"{verb} {change.against} in {spell_share(change.share)} of the picture"
    image = _image(change.heat, "heat", f"{says}: where it {told}")
    return f"<figure>{image}<figcaption>{escape(told)}</figcaption></figure>"


def _before(frame: FrameShown, says: str) -> str:
    received = frame.received
    if received is None:
        return ""
    shares = ""
    if received.change and frame.change:
        shares = f": changed {spell_share(received.change.share)} before, {spell_share(frame.change.share)} after"
    sent = _image(received.picture, "picture", f"{says}, as the service sent it")
    return (
        f"<details open><summary>Before repair{shares}</summary>"
        f"<figure>{sent}<figcaption>as it was received</figcaption></figure>"
        f"{_heat(received.change, f'{says}, as received', 'differed from')}</details>"
    )


def _measured(frame: FrameShown) -> str:
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{value:.4g}</dd>" for name, value in frame.measured.items())
    return f"<details><summary>What was measured</summary><dl>{rows}</dl></details>" if rows else ""


def _takes(frame: FrameShown, says: str) -> str:
    if not frame.takes:
        return ""
    count = len(frame.takes) + frame.earlier_takes
    rows = "".join(_take(take, says) for take in frame.takes)
    more = f'<p class="quiet">and {frame.earlier_takes} before them</p>' if frame.earlier_takes else ""
    return f'<details><summary>{count} take{"s" * (count != 1)}</summary><ul class="takes">{rows}</ul>{more}</details>'


def _take(take: TakeShown, says: str) -> str:
    score = "" if take.score is None else f"score {take.score:.2f}"
    facts = [f"take {take.take}", "in place" * take.in_place, take.made_by, take.cost, score, take.made[:10]]
    told = "<br>".join(escape(fact) for fact in facts if fact)
    picture = (
        _image(take.picture, "picture", f"{says}, take {take.take}") if take.picture else "<em>its picture is lost</em>"
    )
    return f"<li>{picture}{told}</li>"


def spell_share(share: float) -> str:
    """Return a share as people write it: nothing is 0 % only if it is nothing."""
    if share == 0:
        return f"0{_THIN}%"
    return f"under 0.1{_THIN}%" if share < 0.001 else f"{share * 100:.1f}{_THIN}%"  # noqa: PLR2004 - what one digit cannot tell


def _note(text: str) -> str:
    return f'<p class="note">{escape(text)}</p>\n'


def _image(webp: bytes, kind: str, says: str) -> str:
    data = base64.b64encode(webp).decode()
    return (
        f'<img class="{kind}" loading="lazy" decoding="async" alt="{escape(says)}" src="data:image/webp;base64,{data}">'
    )
