"""A whole rig through a service that fails at 30 % of the calls, in every way that may pass."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from faults.workload import ledger_copy, wounds
from support.images_api import FAULTS, OK, ImagesApi, seeded
from support.images_faults import PASSING
from support.project import QUICK_POLICY, SIZE, Project, defects_of
from watercolor_rig.app.quality_tries import QualityOptions
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.engines.api import EngineSettings

POSES = ("center", "left", "right", "up", "down")
PATHS = 21
FRAMES = PATHS * len(POSES) * 7


@pytest.mark.faults
@pytest.mark.timeout(600)
def test_a_rig_of_735_frames_is_complete_and_no_frame_is_paid_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Project(tmp_path, Toolbox(policy=replace(QUICK_POLICY, tries=50), rng=random.Random(25)))
    names = [f"face_{number}" for number in range(PATHS)]
    project.configure([{"id": f"neutral_to_{name}", "start": "neutral", "end": name} for name in names])
    for pose in POSES:
        for name in ("neutral", *names):
            project.draw(name, pose)
    settings = EngineSettings(size=SIZE, model="loopback-image-1", options={"deadline_s": "15"})

    with ImagesApi(faults=seeded(25, 0.3, PASSING), latency_s=0.02, wait_s=0.02, keep_uploads=False) as api:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
        monkeypatch.setenv("OPENAI_BASE_URL", api.base_url)
        outcome = project.make(
            3, engine="openai", settings=settings, max_workers=24, quality=QualityOptions(repair=False)
        )

    assert (outcome.status, outcome.sums) == (0, (FRAMES, 0, 0))
    assert defects_of(project.sequences) == wounds(project.root) == []
    assert api.answers[OK] == FRAMES
    assert api.answers.total() == FRAMES + sum(api.answers[kind] for kind in FAULTS)
    assert set(PASSING) <= set(api.answers)
    assert api.answers.total() > 1.3 * FRAMES
    assert api.unjustified() == []
    with ledger_copy(project.root / ".watercolor-rig") as db:
        assert db
        assert db.execute("SELECT count(*) FROM attempt").fetchone() == (api.answers.total(),)
        assert db.execute("SELECT count(*) FROM attempt WHERE outcome = 'ok'").fetchone() == (FRAMES,)
