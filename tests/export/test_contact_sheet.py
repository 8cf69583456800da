import io
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from export.picturebook import QUARTERS, frame_at, sequence_of
from watercolor_rig.core.errors import PictureError
from watercolor_rig.export.contact_sheet import MAX_PAGE_HEIGHT, contact_sheets, page_name
from watercolor_rig.export.frames import Frame, FrameSequence
from watercolor_rig.export.sheet_block import CELL, PAPER, changed_square, evenly_chosen, sequence_block, spell_time
from watercolor_rig.imaging.picture import decode, encode_png

EIGHTHS = tuple(Fraction(k, 8) for k in range(9))


def cell_centres(block: Image.Image, count: int) -> list[int]:
    """Return the redness at the middle of each frame's square, the overview left out."""
    pixels = np.array(block)
    step = CELL + 6
    return [int(pixels[24 + CELL // 2, (k + 1) * step + CELL // 2, 0]) for k in range(count)]


def words_drawn(monkeypatch: pytest.MonkeyPatch, sequence: FrameSequence) -> list[str]:
    """Return every text that a block writes."""
    texts: list[str] = []

    def noted(_self: object, _xy: object, text: str, *_args: object, **_kwargs: object) -> None:
        texts.append(text)

    monkeypatch.setattr(ImageDraw.ImageDraw, "text", noted)
    sequence_block(sequence)
    return texts


def test_frames_stand_in_order_of_time_not_of_the_list() -> None:
    block = sequence_block(sequence_of([QUARTERS[k] for k in (3, 0, 4, 2, 1)]))

    assert cell_centres(block, 5) == [20, 70, 120, 170, 220]


def test_a_block_says_which_sequence_it_shows_and_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    words = words_drawn(monkeypatch, sequence_of(QUARTERS, "neutral_to_ah__center"))

    assert words == [
        "neutral_to_ah__center  ·  5 frames  ·  60x40",
        "t = 0",
        "t = 0.25",
        "t = 0.5",
        "t = 0.75",
        "t = 1",
    ]


def test_a_very_long_sequence_is_shown_in_part_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    words = words_drawn(monkeypatch, sequence_of([Fraction(k, 64) for k in range(65)], "long"))

    assert words[0].startswith("long  ·  33 of 65 frames")
    assert len(words) == 1 + 33


def test_texts_leave_ink_on_the_paper() -> None:
    block = np.array(sequence_block(sequence_of(QUARTERS)))

    label, captions = block[:24], block[24 + CELL :]
    assert (label < 100).all(axis=2).sum() > 100
    assert (captions < 100).all(axis=2).sum() > 100


def test_every_character_of_a_label_has_a_glyph_in_the_built_in_font() -> None:
    font = ImageFont.load_default(14)
    missing = font.getmask("\uffff").getbbox()

    written = [font.getmask(letter).getbbox() for letter in "azAZ09_-.·=x"]
    assert missing not in written


def test_a_transparent_ground_shows_the_checker() -> None:
    block = np.array(sequence_block(sequence_of(QUARTERS)))

    overview = block[24 : 24 + CELL, :CELL].reshape(-1, 3)
    assert {(226, 226, 226), (208, 208, 208)} <= {tuple(colour) for colour in overview.tolist()}


def test_the_close_up_holds_all_that_changes_and_leaves_the_far_corner_out() -> None:
    first, last = (Image.fromarray(decode(frame_at(t).read(), "t")) for t in (Fraction(0), Fraction(1)))

    left, top, right, bottom = changed_square(first, last)

    assert left <= 20
    assert right >= 40
    assert top <= 10
    assert bottom >= 30
    assert left > 5
    assert right - left == bottom - top


def test_a_change_at_the_edge_is_shown_by_a_square_inside_the_picture() -> None:
    first = Image.new("RGBA", (100, 300), (9, 9, 9, 255))
    last = first.copy()
    last.paste((255, 255, 255, 255), (90, 280, 100, 300))

    left, top, right, bottom = changed_square(first, last)

    assert 0 <= left < right == 100
    assert 0 <= top < bottom == 300


def test_a_hidden_change_of_colour_is_no_change() -> None:
    first, last = Image.new("RGBA", (50, 50), (0, 0, 0, 0)), Image.new("RGBA", (50, 50), (255, 255, 255, 0))

    assert changed_square(first, last) == (0, 0, 50, 50)


def test_a_change_of_transparency_alone_is_a_change() -> None:
    first = Image.new("RGBA", (100, 100), (0, 0, 0, 255))
    last = first.copy()
    last.paste((0, 0, 0, 0), (40, 40, 60, 60))

    assert changed_square(first, last) == (37, 37, 63, 63)


def test_pictures_of_two_sizes_are_shown_whole() -> None:
    first, last = Image.new("RGBA", (50, 40)), Image.new("RGBA", (60, 40))

    assert changed_square(first, last) == (0, 0, 50, 40)


def test_24_sequences_of_9_frames_fit_on_one_page() -> None:
    pages = list(contact_sheets(sequence_of(EIGHTHS, f"path {k}") for k in range(24)))

    assert len(pages) == 1
    width, height = size_of(pages[0])
    assert width <= 1880
    assert height <= MAX_PAGE_HEIGHT


def test_105_sequences_take_several_pages_and_none_is_lost() -> None:
    still = sequence_of([Fraction(0), Fraction(1, 2), Fraction(1)], "still")
    tall = sequence_of(EIGHTHS, "tall")

    pages = list(contact_sheets([still, *[tall] * 104]))

    sizes = [size_of(page) for page in pages]
    assert len(pages) == 5
    assert all(width <= 1880 and height <= MAX_PAGE_HEIGHT for width, height in sizes)
    one_row = sequence_block(tall).height + 12
    assert sum((height - 2 * 16 + 12) // one_row for _, height in sizes) == 105


def test_short_sequences_stand_side_by_side() -> None:
    alone = size_of(next(contact_sheets([sequence_of(QUARTERS)])))
    pair = size_of(next(contact_sheets([sequence_of(QUARTERS)] * 2)))

    assert pair[1] == alone[1]
    assert pair[0] > 1.8 * alone[0]


def test_a_page_is_done_before_the_sequences_of_later_pages_are_read() -> None:
    asked: list[int] = []

    def sequences() -> Iterator[FrameSequence]:
        for number in range(60):
            asked.append(number)
            yield sequence_of(EIGHTHS, f"path {number}")

    next(contact_sheets(sequences()))

    assert len(asked) < 40


def test_pages_are_numbered_from_the_second_on() -> None:
    assert [page_name(k) for k in (1, 2, 3)] == ["contact-sheet.png", "contact-sheet-2.png", "contact-sheet-3.png"]


def test_the_same_frames_give_the_same_page() -> None:
    assert list(contact_sheets([sequence_of(QUARTERS)])) == list(contact_sheets([sequence_of(QUARTERS)]))


def test_a_sheet_of_nothing_is_refused() -> None:
    with pytest.raises(PictureError, match="no sequences"):
        list(contact_sheets([]))


def test_a_frame_of_another_size_is_still_shown() -> None:
    odd = FrameSequence("odd", [frame_at(Fraction(0)), frame_at(Fraction(1), 90, 90)])

    assert sequence_block(odd).width == 3 * (CELL + 6) - 6


def test_an_opaque_picture_hides_the_checker() -> None:
    png = encode_png(np.full((CELL, CELL, 4), 255, np.uint8))
    block = np.array(sequence_block(FrameSequence("white", [Frame(Fraction(k), lambda: png) for k in (0, 1)])))

    inside = block[24 + 1 : 24 + CELL - 1, 1 : CELL - 1]
    assert (inside == 255).all()


def test_evenly_chosen_frames_keep_both_ends() -> None:
    frames = [Frame(Fraction(k, 1000), bytes) for k in range(1001)]

    chosen = evenly_chosen(frames, 33)

    assert len(chosen) == 33
    assert chosen[0] is frames[0]
    assert chosen[-1] is frames[-1]


@pytest.mark.parametrize(("t", "words"), [(Fraction(0), "0"), (Fraction(1, 8), "0.125"), (Fraction(1, 3), "0.333")])
def test_a_time_is_spelled_as_short_as_it_can_be(t: Fraction, words: str) -> None:
    assert spell_time(t) == words


def test_the_paper_frames_the_page() -> None:
    page = decode(next(contact_sheets([sequence_of(QUARTERS)])), "page")

    assert (page[:16, :, :3] == PAPER).all()
    assert (page[:, :16, :3] == PAPER).all()


def size_of(page: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(page)) as picture:
        return picture.size
