"""Runs that ask for all tweens of a sequence in one picture: one call, one price, frames as still as single ones."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from PIL import Image, ImageChops

from support import images_replies
from support.images_api import ImagesApi, attempts
from support.images_replies import encoded
from support.images_wire import Upload
from support.running_studio import adventurer
from watercolor_rig.app.budget import Budget
from watercolor_rig.app.journal import EARLIER_ANSWER, open_ledger
from watercolor_rig.app.memory import Memory
from watercolor_rig.app.quality_tries import QualityOptions
from watercolor_rig.app.report.make import ReportOptions, make_report
from watercolor_rig.app.sequences import SequenceOptions, make_sequences
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.errors import StoreError, UsageError
from watercolor_rig.core.events import (
    Event,
    FrameFailed,
    FrameMade,
    FramePlanned,
    FrameRetried,
    RunEnded,
    Warned,
    WorkPlanned,
)
from watercolor_rig.core.times import times_of_depth
from watercolor_rig.engines.api import EngineSettings
from watercolor_rig.imaging.canvas import Fit
from watercolor_rig.imaging.picture import decode
from watercolor_rig.store.sequence_folder import SequenceFolder

PATH = "neutral_to_speaking_ah__center"
BACK = "speaking_ee_to_speaking_ah__center"
FILES = ("025.png", "050.png", "075.png")
CANVAS = (1024, 1024)
PANEL = (512, 512)

Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


@pytest.fixture(scope="module")
def drawn_by_hand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with the frames of the local engine: what a perfect model would draw."""
    return adventurer(tmp_path_factory.mktemp("drawn") / "rig", with_frames=True)


@dataclass
class Model:
    """Draws sheets from frames that are there.

    Attributes:
        frames: The panels, row by row.
        spoilt: Panels that show something else.
        slide_px: How far each panel slides more than the one before, and all of them up.
    """

    frames: list[Path]
    spoilt: set[int] = field(default_factory=set)
    slide_px: int = 0

    def __call__(self, uploads: list[Upload], size: tuple[int, int]) -> bytes:
        with Image.open(io.BytesIO(uploads[0].data)) as image:
            flat = image.convert("RGB").getpixel((0, 0))
        assert isinstance(flat, tuple)
        sheet = Image.new("RGB", size, flat)
        for at, file in enumerate(self.frames):
            column, row = at % 2, at // 2
            sheet.paste(self._panel(file, flat, at), (column * PANEL[0], row * PANEL[1]))
        return encoded(sheet)

    def _panel(self, file: Path, flat: tuple[int, ...], at: int) -> Image.Image:
        if at in self.spoilt:
            return Image.fromarray(np.random.default_rng().integers(0, 255, (*PANEL[::-1], 3), np.uint8))
        panel = Image.new("RGB", PANEL, flat)
        with Image.open(file) as image:
            frame = image.convert("RGBA")
        fit = Fit.plan(frame.size, PANEL)
        panel.paste(frame, (fit.left, fit.top), frame)
        return ImageChops.offset(panel, self.slide_px * (at + 1), -self.slide_px)


@dataclass
class Rig:
    """A project, the service, and the model behind it."""

    root: Path
    api: ImagesApi
    model: Model
    heard: list[Event] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.root / "frames/sequences" / PATH

    def run(self, *, path: str = PATH, engine: str = "openai", dry_run: bool = False, **options: object) -> int:
        self.heard = []
        asked = SequenceOptions(
            self.root / "expressions.json",
            self.root / "frames/endpoints",
            self.root / "frames/sequences",
            times_of_depth(2),
            only=path,
            engine=engine,
            settings=EngineSettings(size=CANVAS),
            strategy="sheet",
            dry_run=dry_run,
            verbose=True,
            **options,  # type: ignore[arg-type]
        )
        return make_sequences(asked, self.heard.append, Toolbox())

    def entry(self, file: str) -> dict[str, object]:
        frames = json.loads((self.folder / "manifest.json").read_text("utf-8"))["frames"]
        return next(frame for frame in frames if frame["file"] == file)

    def pixels(self, file: str) -> Pixels:
        return decode((self.folder / file).read_bytes(), file)


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawn_by_hand: Path) -> Iterator[Rig]:
    model = Model([drawn_by_hand / "frames/sequences" / PATH / file for file in FILES])
    with ImagesApi() as service:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
        monkeypatch.setenv("OPENAI_BASE_URL", service.base_url)
        monkeypatch.setattr(images_replies, "drawn", model)
        yield Rig(adventurer(tmp_path / "rig", with_frames=False), service, model)


