"""Scores are silent on good frames, and speak of each way in which a frame can be bad."""

from fractions import Fraction as F

import numpy as np
import pytest

from support.figures import head
from support.project import Project
from watercolor_rig.app.studio.scores import Scores
from watercolor_rig.app.studio.scoring import score
from watercolor_rig.app.studio.studio import Studio
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.errors import PictureError
from watercolor_rig.imaging.picture import Rgba, decode, encode_png

TIMES = (F(0), F(1, 4), F(1, 2), F(3, 4), F(1))
SIZE = (192, 256)


def good() -> list[Rgba]:
    """Return five frames of an opening mouth."""
    return [head(SIZE, mouth_px=mouth) for mouth in (4, 10, 16, 22, 28)]


def scored(frames: list[Rgba]) -> list[Scores]:
    return score(list(zip(TIMES, frames, strict=True)))


def with_noise(pixels: Rgba) -> Rgba:
    noisy = pixels.copy()
    rng = np.random.default_rng(0)
    noisy[..., :3] = np.clip(noisy[..., :3].astype(int) + rng.integers(-80, 80, noisy[..., :3].shape), 0, 255)
    return noisy


def test_good_frames_have_no_faults_and_even_steps() -> None:
    scores = scored(good())

    assert [frame.faults for frame in scores] == [()] * 5
    assert [round(frame.progress, 2) for frame in scores] == [0, 0.25, 0.5, 0.75, 1]
    assert [frame.stray for frame in scores] == [0] * 5
    assert [frame.drift_px for frame in scores] == [0] * 5
    assert scores[0].step == 0
    assert scores[1].step == pytest.approx(scores[4].step, rel=0.05)


def test_a_spot_where_nothing_should_move_is_told() -> None:
    frames = good()
    frames[2][60:80, 90:110, :3] = (0, 200, 0)

    assert [bool(frame.faults) for frame in scored(frames)] == [False, False, True, False, False]
    assert "where nothing should move" in scored(frames)[2].faults[0]


def test_a_frame_that_has_slid_is_told_with_how_far() -> None:
    frames = good()
    frames[2] = np.roll(frames[2], 4, axis=1)

    faults = scored(frames)[2].faults

    assert any("has slid by" in fault or "where nothing should move" in fault for fault in faults)


def test_a_frame_of_another_place_in_the_movement_is_told() -> None:
    frames = good()
    frames[1], frames[3] = frames[3], frames[1]

    faults = [frame.faults for frame in scored(frames)]

    assert any("goes backwards" in fault for fault in faults[2] + faults[3])


@pytest.mark.parametrize("broken", [np.zeros_like, lambda pixels: np.full_like(pixels, 255), with_noise])
def test_a_frame_that_shows_something_else_is_told(broken: object) -> None:
    frames = good()
    assert callable(broken)
    frames[2] = broken(frames[2])

    faults = [frame.faults for frame in scored(frames)]

    assert faults[2]
    assert (faults[0], faults[4]) == ((), ())


def test_two_equal_ends_are_no_division_by_zero() -> None:
    frames = [head(SIZE)] * 5

    assert [frame.progress for frame in scored(frames)] == [0, 0.25, 0.5, 0.75, 1]


def test_the_studio_scores_a_sequence_once_and_again_when_a_frame_changes(project: Project) -> None:
    project.make(2, engine="local")
    studio = Studio(project.root, Toolbox())
    try:
        first = studio.scores("neutral_to_ah__center")
        kept = list((project.root / ".watercolor-rig/studio/cache").rglob("*.json"))
        again = studio.scores("neutral_to_ah__center")
        file = project.sequences / "neutral_to_ah__center/050.png"
        pixels = decode(file.read_bytes(), "it").copy()
        pixels[:8, :8] = (0, 255, 0, 255)
        file.write_bytes(encode_png(pixels))
        changed = studio.scores("neutral_to_ah__center")
    finally:
        studio.close()

    assert [float(frame.t) for frame in first] == [0, 0.25, 0.5, 0.75, 1]
    assert [frame.scores.faults for frame in first] == [()] * 5
    assert (len(kept), again) == (1, first)
    assert changed[2].scores.faults


def test_a_sequence_without_tweens_has_no_scores(project: Project) -> None:
    studio = Studio(project.root, Toolbox())
    try:
        assert studio.scores("neutral_to_ah__center") == []
    finally:
        studio.close()


def test_a_file_that_is_no_picture_is_left_out_or_told(project: Project) -> None:
    project.make(2)
    (project.sequences / "neutral_to_ah__center/050.png").write_bytes(b"no picture")
    studio = Studio(project.root, Toolbox())
    try:
        scores = studio.scores("neutral_to_ah__center")
    except PictureError:
        scores = []
    finally:
        studio.close()

    assert all(frame.t != F(1, 2) for frame in scores)
