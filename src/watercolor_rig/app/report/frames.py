"""What the report tells of one frame: picture, change, quality, what came from the service, takes."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from watercolor_rig.app.report.remembered import Remembered, maker_in_words, origin_of
from watercolor_rig.core.errors import PictureError, StoreError
from watercolor_rig.core.json import Json
from watercolor_rig.core.money import spell_dollars
from watercolor_rig.core.quality import Quality
from watercolor_rig.core.report import Change, FrameShown, ReceivedShown, TakeShown
from watercolor_rig.core.sheets import SHEET
from watercolor_rig.imaging.canvas import Fit
from watercolor_rig.imaging.heat import change_levels, changed_share, heat_map
from watercolor_rig.imaging.picture import Rgba, decode
from watercolor_rig.imaging.small import small_webp
from watercolor_rig.store.durable import read_file
from watercolor_rig.store.ledger_reading import Payment, Take

PICTURE_SIDE = 320
"""Of every picture on the page, in pixels; takes are smaller."""

_TAKE_SIDE = 120
_MOST_TAKES = 12


@dataclass(frozen=True, slots=True)
class Found:
    """A picture as it lies there.

    Attributes:
        path: Its file.
        data: The bytes.
        pixels: uint8, (height, width, 4), straight alpha.
    """

    path: Path
    data: bytes
    pixels: Rgba


def find_picture(path: Path) -> Found | str:
    """Return the picture in a file, or what is wrong with it, in words."""
    try:
        data = read_file(path)
        return Found(path, data, decode(data, path.name))
    except (StoreError, PictureError) as error:
        return str(error).removeprefix(f"{path.name}: ")


def fault_of_size(found: Found, other: Found) -> str:
    """Return what is wrong with a picture that is to be as large as another one; "" where it is."""
    if found.pixels.shape == other.pixels.shape:
        return ""
    return f"is {_size(found.pixels)}, {other.path.name} is {_size(other.pixels)}; make it again"


def tell_frame(
    name: str,
    found: Found,
    reference: Found | None,
    remembered: Remembered,
    entry: Mapping[str, Json] | None,
) -> FrameShown:
    """Return what there is to show of a frame.

    Args:
        name: What the report calls it.
        found: Its picture.
        reference: What it is compared with, of the same size; None for nothing.
        remembered: The project's memory.
        entry: What the manifest says of it; None for an expression, of which the takes speak.
    """
    takes = remembered.takes(found.path)
    digest = hashlib.sha256(found.data).hexdigest()
    current = next((take for take in takes if take.picture == digest), None)
    payments = remembered.payments(takes)
    said = entry if entry is not None else origin_of(current) if current else {}
    quality = Quality.from_json(said.get("quality"))
    return FrameShown(
        name,
        found.path.name,
        picture=small_webp(found.pixels, PICTURE_SIDE),
        made_by=maker_in_words(said.get("engine"), said.get("model")),
        change=_change(found.pixels, reference),
        score=quality.score if quality else None,
        is_good=quality is None or quality.is_good,
        faults=quality.faults if quality else (),
        measured=quality.parts if quality else {},
        instead_of=_instead_of(said.get("instead_of")),
        received=_received(found, reference, current, remembered),
        takes=tuple(_take(take, payments.get(take.id), current, remembered) for take in takes[:_MOST_TAKES]),
        earlier_takes=max(0, len(takes) - _MOST_TAKES),
    )


def _change(pixels: Rgba, reference: Found | None) -> Change | None:
    if reference is None:
        return None
    levels = change_levels(pixels, reference.pixels)
    heat = heat_map(levels, reference.pixels, PICTURE_SIDE)
    return Change(reference.path.name, changed_share(levels), small_webp(heat, PICTURE_SIDE))


def _received(
    found: Found, reference: Found | None, current: Take | None, remembered: Remembered
) -> ReceivedShown | None:
    """Return what the service sent, where the frame is that, repaired; None where nothing was done to it."""
    if current is None or current.received in (None, current.picture) or origin_of(current).get("strategy") == SHEET:
        return None  # what the service sent of a sheet is the frames of a whole sequence
    sent = _decoded(remembered.content(current.received))
    if sent is None:
        return None
    height, width = found.pixels.shape[:2]
    if sent.shape[:2] != (height, width):
        sent = Fit.plan((width, height), (sent.shape[1], sent.shape[0])).bring_back(sent)
    if not change_levels(sent, found.pixels).any():
        return None
    return ReceivedShown(small_webp(sent, PICTURE_SIDE), _change(sent, reference))


def _take(take: Take, payment: Payment | None, current: Take | None, remembered: Remembered) -> TakeShown:
    said = origin_of(take)
    quality = Quality.from_json(said.get("quality"))
    pixels = _decoded(remembered.content(take.picture))
    engine, model = (payment.engine, payment.model) if payment else (said.get("engine"), said.get("model"))
    return TakeShown(
        take=take.id,
        made=take.made,
        made_by=maker_in_words(engine, model),
        cost="" if payment is None or payment.cost_usd is None else spell_dollars(payment.cost_usd),
        score=quality.score if quality else None,
        in_place=current is not None and take.id == current.id,
        picture=None if pixels is None else small_webp(pixels, _TAKE_SIDE),
    )


def _instead_of(said: Json) -> str:
    """Return what a frame stands in for, in words."""
    if not isinstance(said, dict):
        return ""
    quality = Quality.from_json(said.get("quality"))
    why = f" (score {quality.score:.2f}{''.join(f'; {fault}' for fault in quality.faults)})" if quality else ""
    return f"no answer of {maker_in_words(said.get('engine'), said.get('model')) or 'the service'} was good enough{why}"


def _decoded(data: bytes | None) -> Rgba | None:
    try:
        return None if data is None else decode(data, "take")
    except PictureError:
        return None


def _size(pixels: Rgba) -> str:
    return f"{pixels.shape[1]}x{pixels.shape[0]}"
