"""Marks are kept, and a file of them that is damaged costs nothing but the marks."""

from fractions import Fraction as F
from pathlib import Path

import pytest

from watercolor_rig.app.studio.marks import Mark, Marks
from watercolor_rig.core.errors import StoreError

HALF, THIRD = F(1, 2), F(1, 3)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state/marks.json"


def test_a_frame_has_no_marks_at_first(file: Path) -> None:
    assert dict(Marks(file).of("a__b")) == {}
    assert not file.exists()


def test_marks_survive_and_keep_exact_times(file: Path) -> None:
    marks = Marks(file)
    marks.set("a__b", HALF, flagged=True, trusted=None)
    marks.set("a__b", THIRD, flagged=None, trusted=True)

    again = Marks(file)

    assert dict(again.of("a__b")) == {HALF: Mark(flagged=True), THIRD: Mark(trusted=True)}
    assert again.trusted("a__b") == {THIRD}


def test_what_is_left_out_stays(file: Path) -> None:
    marks = Marks(file)
    marks.set("a__b", HALF, flagged=True, trusted=True)

    assert marks.set("a__b", HALF, flagged=False, trusted=None) == Mark(flagged=False, trusted=True)


def test_a_frame_without_marks_is_forgotten(file: Path) -> None:
    marks = Marks(file)
    marks.set("a__b", HALF, flagged=True, trusted=None)
    marks.set("a__b", HALF, flagged=False, trusted=None)

    assert dict(Marks(file).of("a__b")) == {}


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"version": 2}', '{"version": 1, "sequences": {"a__b": [{"t": "x"}]}}', "[" * 100_000]
)
def test_a_damaged_file_counts_as_none(file: Path, content: str) -> None:
    file.parent.mkdir()
    file.write_text(content, encoding="utf-8")

    marks = Marks(file)

    assert dict(marks.of("a__b")) == {}
    assert marks.set("a__b", HALF, flagged=True, trusted=None) == Mark(flagged=True)


def test_where_the_disk_refuses_the_marks_are_as_before(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marks = Marks(file)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(StoreError, match="No space left"):
        marks.set("a__b", HALF, flagged=True, trusted=None)

    assert dict(marks.of("a__b")) == {}
