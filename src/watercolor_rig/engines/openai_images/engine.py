"""Tweens and expressions by an image model: fit, ask, check, bring back.

One call is one attempt at one picture. Opaque pictures come back opaque; transparent ones are sent on a flat ground and
come back with the alpha of their neighbours. Registration of the answer to the original is not done here.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import cv2
import numpy as np

from watercolor_rig.core.errors import PictureError, TransientError
from watercolor_rig.core.sheets import Grid
from watercolor_rig.engines.api import ExpressionRequest, MadePicture, SheetRequest, TweenRequest, Usage
from watercolor_rig.engines.openai_images.answers import Answer, read_answer, usage_in
from watercolor_rig.engines.openai_images.models import Model
from watercolor_rig.engines.openai_images.prices import price, reported_tokens
from watercolor_rig.engines.openai_images.service import File, ImagesService, RawAnswer
from watercolor_rig.imaging import ground, picture
from watercolor_rig.imaging.canvas import Colours, Fit, Rgb, border_colour
from watercolor_rig.imaging.checked import CheckedPicture, check
from watercolor_rig.imaging.picture import Rgba, Size


@dataclass(frozen=True, slots=True)
class Asking:
    """What stays the same for every call of one engine.

    Attributes:
        model: The model asked.
        quality: As sent, where the model takes it.
        canvas: (width, height) asked for.
    """

    model: Model
    quality: str
    canvas: Size

    def parameters(self, prompt: str) -> dict[str, Any]:
        """Return everything of the call but the pictures; an unknown model gets the smallest set."""
        minimal = {"model": self.model.name, "prompt": prompt, "size": f"{self.canvas[0]}x{self.canvas[1]}", "n": 1}
        if not self.model.known:
            return minimal
        return {**minimal, "quality": self.quality, "background": "opaque", "output_format": "png"}


class ImagesEngine:
    """Makes in-betweens and expressions; safe to use from many threads.

    Args:
        service: Owned by this engine, closed with it.
        asking: Model, quality and canvas.
    """

    def __init__(self, service: ImagesService, asking: Asking) -> None:
        self._service = service
        self._asking = asking

    def tween(self, request: TweenRequest) -> MadePicture:
        """Return the picture at `request.t`, in the size of the two given.

        Raises:
            EngineError: the class tells what to do next.
            PictureError: if a picture given does not decode, or the two differ in size.
        """
        roles = _roles(request)
        work = _Work(self._asking, roles["start"], roles["end"], request.position)
        answer, usage = self._ask(request, work, roles)
        return self._made(answer, usage, work, request.start)

    def sheet(self, request: SheetRequest) -> MadePicture:
        """Return one picture with all in-betweens of a sequence, cut into them.

        What goes out has the size of a panel, so that a panel shows the whole picture as it was sent.

        Raises:
            EngineError: the class tells what to do next.
            PictureError: if a picture given does not decode, or the two differ in size.
        """
        grid = Grid.of(len(request.panels))
        roles = _roles(request.panels[0])
        on_panel = replace(self._asking, canvas=grid.panel(self._asking.canvas))
        works = [_Work(on_panel, roles["start"], roles["end"], panel.position) for panel in request.panels]
        answer, usage = self._ask(request, works[0], roles)
        notes = _sheet_notes(grid, self._asking, roles["start"].size)
        plain = Usage(usage.model)
        panels = []
        for at, work in enumerate(works):
            png = work.encoded(_cut(answer.picture.pixels, grid, at), request.start)
            panels.append(MadePicture(png, usage.model, answer.received, plain, notes))
        return MadePicture(answer.received, usage.model, answer.received, usage, panels=tuple(panels))

    def express(self, request: ExpressionRequest) -> MadePicture:
        """Return the edited picture in the size of `request.base`.

        Raises:
            EngineError: the class tells what to do next.
            PictureError: if the portrait does not decode.
        """
        base = check(request.base, f"{request.name}, base")
        work = _Work(self._asking, base, base, Fraction(0))
        answer, usage = self._ask(request, work, {"base": base})
        return self._made(answer, usage, work, request.base)

    def close(self) -> None:
        """Give up the calls under way and let go of the connections."""
        self._service.close()

    def _ask(
        self, request: TweenRequest | SheetRequest | ExpressionRequest, work: "_Work", roles: dict[str, CheckedPicture]
    ) -> tuple[Answer, Usage]:
        files: list[File] = [(f"{role}.png", work.sent(given), "image/png") for role, given in roles.items()]
        parameters = self._asking.parameters("\n".join(filter(None, (request.prompt, work.remark))))
        raw = self._service.edit(request.name, files, parameters, request.deadline_s)
        try:
            answer = read_answer(raw.body, raw.request_id, request.name, self._asking.canvas)
        except TransientError as error:
            tokens = reported_tokens(usage_in(raw.body))
            error.cost_usd = price(self._asking.model, tokens) if tokens else None
            raise
        return answer, self._usage(answer, raw)

    def _usage(self, answer: Answer, raw: RawAnswer) -> Usage:
        model = self._asking.model
        tokens = reported_tokens(answer.usage)
        return Usage(
            model=model.name,
            cost_usd=price(model, tokens) if tokens else None,
            input_tokens=tokens.text_in + tokens.image_in if tokens else None,
            output_tokens=tokens.out if tokens else None,
            request_id=answer.request_id,
            limit_per_minute=raw.limit_per_minute,
        )

    def _made(self, answer: Answer, usage: Usage, work: "_Work", original: bytes) -> MadePicture:
        is_done = work.is_done(answer.picture, original)
        png = answer.received if is_done else work.encoded(answer.picture.pixels, original)
        return MadePicture(png, usage.model, answer.received, usage, work.notes)


class _Work:
    """The way of one frame's pictures to the canvas and back.

    Args:
        asking: For canvas and model.
        start: The first neighbour, or the base of an expression; decides the size.
        end: The second neighbour, or the base again.
        position: Share of the way from `start` to `end`.
    """

    def __init__(self, asking: Asking, start: CheckedPicture, end: CheckedPicture, position: Fraction) -> None:
        self._asking = asking
        self._fit = Fit.plan(start.size, asking.canvas)
        self._cut_out = not (start.is_opaque and end.is_opaque)
        self._ends = start, end, position

    @cached_property
    def _flat(self) -> Rgb:
        start, end, _ = self._ends
        return (
            ground.choose_ground([start.pixels, end.pixels]) if self._cut_out else border_colour(start.pixels[..., :3])
        )

    @property
    def remark(self) -> str:
        """A last line of the prompt on the empty part of the canvas, or nothing."""
        if not (self._cut_out or self._fit.is_padded):
            return ""
        red, green, blue = self._flat
        return (
            f"Canvas: the flat colour #{red:02X}{green:02X}{blue:02X} around the picture is empty space; "
            "keep it flat and exactly that colour, and draw nothing in it."
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know: that the picture had to be scaled down."""
        if not self._fit.is_scaled:
            return ()
        (width, height), (wide, high) = self._fit.picture, self._fit.canvas
        note = f"{width}x{height} was scaled down to {self._fit.scale:.0%} to fit the canvas {wide}x{high}"
        larger = self._asking.model.smallest_canvas(self._fit.picture)
        return (f"{note}; --size {larger[0]}x{larger[1]} keeps its resolution" if larger else note,)

    def sent(self, given: CheckedPicture) -> bytes:
        """Return the PNG that goes out, opaque and of the canvas's size: the file itself where it is that."""
        fit = Fit.plan(given.size, self._asking.canvas)
        if given.is_plain and not (fit.is_padded or fit.is_scaled):
            return given.data
        placed = fit.place(ground.flatten(given.pixels, self._flat), self._flat)
        return picture.encode_png(_solid(placed))

    def is_done(self, received: CheckedPicture, original: bytes) -> bool:
        """Return whether the service's file can be the frame as it is, with the marks of provenance in it."""
        as_asked = not (self._cut_out or self._fit.is_padded or self._fit.is_scaled)
        return as_asked and received.is_plain and picture.read_icc_profile(original, "the original") is None

    def encoded(self, answer: Rgba, original: bytes) -> bytes:
        """Return the answer as the PNG of a frame, with the colour profile of the original."""
        profile = picture.read_icc_profile(original, "the original")
        return picture.encode_png(self.brought_back(answer), icc_profile=profile)

    def brought_back(self, answer: Rgba) -> Rgba:
        """Return the answer in the size of the original, with the transparency of the neighbours."""
        colours = self._fit.bring_back(ground.flatten(answer, self._flat))
        if not self._cut_out:
            return _solid(colours)
        first, last, position = self._ends
        start, end = first.pixels, last.pixels
        reference = start if last is first else ground.between(start, end, position)
        unsure = np.asarray(cv2.absdiff(start[..., 3], end[..., 3]), np.uint8)
        return ground.restore(colours, self._flat, reference, unsure)


