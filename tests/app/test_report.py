"""One page on everything that was made: it needs no other file, and says what to look at first."""

import html
import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from support.figures import head
from support.project import Project, lying_in
from watercolor_rig.app.memory import Memory
from watercolor_rig.app.report.make import ReportOptions, make_report
from watercolor_rig.core.errors import NothingMatchedError
from watercolor_rig.core.events import Event, Warned
from watercolor_rig.core.project_events import Reported
from watercolor_rig.imaging.picture import decode, encode_png
from watercolor_rig.store.ledger import Take, utc_now

PATH = "neutral_to_ah__center"


class Page:
    """The page on a project, and what was said while it was made."""

    def __init__(self, project: Project, only: str | None = None) -> None:
        self.events: list[Event] = []
        self.file = project.root / "report/index.html"
        options = ReportOptions(project.sequences, project.endpoints, self.file.parent, only)
        self.status = make_report(options, self.events.append)
        self.text = self.file.read_text("utf-8")

    @property
    def sections(self) -> dict[str, str]:
        """Name of a group to its part of the page."""
        parts = re.findall(r'<article class="group".*?</article>', self.text, flags=re.DOTALL)
        return {html.unescape(re.findall(r"<h2[^>]*>([^<]*)", part)[0]): part for part in parts}

    @property
    def first(self) -> list[str]:
        """What to look at first, in order."""
        [section] = re.findall(r'<section aria-labelledby="first">.*?</section>', self.text, flags=re.DOTALL)
        return [html.unescape(name) for name in re.findall(r'<a href="#g\d+f\d+">([^<]*)', section)]

    @property
    def warnings(self) -> list[str]:
        return [f"{event.subject}: {event.message}" for event in self.events if isinstance(event, Warned)]


def badly_changed(project: Project, file: str) -> None:
    """Let a frame show something else all over."""
    path = project.sequences / PATH / file
    pixels = decode(path.read_bytes(), file)
    pixels[..., :3] = 255 - pixels[..., :3]
    path.write_bytes(encode_png(pixels))


def with_quality(project: Project, file: str, **keys: Any) -> None:
    """Write what a judge has said of a frame into its manifest."""
    manifest = project.manifest(PATH)
    [entry] = [entry for entry in manifest["frames"] if entry["file"] == file]
    entry.update(keys)
    (project.sequences / PATH / "manifest.json").write_text(json.dumps(manifest))


def poor(score: float, *faults: str) -> dict[str, Any]:
    return {"score": score, "good": False, "parts": {"drift_px": 4.5}, "faults": list(faults), "needs": []}


def test_the_page_shows_every_sequence_and_needs_no_other_file(pair: Project) -> None:
    pair.make(2, engine="crossfade")

    page = Page(pair)

    assert page.status == 0
    poses = [f"Expressions, pose {pose}" for pose in ("center", "left")]
    assert list(page.sections) == [*sorted(folder.name for folder in pair.sequences.iterdir()), *poses]
    assert set(re.findall(r'(?:src|href|srcset)="([^"#,]*)', page.text)) == {"", "data:image/webp;base64"}
    assert "<script" not in page.text
    assert page.events[-1] == Reported(
        sequences=6, frames=36, conspicuous=page.text.count('class="conspicuous"'), broken=0
    )


def test_a_sequence_has_a_loop_its_frames_and_where_they_differ_from_the_nearer_end(project: Project) -> None:
    project.make(2, engine="crossfade")

    section = Page(project).sections[PATH]

    assert section.count('class="picture moving"') == 1
    assert re.findall(r"<h3>(t = [\d.]+)", section) == [f"t = {t}" for t in ("0.00", "0.25", "0.50", "0.75", "1.00")]
    assert re.findall(r"<figcaption>differs from (\S+) in", section) == ["000.png", "000.png", "100.png", "000.png"]
    assert "neutral to ah, pose center. 5 frames: 3 by crossfade." in section


