"""One sequence as a block of a contact sheet: its label, its whole first picture, and every frame close up.

Close up means the square around everything that changes between the two ends: on a full-length sprite the face would
otherwise be a few pixels high. A grey checker shows through where a picture is transparent.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache

from PIL import Image, ImageChops, ImageDraw, ImageFont

from watercolor_rig.export.frames import Frame, FrameSequence, fitted_size, open_frame, scaled
from watercolor_rig.imaging.picture import Size

CELL = 144
"""Side of one frame's square on the sheet, in pixels."""

PAPER = (248, 247, 244)
"""Colour of the sheet itself."""

_GAP = 6
_LABEL_HEIGHT = 24
_CAPTION_HEIGHT = 20
_FRAMES_A_LINE = 9
_MAX_FRAMES = 33

_INK = (40, 40, 44)
_CHECKER = ((226, 226, 226), (208, 208, 208))
_CHECKER_SIDE = 8
_FRAME_LINE = (170, 168, 164)

_LOUD = 8  # of 255: below it a difference is a service's noise, not a movement
_CONTEXT = 0.15  # of the changed area's longer side, kept around it on every side
_LEAST_SHARE = 0.2  # of the picture's shorter side: a small mouth is shown with some face around it
_MAX_ENLARGEMENT = 2.0


def sequence_block(sequence: FrameSequence) -> Image.Image:
    """Return one sequence's block: label, whole first picture, and the frames, as an RGB picture.

    Raises:
        PictureError: if a frame cannot be decoded, or there is none.
    """
    frames = sequence.in_order()
    shown = evenly_chosen(frames, _MAX_FRAMES)
    first = open_frame(frames[0])
    box = changed_square(first, open_frame(frames[-1]))
    lines = -(-len(shown) // _FRAMES_A_LINE)
    columns = 1 + min(len(shown), _FRAMES_A_LINE)
    line_height = CELL + _CAPTION_HEIGHT
    block = Image.new("RGB", (columns * (CELL + _GAP) - _GAP, _LABEL_HEIGHT + lines * line_height), PAPER)
    draw = ImageDraw.Draw(block)
    counted = f"{len(frames)} frames" if len(shown) == len(frames) else f"{len(shown)} of {len(frames)} frames"
    draw.text((0, 2), f"{sequence.label}  ·  {counted}  ·  {first.width}x{first.height}", _INK, _font(14))
    block.paste(_cell(first), (0, _LABEL_HEIGHT))
    for at, frame in enumerate(shown):
        line, column = divmod(at, _FRAMES_A_LINE)
        left, top = (column + 1) * (CELL + _GAP), _LABEL_HEIGHT + line * line_height
        block.paste(_cell(open_frame(frame).crop(box)), (left, top))
        draw.text((left + CELL // 2, top + CELL + 2), f"t = {spell_time(frame.t)}", _INK, _font(12), anchor="ma")
    return block


def evenly_chosen(frames: Sequence[Frame], most: int) -> list[Frame]:
    """Return at most `most` frames, evenly spread by index, both ends always among them."""
    if len(frames) <= most:
        return list(frames)
    return [frames[round(at * (len(frames) - 1) / (most - 1))] for at in range(most)]


def changed_square(first: Image.Image, last: Image.Image) -> tuple[int, int, int, int]:
    """Return the square (left, top, right, bottom) that holds all that visibly differs, with some of its surroundings.

    It is moved inside the picture where it would stick out, and clipped to it where the picture is narrower. Pictures
    without a difference, or of two sizes, give the whole picture.
    """
    whole = (0, 0, first.width, first.height)
    if first.size != last.size:
        return whole
    difference = ImageChops.difference(first.convert("RGBa"), last.convert("RGBa"))
    bands = [band.point(lambda value: 255 * (value > _LOUD)) for band in difference.split()]
    changed = Image.merge("RGBA", bands).getbbox(alpha_only=False)
    if changed is None:
        return whole
    left, top, right, bottom = changed
    longer = max(right - left, bottom - top)
    side = round(max(longer * (1 + 2 * _CONTEXT), min(first.size) * _LEAST_SHARE))
    left, right = _centred((left + right) // 2, side, first.width)
    top, bottom = _centred((top + bottom) // 2, side, first.height)
    return left, top, right, bottom


def spell_time(t: Fraction) -> str:
    """Return a time as captions show it: `0`, `0.25`, `0.333`."""
    return f"{float(t):.3f}".rstrip("0").rstrip(".")


def _centred(middle: int, side: int, limit: int) -> tuple[int, int]:
    side = min(side, limit)
    low = min(max(0, middle - side // 2), limit - side)
    return low, low + side


def _cell(picture: Image.Image) -> Image.Image:
    """Return a picture on a checker ground, fitted into a cell and centred."""
    enlarged = max(1.0, min(_MAX_ENLARGEMENT, CELL / max(picture.size)))
    size = fitted_size((round(picture.width * enlarged), round(picture.height * enlarged)), CELL)
    cell = _checker((CELL, CELL))
    fitted = scaled(picture, size)
    cell.paste(fitted, ((CELL - size[0]) // 2, (CELL - size[1]) // 2), fitted)
    ImageDraw.Draw(cell).rectangle((0, 0, CELL - 1, CELL - 1), outline=_FRAME_LINE)
    return cell


def _checker(size: Size) -> Image.Image:
    light, dark = _CHECKER
    ground = Image.new("RGB", size, light)
    draw = ImageDraw.Draw(ground)
    for top in range(0, size[1], _CHECKER_SIDE):
        for left in range(top // _CHECKER_SIDE % 2 * _CHECKER_SIDE, size[0], 2 * _CHECKER_SIDE):
            draw.rectangle((left, top, left + _CHECKER_SIDE - 1, top + _CHECKER_SIDE - 1), dark)
    return ground


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
