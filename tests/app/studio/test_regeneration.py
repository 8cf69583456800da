"""Frames made anew: between which pictures, what stays, what becomes stale, and what goes along."""

import json
from collections.abc import Iterator
from fractions import Fraction as F
from typing import Any

import pytest

from support.project import Project, defects_of, lying_in
from support.studio import Studio, opened
from watercolor_rig.app.open_sequences import OpenSequence, open_sequence
from watercolor_rig.app.studio.folders import StudioFolders
from watercolor_rig.app.studio.orders import Order, RegenerateWork
from watercolor_rig.app.studio.regeneration import plan_regeneration
from watercolor_rig.core.errors import NothingMatchedError, UsageError
from watercolor_rig.core.prompts import tween_prompt
from watercolor_rig.core.rig import ExpressionId, PoseId, Rig
from watercolor_rig.core.sequences import Condition
from watercolor_rig.store.picture_index import PictureIndex

SEQUENCE = "neutral_to_ah__center"
QUARTERS = (F(1, 4), F(1, 2), F(3, 4))


@pytest.fixture
def studio(project: Project) -> Iterator[Studio]:
    """A complete sequence; the scripted engine made every frame like the last drawing."""
    project.make(2)
    with opened(project) as studio:
        yield studio


def look(project: Project, path: str = SEQUENCE) -> OpenSequence:
    times = [F(k, 8) for k in range(1, 8)]
    return open_sequence(StudioFolders.of(project.root).sequences, path, times, PictureIndex(project.root))


def parents(project: Project, *times: F, **changes: Any) -> dict[F, tuple[F, F]]:
    """Return between which frames each is planned to be drawn, in the plan's order."""
    plan = plan_regeneration(RegenerateWork(SEQUENCE, times, **changes), look(project), [])
    return {drawing.spot.t: (drawing.parents[0].t, drawing.parents[1].t) for drawing in plan.drawings}


def stale(project: Project, path: str = SEQUENCE) -> list[F]:
    frames = look(project, path).state.frames
    return sorted(t for t, frame in frames.items() if frame.condition is Condition.STALE)


def made_from(project: Project, t: float, path: str = SEQUENCE) -> list[float]:
    [entry] = [frame for frame in project.manifest(path)["frames"] if frame["t"] == t]
    return [source["t"] for source in entry.get("made_from", [])]


def free(studio: Studio, *times: F, path: str = SEQUENCE, **changes: Any) -> None:
    """Regenerate with a free engine, and wait for it."""
    order = Order(RegenerateWork(path, times, **changes), engine="crossfade")
    studio.done(studio.workshop.start(order))


def test_a_frame_is_made_between_its_nearest_neighbours(studio: Studio) -> None:
    assert parents(studio.project, F(1, 2)) == {F(1, 2): (F(1, 4), F(3, 4))}
    assert parents(studio.project, F(1, 4)) == {F(1, 4): (F(0), F(1, 2))}


def test_any_two_frames_on_either_side_may_be_named(studio: Studio) -> None:
    named = {"anchor_start_t": F(0), "anchor_end_t": F(3, 4)}

    assert parents(studio.project, F(1, 2), **named) == {F(1, 2): (F(0), F(3, 4))}
    assert parents(studio.project, F(1, 2), anchor_end_t=F(1)) == {F(1, 2): (F(1, 4), F(1))}


def test_several_are_made_in_the_order_in_which_they_need_each_other(studio: Studio) -> None:
    assert list(parents(studio.project, *QUARTERS).items()) == [
        (F(1, 2), (F(0), F(1))),
        (F(1, 4), (F(0), F(1, 2))),
        (F(3, 4), (F(1, 2), F(1))),
    ]


def test_a_trusted_frame_stays_and_is_made_from(studio: Studio) -> None:
    trusted = frozenset({F(1, 2)})

    assert parents(studio.project, *QUARTERS, trusted=trusted) == {
        F(1, 4): (F(0), F(1, 2)),
        F(3, 4): (F(1, 2), F(1)),
    }
    with pytest.raises(UsageError, match="trusted"):
        parents(studio.project, F(1, 2), trusted=trusted)