def _roles(request: TweenRequest) -> dict[str, CheckedPicture]:
    """Return the pictures of a request by role, in the order in which they are sent."""
    start = check(request.start, f"{request.name}, start")
    end = check(request.end, f"{request.name}, end")
    if start.size != end.size:
        raise PictureError(f"{request.name}: start is {_words(start)}, end {_words(end)}; make them the same size")
    roles = {"start": start, "end": end}
    if request.anchor is not None:
        roles["anchor"] = check(request.anchor, f"{request.name}, anchor")
    return roles


def _cut(sheet: Rgba, grid: Grid, at: int) -> Rgba:
    """Return panel number `at` of a sheet."""
    width, height = grid.panel((sheet.shape[1], sheet.shape[0]))
    column, row = grid.place(at)
    return np.ascontiguousarray(sheet[row * height : (row + 1) * height, column * width : (column + 1) * width])


def _sheet_notes(grid: Grid, asking: Asking, picture_size: Size) -> tuple[str, ...]:
    """Say where the panels are smaller than the picture, and what canvas would hold them whole, if any would."""
    panel = grid.panel(asking.canvas)
    fit = Fit.plan(picture_size, panel)
    if not fit.is_scaled:
        return ()
    note = f"drawn at {fit.scale:.0%} of its size in panels of {panel[0]}x{panel[1]}"
    larger = asking.model.smallest_canvas(grid.canvas(picture_size))
    return (f"{note}; --size {larger[0]}x{larger[1]} keeps its resolution" if larger else note,)


def _solid(colours: Colours) -> Rgba:
    return np.dstack([colours, np.full(colours.shape[:2], 255, np.uint8)])


def _words(picture_given: CheckedPicture) -> str:
    return f"{picture_given.size[0]}x{picture_given.size[1]}"