def test_the_worst_frame_stands_first_with_its_faults(project: Project) -> None:
    project.make(2, engine="crossfade")
    with_quality(project, "025.png", quality=poor(0.31, "the head has slid by 4.5 px"))
    with_quality(project, "050.png", quality=poor(0.12, "shows another face"))
    (project.sequences / PATH / "075.png").write_bytes(b"no picture")

    page = Page(project)

    assert page.first[:3] == [f"{PATH}, t = {t}" for t in ("0.75", "0.50", "0.25")]
    assert "score 0.12" in page.sections[PATH]
    assert "the head has slid by 4.5 px" in page.sections[PATH]
    assert "<dt>drift_px</dt><dd>4.5</dd>" in page.sections[PATH]


def test_where_no_judge_has_looked_the_pixels_speak(project: Project) -> None:
    project.make(2, engine="crossfade")
    badly_changed(project, "050.png")

    page = Page(project)

    assert page.first[0] == f"{PATH}, t = 0.50"
    assert "jumps: it is far from both of its neighbours" in page.sections[PATH]


def test_a_broken_frame_is_told_and_the_others_are_shown(project: Project) -> None:
    project.make(2, engine="crossfade")
    (project.sequences / PATH / "025.png").write_bytes(b"no picture")
    (project.sequences / PATH / "050.png").unlink()
    (project.sequences / PATH / "075.png").write_bytes(encode_png(head((10, 10))))

    page = Page(project)

    assert page.status == 1
    assert page.sections[PATH].count('<span class="badge bad">broken</span>') == 3
    assert 'class="picture moving"' in page.sections[PATH]
    assert any("is 10x10, 000.png is 24x32" in warning for warning in page.warnings)
    assert page.events[-1] == Reported(sequences=1, frames=7, conspicuous=3, broken=3)


@pytest.mark.parametrize("manifest", [b"", b"{", b'{"frames": []}'])
def test_a_sequence_without_frames_is_one_clear_sentence(project: Project, manifest: bytes) -> None:
    project.make(1, engine="crossfade")
    (project.sequences / PATH / "manifest.json").write_bytes(manifest)

    page = Page(project)

    assert page.status == 1
    assert [w for w in page.warnings if "lists no frames; make the sequence again" in w]
    assert "lists no frames" in page.sections[PATH]


def test_a_folder_without_a_manifest_is_named(project: Project) -> None:
    project.make(1, engine="crossfade")
    (project.sequences / PATH / "manifest.json").unlink()

    page = Page(project)

    assert "left out for want of a manifest.json: neutral_to_ah__center" in page.text


def test_names_are_text_whatever_stands_in_them(project: Project) -> None:
    project.make(1, engine="crossfade")
    odd = "<script>alert(1)</script>\"'&__center"
    folder = shutil.copytree(project.sequences / PATH, project.sequences / odd.replace("/", "\u2044"))
    with_quality(project, "050.png", engine="<b>me</b>", quality=poor(0.1, '"><img src=x onerror=alert(1)>'))

    page = Page(project)

    assert folder.name in page.sections
    assert "<script" not in page.text
    assert "<img src=x" not in page.text
    assert "&lt;b&gt;me&lt;/b&gt;" in page.text


def test_a_frame_that_stands_in_for_a_bad_answer_says_so(project: Project) -> None:
    project.make(1, engine="crossfade")
    answer = {"engine": "openai", "model": "gpt-image-1", "quality": poor(0.2, "drifts")}
    with_quality(project, "050.png", engine="local", instead_of=answer)

    page = Page(project)

    assert page.first == [f"{PATH}, t = 0.50"]
    assert "no answer of openai gpt-image-1 was good enough (score 0.20; drifts)" in page.sections[PATH]


def test_takes_and_cost_are_shown_and_a_lost_picture_is_said_to_be_lost(project: Project) -> None:
    project.make(1)
    project.make(1, overwrite=True)
    ledger = Memory(project.root).read_ledger()
    assert ledger is not None
    with ledger:
        takes = ledger.takes_of_file(f"frames/sequences/{PATH}/050.png")
    section = Page(project).sections[PATH]
    blob = Memory(project.root).blobs.path(takes[0].picture)
    blob.chmod(0o644)
    blob.write_bytes(b"damaged")

    assert "Cost: $0.08 in 2 calls" in section
    assert f"{len(takes)} take" in section
    assert "scripted<br>$0.04" in section
    assert "its picture is lost" in Page(project).sections[PATH]