E = TypeVar("E", bound=Event)


def of(heard: list[Event], kind: type[E]) -> list[E]:
    return [event for event in heard if isinstance(event, kind)]


def test_one_call_makes_all_tweens_of_a_sequence(rig: Rig) -> None:
    status = rig.run()

    assert (status, len(rig.api.calls)) == (0, 1)
    assert [rig.entry(file)["strategy"] for file in FILES] == ["sheet"] * 3
    assert [rig.entry(file)["engine"] for file in FILES] == ["openai"] * 3
    for file in FILES:
        made_from = rig.entry(file)["made_from"]
        assert isinstance(made_from, list)
        assert [source["t"] for source in made_from] == [0.0, 1.0]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("slide_px", [0, 3])
def test_its_panels_are_the_frames_and_nothing_moves_that_should_stand_still(
    rig: Rig, slide_px: int, file: str
) -> None:
    rig.model.slide_px = slide_px
    rig.run()

    start, made, end = (rig.pixels(name) for name in ("000.png", file, "100.png"))
    drawn = decode((rig.model.frames[FILES.index(file)]).read_bytes(), file)
    same = (start == end).all(axis=2)
    assert (made == start)[same].all(axis=1).mean() > 0.99
    assert np.abs(made.astype(int) - drawn).mean() < 0.2


def test_the_call_costs_once_and_keeps_the_sheet_as_it_came_with_every_panel(rig: Rig) -> None:
    rig.run()

    with open_ledger(rig.root) as ledger:
        takes, (spent,) = ledger.every_take(), ledger.spending("sequence")
    assert (spent.label, spent.calls, spent.answered) == (PATH, 1, 1)
    assert [made.cost_usd for made in of(rig.heard, FrameMade)] == [spent.cost_usd, None, None]
    assert [ended.cost_usd for ended in of(rig.heard, RunEnded)] == [spent.cost_usd]
    assert [Path(take.file).name for take in takes] == list(FILES)
    (received,) = {take.received for take in takes}
    assert received is not None
    sheet = Memory(rig.root).blobs.get(received)
    assert decode(sheet, "sheet").shape == (CANVAS[1], CANVAS[0], 4)


def test_it_is_told_what_each_panel_shows(rig: Rig) -> None:
    rig.run()

    prompt = rig.api.calls[0].seen.prompt
    assert "row 1, column 1: 1/4 of the way from Image 1 to Image 2" in prompt
    assert "row 2, column 2: Image 2, unchanged" in prompt
    assert {upload.size for upload in rig.api.calls[0].uploads} == {PANEL}


@pytest.mark.parametrize("lost", [FILES, FILES[1:2]])
def test_a_run_that_resumes_pays_nothing(rig: Rig, lost: tuple[str, ...]) -> None:
    rig.run()
    before = {file: (rig.folder / file).read_bytes() for file in FILES}
    for file in lost:
        (rig.folder / file).unlink()

    status = rig.run()

    assert (status, len(rig.api.calls)) == (0, 1)
    assert {file: (rig.folder / file).read_bytes() for file in FILES} == before
    assert {made.shared_from for made in of(rig.heard, FrameMade)} == {EARLIER_ANSWER}