@pytest.mark.parametrize(
    ("changes", "kind", "said"),
    [
        ({"times": (F(0),)}, UsageError, "t=0 is not strictly between 0 and 1"),
        ({"times": (F(1),)}, UsageError, "t=1 is not strictly between 0 and 1"),
        ({"times": (F(3, 8),)}, NothingMatchedError, r"no frame at t=0\.375; there are: 0\.25, 0\.50, 0\.75"),
        ({"anchor_start_t": F(3, 4)}, UsageError, r"anchor_start_t 0\.75 is not before t=0\.50"),
        ({"anchor_start_t": F(1, 2)}, UsageError, r"anchor_start_t 0\.5 is not before"),
        ({"anchor_end_t": F(1, 4)}, UsageError, r"anchor_end_t 0\.25 is not after"),
        ({"anchor_end_t": F(5, 8)}, NothingMatchedError, r"anchor_end_t: .* has no frame at t=0\.625"),
        ({"path_id": "nobody__center"}, NothingMatchedError, "no sequence 'nobody__center'"),
        ({"path_id": "../sequences"}, NothingMatchedError, "no sequence"),
        ({"path_id": ""}, NothingMatchedError, "no sequence"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_begins(
    studio: Studio, changes: dict[str, Any], kind: type[Exception], said: str
) -> None:
    work = {"path_id": SEQUENCE, "times": (F(1, 2),)} | changes

    with pytest.raises(kind, match=said):
        studio.workshop.start(Order(RegenerateWork(**work), engine="crossfade"))
    assert studio.workshop.jobs() == []


def test_a_broken_frame_can_be_made_anew_but_not_made_from(studio: Studio) -> None:
    (studio.project.sequences / SEQUENCE / "050.png").write_bytes(b"torn")

    assert parents(studio.project, F(1, 4)) == {F(1, 4): (F(0), F(3, 4))}
    with pytest.raises(UsageError, match="missing or broken"):
        parents(studio.project, F(1, 4), anchor_end_t=F(1, 2))
    free(studio, F(1, 2))
    assert stale(studio.project) == []


def test_everything_that_is_not_asked_for_stays_byte_for_byte(studio: Studio) -> None:
    before = lying_in(studio.project.sequences)

    free(studio, F(1, 2), anchor_start_t=F(1, 4), anchor_end_t=F(1))

    after = lying_in(studio.project.sequences)
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    assert changed == {f"{SEQUENCE}/050.png", f"{SEQUENCE}/manifest.json"}
    assert made_from(studio.project, 0.5) == [0.25, 1.0]
    assert defects_of(studio.project.sequences) == []


def test_what_was_made_from_a_replaced_frame_is_stale_and_the_new_one_is_not(project: Project) -> None:
    project.make(3)
    with opened(project) as studio:
        free(studio, F(1, 4), anchor_start_t=F(0), anchor_end_t=F(1))

        assert stale(project) == [F(1, 8), F(3, 8)]
        free(studio, F(1, 2), anchor_start_t=F(0), anchor_end_t=F(1))
        assert stale(project) == [F(1, 8), F(3, 8), F(5, 8), F(3, 4), F(7, 8)]  # 1/4 was made from the ends


def test_a_frame_made_from_its_own_descendants_is_as_new_as_can_be(project: Project) -> None:
    project.make(2)
    with opened(project) as studio:
        free(studio, F(1, 2), anchor_start_t=F(0), anchor_end_t=F(3, 4))
        assert made_from(project, 0.5) == [0.0, 0.75]
        assert stale(project) == [F(1, 4), F(3, 4)]

        free(studio, F(1, 4), F(3, 4))

        assert stale(project) == []


def test_frames_of_another_programs_manifest_are_not_silently_left(studio: Studio) -> None:
    manifest = studio.project.sequences / SEQUENCE / "manifest.json"
    document = json.loads(manifest.read_bytes())
    document["frames"] = [{"t": frame["t"], "file": frame["file"], "by": "hand"} for frame in document["frames"]]
    manifest.write_text(json.dumps(document))

    free(studio, F(1, 2), anchor_start_t=F(0), anchor_end_t=F(1))

    assert stale(studio.project) == [F(1, 4), F(3, 4)]
    assert made_from(studio.project, 0.25) == [0.0, 0.5]
    assert [frame["by"] for frame in studio.project.manifest(SEQUENCE)["frames"]] == ["hand"] * 5


def test_the_same_picture_on_the_reversed_sequence_is_replaced_as_well(pair: Project) -> None:
    pair.make(2)
    ours, theirs = "ah_to_ee__center", "ee_to_ah__center"
    with opened(pair) as studio:
        free(studio, F(1, 4), path=ours, anchor_start_t=F(0), anchor_end_t=F(3, 4))

        assert pair.read(ours, "025.png") == pair.read(theirs, "075.png")
        assert made_from(pair, 0.75, theirs) == [0.25, 1.0]
        free(studio, F(1, 2), path=theirs, anchor_start_t=F(1, 4), anchor_end_t=F(1))
        assert pair.read(ours, "050.png") == pair.read(theirs, "050.png")
        assert defects_of(pair.sequences) == []


def test_another_picture_on_the_reversed_sequence_stays(pair: Project) -> None:
    pair.make(2, reuse_reversed=False)
    before = pair.read("ee_to_ah__center", "025.png")
    with opened(pair) as studio:
        free(studio, F(3, 4), path="ah_to_ee__center", anchor_start_t=F(0), anchor_end_t=F(1))

    assert pair.read("ee_to_ah__center", "025.png") == before


def test_auto_is_the_engine_that_made_the_frame(studio: Studio) -> None:
    order = Order(RegenerateWork(SEQUENCE, (F(1, 2),)))

    estimate = studio.workshop.estimate(order)

    assert (estimate.engine, estimate.reason, estimate.calls) == ("scripted", "it made this frame", 1)


def test_auto_is_any_runs_engine_where_the_maker_is_not_here(studio: Studio) -> None:
    manifest = studio.project.sequences / SEQUENCE / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"scripted"', '"gone"'))

    assert studio.workshop.estimate(Order(RegenerateWork(SEQUENCE, (F(1, 2),)))).engine == "local"


def test_the_real_engine_makes_a_frame_and_a_range(project: Project) -> None:
    project.make(2, engine="local")
    with opened(project) as studio:
        work = RegenerateWork(SEQUENCE, (F(1, 2),), F(0), F(1))
        studio.done(studio.workshop.start(Order(work)))
        ended = studio.done(studio.workshop.start(Order(RegenerateWork(SEQUENCE, QUARTERS))))

    assert (ended.engine, ended.made) == ("local", 3)
    assert stale(project) == []
    assert defects_of(project.sequences) == []


def test_a_note_goes_to_the_image_model() -> None:
    pose, ends = PoseId("center"), (ExpressionId("neutral"), ExpressionId("ah"))
    plain = tween_prompt(Rig(), *ends, pose, F(1, 2), F(0), F(1), anchored=False)
    noted = tween_prompt(Rig(), *ends, pose, F(1, 2), F(0), F(1), anchored=False, note="teeth\nshow")

    assert set(noted.splitlines()) - set(plain.splitlines()) == {"Of this frame in particular: teeth show"}
