"""Bundles are read back with Pillow, `jsonschema` and plain JSON: what a player puts together is the frame."""

import json
import re
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from export.bookshelf import clip, exported, face, frames_of, spec_of
from export.rigbook import RigBook, same_visible
from watercolor_rig.core.errors import UsageError
from watercolor_rig.export.api import Clip
from watercolor_rig.export.clips import clip_of
from watercolor_rig.export.frames import FrameSequence
from watercolor_rig.imaging.picture import Rgba

AH, EE = clip("neutral", "ah"), clip("neutral", "ee", (0, 2, 3), brow=90)
BACK = clip("ah", "neutral", (6, 4, 2, 1, 0))
BLINK = clip("neutral", "blink_closed", (0, 7))
CLIPS = [AH, EE, BACK, BLINK]


def clip_from(pictures: Sequence[Rgba], start: str = "neutral", end: str = "ah", pose: str = "center") -> Clip:
    times = [Fraction(at, len(pictures) - 1) for at in range(len(pictures))]
    spec = spec_of(start, end, pose)
    return clip_of(FrameSequence(spec.path, frames_of(pictures, times)), spec)


def turned(pictures: Sequence[Rgba], expression: str = "neutral", pose: str = "center", end_pose: str = "left") -> Clip:
    """Return a sequence from a pose to another one."""
    return replace(clip_from(pictures, expression, expression, pose), name=f"{pose}_to_{end_pose}", end_pose=end_pose)


def shows(book: RigBook, clips: Sequence[Clip]) -> bool:
    return [each["path"] for each in book.rig["clips"]] == [each.name for each in clips] and all(
        same_visible(shown, frame.read())
        for each in clips
        for shown, frame in zip(book.frames(each.name), each.frames, strict=True)
    )


@pytest.mark.parametrize("picture", ["png", "webp"])
@pytest.mark.parametrize("padding", ["0", "1", "5"])
def test_what_a_player_puts_together_is_the_frame_pixel_for_pixel(picture: str, padding: str) -> None:
    shelf = exported("web", CLIPS, picture=picture, padding=padding)

    assert list(shelf.files) == [f"sheet-0.{picture}", "rig.json", "watercolor-rig.js", "index.html"]
    assert shows(RigBook(shelf.files), CLIPS)
    assert (shelf.warnings, shelf.left_out) == ([], [])


SMALL = npst.arrays(np.uint8, (12, 19, 4), elements=st.sampled_from([0, 1, 128, 255]), fill=st.just(0))


@settings(deadline=None)
@given(st.lists(SMALL, min_size=2, max_size=5), st.sampled_from(["64", "4096"]), st.booleans())
def test_any_pictures_come_back_as_they_were(pictures: list[Rgba], most: str, has_poses: bool) -> None:  # noqa: FBT001
    clips = [clip_from(pictures), *([turned(pictures[::-1])] if has_poses else [])]

    shelf = exported("web", clips, max_size=most)

    assert shows(RigBook(shelf.files), clips)


def test_the_bundle_says_where_the_character_rests_and_how_it_goes() -> None:
    rig = RigBook(exported("web", CLIPS, fps=12).files).rig

    states = [{"expression": name, "pose": "center"} for name in ("neutral", "ah")]
    assert (rig["format"], rig["version"], rig["generator"]) == ("watercolor-rig", 1, "watercolor-rig 1.2.3")
    assert (rig["size"], rig["fps"], rig["blinks"], rig["start"]) == ([30, 40], 12, ["blink_closed"], states[0])
    assert rig["clips"][0]["times"] == [0, 0.25, 0.5, 0.75, 1]
    assert [rig["clips"][0][end] for end in ("start", "end")] == states


def test_equal_pictures_are_there_once_whatever_clips_they_belong_to() -> None:
    book = RigBook(exported("web", CLIPS).files)

    assert len(book.rig["pictures"]) == 8
    assert book.clip("neutral_to_ah__center")["pictures"] == book.clip("ah_to_neutral__center")["pictures"][::-1]


def test_a_picture_is_its_base_and_what_changed() -> None:
    whole, *others = RigBook(exported("web", [AH]).files).rig["pictures"]

    assert whole["base"] is None
    assert [(picture["base"], picture["patches"][0][3:]) for picture in others] == [
        (0, [8, 1, 11, 28]),
        (0, [8, 2, 11, 28]),
        (0, [8, 4, 11, 28]),
        (0, [8, 6, 11, 28]),
    ]