def test_what_the_service_sent_is_shown_beside_what_repair_made_of_it(project: Project) -> None:
    project.make(1, engine="crossfade")
    file = project.sequences / PATH / "050.png"
    memory = Memory(project.root)
    sent = decode(file.read_bytes(), "it")
    sent[..., :3] = np.roll(sent[..., :3], 3, axis=1) // 2
    received = memory.blobs.put(encode_png(np.pad(sent, ((0, 0), (4, 4), (0, 0)))))
    picture = memory.blobs.put(file.read_bytes())
    with memory.open_ledger() as ledger:
        relative = memory.relative(file)
        ledger.add_take(Take(0, relative, None, picture, received, utc_now(), (24, 32), "{}"))

    section = Page(project).sections[PATH]

    [(before, after)] = re.findall(r"Before repair: changed ([\d.]+)\s%? before, ([\d.]+)\s%? after", section)
    assert float(before) > float(after)
    assert "as it was received" in section
    assert section.count("<figcaption>differed from 000.png") == 1


def test_an_expression_shows_what_the_judge_said_of_the_take_in_place(project: Project) -> None:
    file = project.endpoints / "ah__center.png"
    memory = Memory(project.root)
    picture = memory.blobs.put(file.read_bytes())
    origin = json.dumps({"engine": "openai", "method": "gpt-image-1", "quality": poor(0.25, "hair was redrawn")})
    with memory.open_ledger() as ledger:
        ledger.add_take(Take(0, memory.relative(file), None, picture, None, utc_now(), (24, 32), origin))

    page = Page(project)

    assert page.first == ["Expressions, pose center, ah"]
    assert "score 0.25" in page.sections["Expressions, pose center"]
    assert "hair was redrawn" in page.sections["Expressions, pose center"]
    assert any("there are no sequences yet" in warning for warning in page.warnings)


def test_a_damaged_ledger_costs_no_page(project: Project) -> None:
    project.make(1)
    (project.root / ".watercolor-rig/ledger.sqlite3").write_bytes(b"no database" * 99)

    page = Page(project)

    assert page.status == 0
    assert "Cost: cost unknown" in page.sections[PATH]
    assert "costs and takes are not shown" in page.text


def test_a_pattern_chooses_sequences_and_expressions(pair: Project) -> None:
    pair.make(1, engine="crossfade")

    assert list(Page(pair, "neutral_to_*__left, ah__left").sections) == [
        "neutral_to_ah__left",
        "Expressions, pose left",
    ]


def test_a_project_without_pictures_is_said_to_be_one(tmp_path: Path) -> None:
    project = Project(tmp_path)

    with pytest.raises(NothingMatchedError, match="Nothing to report: no sequences in"):
        Page(project)
    assert not (tmp_path / "report").exists()


def test_the_report_changes_nothing_in_the_project(project: Project) -> None:
    project.make(2)
    before = lying_in(project.root)

    Page(project)

    after = {name: facts for name, facts in lying_in(project.root).items() if not name.startswith("report/")}
    assert {name: after.get(name) for name in before if "ledger" not in name} == {
        name: facts for name, facts in before.items() if "ledger" not in name
    }
    assert sorted(file.name for file in (project.root / "report").iterdir()) == ["index.html"]


def test_an_earlier_page_stays_when_making_the_next_one_breaks(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.make(1, engine="crossfade")
    earlier = Page(project).file.read_bytes()

    def break_off(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("watercolor_rig.app.report.make.tell_pose", break_off)
    with pytest.raises(KeyboardInterrupt):
        Page(project)

    assert (project.root / "report/index.html").read_bytes() == earlier
    assert [file.name for file in (project.root / "report").iterdir()] == ["index.html"]