def test_a_run_that_is_killed_before_its_frames_are_written_pays_nothing_again(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(SequenceFolder, "add", lambda *_: (_ for _ in ()).throw(SystemExit(9)))
        with pytest.raises(SystemExit):
            rig.run()

    assert (rig.run(), len(rig.api.calls)) == (0, 1)
    assert all((rig.folder / file).is_file() for file in FILES)


def test_a_disk_that_refuses_the_second_frame_fails_what_is_not_there_and_pays_nothing_again(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = SequenceFolder.add

    def refuse_the_second(self: SequenceFolder, entry: object, data: bytes, facts: object) -> None:
        if entry.file == FILES[1]:  # type: ignore[attr-defined]
            raise StoreError("No space left on device")
        add(self, entry, data, facts)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(SequenceFolder, "add", refuse_the_second)
        status = rig.run()

    assert status == 1
    assert [made.file for made in of(rig.heard, FrameMade)] == [FILES[0]]
    assert [failed.t for failed in of(rig.heard, FrameFailed)] == [0.5, 0.75]
    assert (rig.run(), len(rig.api.calls)) == (0, 1)


def test_a_panel_that_is_no_good_is_drawn_by_us_and_the_sheet_is_not_asked_for_again(rig: Rig) -> None:
    rig.model.spoilt = {1}

    status = rig.run(quality=QualityOptions(retries=3))

    assert (status, len(rig.api.calls)) == (0, 1)
    assert not of(rig.heard, FrameRetried)
    assert any("drawn by the local engine" in warned.message for warned in of(rig.heard, Warned))
    half = rig.entry("050.png")
    assert (half["engine"], "strategy" in half) == ("local", False)
    assert isinstance(half["instead_of"], dict)
    assert (half["instead_of"]["engine"], half["instead_of"]["strategy"]) == ("openai", "sheet")
    assert [rig.entry(file)["engine"] for file in ("025.png", "075.png")] == ["openai"] * 2


def test_without_falling_back_the_panel_stays(rig: Rig) -> None:
    rig.model.spoilt = {1}

    rig.run(quality=QualityOptions(fall_back=False))

    assert rig.entry("050.png")["engine"] == "openai"


def test_a_dry_run_says_one_call_and_its_price_and_its_prompt(rig: Rig) -> None:
    rig.run(dry_run=True)
    (planned,) = of(rig.heard, WorkPlanned)
    prompts = [frame.prompt for frame in of(rig.heard, FramePlanned)]

    assert (planned.calls, planned.frames, planned.cost_usd) == (1, 3, planned.cost_at_most_usd)
    assert len(rig.api.calls) == 0
    rig.run()
    assert prompts == [rig.api.calls[0].fields["prompt"].split("\nCanvas: ", maxsplit=1)[0], "", ""]


def test_a_reversed_path_shares_the_panels(rig: Rig, drawn_by_hand: Path) -> None:
    there = "speaking_ah_to_speaking_ee__center"
    rig.model.frames = [drawn_by_hand / "frames/sequences" / there / file for file in FILES]

    status = rig.run(path="speaking_*")

    sequences = rig.root / "frames/sequences"
    assert (status, len(rig.api.calls)) == (0, 1)
    assert [(sequences / there / file).read_bytes() for file in FILES] == [
        (sequences / BACK / file).read_bytes() for file in reversed(FILES)
    ]


def test_a_call_that_fails_on_the_way_is_made_again(rig: Rig) -> None:
    rig.api.faults = attempts(["error_500"])

    assert (rig.run(), len(rig.api.calls)) == (0, 2)
    assert rig.api.unjustified() == []


def test_a_refusal_fails_every_frame_of_the_sheet(rig: Rig) -> None:
    rig.api.faults = attempts(["moderation"] * 9)

    status = rig.run()

    assert status == 1
    assert [failed.t for failed in of(rig.heard, FrameFailed)] == [0.25, 0.5, 0.75]


def test_a_limit_of_calls_counts_sheets(rig: Rig) -> None:
    assert rig.run(budget=Budget(max_calls=1)) == 0


def test_the_report_shows_no_sheet_as_a_frame_before_its_repair(rig: Rig, tmp_path: Path) -> None:
    rig.run()

    options = ReportOptions(rig.root / "frames/sequences", rig.root / "frames/endpoints", tmp_path / "out", PATH)
    make_report(options, lambda _event: None)

    page = (tmp_path / "out/index.html").read_text("utf-8")
    assert "075.png" in page
    assert "as it was received" not in page


@pytest.mark.parametrize("engine", ["local", "crossfade", "scripted"])
def test_an_engine_that_makes_no_sheets_is_refused_before_anything_happens(rig: Rig, engine: str) -> None:
    with pytest.raises(UsageError, match=f"--strategy sheet .*'{engine}' .*use --strategy single"):
        rig.run(engine=engine)