def test_the_clear_border_of_a_base_lies_on_no_sheet() -> None:
    large = np.zeros((300, 200, 4), np.uint8)
    large[40:140, 50:90] = 200

    book = RigBook(exported("web", [clip_from([large, large])]).files)

    assert book.rig["pictures"] == [{"base": None, "patches": [[0, 1, 1, 40, 100, 50, 40]]}]
    assert book.sheets[0].size == (42, 102)


def test_a_clear_picture_takes_nothing() -> None:
    nothing = np.zeros((40, 30, 4), np.uint8)

    book = RigBook(exported("web", [clip_from([nothing, nothing])]).files)

    assert (book.rig["pictures"], book.rig["sheets"]) == ([{"base": None, "patches": []}], [])
    assert not book.picture(0).any()


def test_equal_patches_lie_on_the_sheets_once() -> None:
    """The same mouth with and without a raised brow is one patch."""
    wide = [np.pad(face(mouth, brow=brow), ((60, 0), (0, 0), (0, 0)), "edge") for mouth, brow in ((0, 0), (6, 0))]
    both = wide[1].copy()
    both[:8, 5:15] = (1, 2, 3, 255)

    book = RigBook(exported("web", [clip_from([wide[0], wide[1], both])]).files)

    [_, mouth, mouth_and_brow] = book.rig["pictures"]
    assert [patch in mouth_and_brow["patches"] for patch in mouth["patches"]] == [True]


def test_a_picture_larger_than_a_sheet_is_cut_and_sheets_are_as_many_as_are_needed() -> None:
    noise = np.random.default_rng(5).integers(0, 255, (150, 100, 4), np.uint8) | np.uint8(1)
    clips = [clip_from([noise, 255 - noise, noise[::-1]])]

    book = RigBook(exported("web", clips, max_size="64", padding="2").files)

    assert shows(book, clips)
    assert len(book.sheets) > 8
    assert all(max(sheet.size) <= 64 for sheet in book.sheets)


def test_patches_keep_their_distance_and_the_rest_of_a_sheet_is_clear() -> None:
    book = RigBook(exported("web", CLIPS, padding="3").files)
    covered = np.zeros((book.sheets[0].height, book.sheets[0].width), int)

    for _, left, top, width, height in {tuple(p[:5]) for each in book.rig["pictures"] for p in each["patches"]}:
        assert min(left, top) >= 3
        assert not covered[top - 3 : top + height + 3, left - 3 : left + width + 3].any()
        covered[top : top + height, left : left + width] = 1
    assert not np.array(book.sheets[0])[covered == 0].any()


def test_each_pose_has_a_base_and_what_is_between_them_takes_the_nearer_one() -> None:
    left = face(0)[:, ::-1].copy()
    left[5:9] = (9, 9, 9, 255)
    nearly, hardly = face(0), left.copy()
    nearly[20, 15], hardly[20, 15] = 1, 2
    clips = [AH, EE, turned([face(0), nearly, hardly, left])]

    book = RigBook(exported("web", clips).files)

    numbers = book.clip("center_to_left")["pictures"]
    assert shows(book, clips)
    assert [book.rig["pictures"][number]["base"] for number in numbers] == [None, numbers[0], numbers[3], None]
    assert [book.clip("center_to_left")[end]["pose"] for end in ("start", "end")] == ["center", "left"]


def test_a_picture_that_has_nothing_of_its_base_is_whole() -> None:
    small = np.zeros((40, 30, 4), np.uint8)
    small[:4, :4] = 200

    book = RigBook(exported("web", [AH, replace(clip_from([face(0), small]), name="gone")]).files)

    assert book.rig["pictures"][-1] == {"base": None, "patches": [[0, *book.rig["pictures"][-1]["patches"][0][1:]]]}
    assert book.rig["pictures"][-1]["patches"][0][3:] == [4, 4, 0, 0]


def test_the_same_clips_give_the_same_bytes() -> None:
    assert exported("web", CLIPS).files == exported("web", CLIPS).files


@pytest.mark.parametrize(
    ("wish", "start"),
    [("auto", ("neutral", "center")), ("ee", ("ee", "center")), ("neutral__left", ("neutral", "left"))],
)
def test_the_first_state_is_the_one_asked_for_or_where_most_clips_meet(wish: str, start: tuple[str, str]) -> None:
    clips = [turned([face(0), face(1)]), *CLIPS]

    assert RigBook(exported("web", clips, start=wish).files).rig["start"] == dict(
        zip(("expression", "pose"), start, strict=True)
    )


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("neutrl", "did you mean 'neutral'?"),
        ("ah__centre", "did you mean 'ah__center'?"),
        ("旗", "there are: neutral__"),
    ],
)
def test_a_first_state_that_is_not_there_is_refused_with_what_there_is(wish: str, said: str) -> None:
    with pytest.raises(UsageError, match=rf"--option start: .*{wish!r}; {re.escape(said)}"):
        exported("web", CLIPS, start=wish)


def test_closed_eyes_are_those_that_the_rig_has_in_the_order_of_the_setting() -> None:
    assert RigBook(exported("web", CLIPS, closed_eyes="ee, sleepy, ah").files).rig["blinks"] == ["ee", "ah"]


def test_clips_that_cannot_be_played_are_left_out_by_name() -> None:
    unnamed = replace(AH, name="unnamed", start="", end="", pose="")
    short = replace(EE, name="short", frames=EE.frames[:2])

    shelf = exported("web", [unnamed, BACK, short])

    assert shows(RigBook(shelf.files), [BACK])
    assert shelf.left_out == [
        ("unnamed", "its manifest does not say which expressions and which pose it joins"),
        ("short", "its first or its last drawing is missing; complete the sequence"),
    ]


def test_a_rig_without_a_clip_that_can_be_played_is_refused_before_anything_is_written() -> None:
    with pytest.raises(UsageError, match="no sequence can be played on a page"):
        exported("web", [replace(AH, pose="")])


def test_two_sizes_are_refused_by_name() -> None:
    wide = replace(clip_from([face(0, (50, 40)), face(1, (50, 40))]), name="wide")

    with pytest.raises(UsageError, match=r"'neutral_to_ah__center' has 30x40 and 'wide' has 50x40 pixels; .* --only$"):
        exported("web", [AH, wide])
    with pytest.raises(UsageError, match=r"choose the sequences of one with --only '\*__center'$"):
        exported("web", [AH, replace(wide, pose="left")])


def test_a_sheet_that_is_padding_all_over_is_refused() -> None:
    with pytest.raises(UsageError, match="--option padding: 32 on both sides leaves nothing of 64 pixels"):
        exported("web", CLIPS, padding="32", max_size="64")


def test_what_no_way_leads_to_is_told_with_the_path_that_would_help() -> None:
    island = clip("sad", "cry", (3, 4))

    shelf = exported("web", [*CLIPS, island])

    [(subject, message)] = shelf.warnings
    assert subject == "rig.json"
    assert "out of reach: 'sad' at 'center', 'cry' at 'center'; make the base path" in message
    assert shows(RigBook(shelf.files), [*CLIPS, island])


def test_the_page_carries_the_rig_and_its_name_as_text() -> None:
    shelf = exported("web", [replace(AH, name="</script><b>")], title="<i>Ada & 旗")
    html = shelf.files["index.html"].decode()

    [inline] = re.findall(r'<script type="application/json" id="rig">(.*?)</script>', html, re.DOTALL)
    assert json.loads(inline) == json.loads(shelf.files["rig.json"])
    assert "<title>&lt;i&gt;Ada &amp; 旗</title>" in html
    assert "{{" not in html
    assert "http" not in html


def test_the_page_can_be_left_out() -> None:
    assert list(exported("web", CLIPS, page="no").files) == ["sheet-0.webp", "rig.json", "watercolor-rig.js"]


def test_a_long_rig_needs_no_more_memory_than_a_short_one() -> None:
    """Pictures are made when they are read, so whatever is held was kept by the export."""
    first, *_ = clip("neutral", "ah", (0, 1)).frames

    def peak(count: int) -> int:
        def read(mouth: int) -> Rgba:
            picture = np.zeros((500, 400, 4), np.uint8)
            picture[:40, :40] = (mouth % 250, mouth // 250, 9, 255)
            return picture

        clips = [
            replace(
                AH,
                name=f"{at}",
                size=(400, 500),
                frames=tuple(replace(first, t=Fraction(k), read=partial(read, (at + 1) * k)) for k in range(2)),
            )
            for at in range(count)
        ]
        tracemalloc.start()
        exported("web", clips, max_size="256", page="no")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(2)
    assert peak(60) - peak(4) < 400 * 500 * 4


def test_a_bundle_is_several_times_smaller_than_its_frames() -> None:
    tall = [np.pad(face(mouth), ((0, 600), (0, 500), (0, 0)), "wrap") for mouth in range(7)]

    book = RigBook(exported("web", [clip_from(tall)]).files)

    assert book.patched_pixels < 7 * tall[0].shape[0] * tall[0].shape[1] / 4
