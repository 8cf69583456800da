"""Projects for the benchmarks: as many transitions and poses as asked for, endpoints of any size."""

import json
from pathlib import Path

from watercolor_rig.app.quality_tries import QualityOptions
from watercolor_rig.app.sequences import SequenceOptions
from watercolor_rig.core.times import times_of_depth
from watercolor_rig.engines.api import EngineSettings

MODEL = "loopback-image-1"


def lay_project(root: Path, paths: int, poses: int, png: bytes) -> None:
    """Write a configuration with so many base paths, and the endpoints of all of them at every pose."""
    names = [f"face_{number}" for number in range(paths)]
    table = [{"id": f"to_{name}", "start": "neutral", "end": name} for name in names]
    pose_names = [f"pose_{number}" for number in range(poses)]
    config = {"base_paths": table, "poses": pose_names}
    root.mkdir(parents=True, exist_ok=True)
    (root / "expressions.json").write_text(json.dumps(config), encoding="utf-8")
    endpoints = root / "frames" / "endpoints"
    endpoints.mkdir(parents=True)
    for pose in pose_names:
        for name in ("neutral", *names):
            (endpoints / f"{name}__{pose}.png").write_bytes(png)


def options_of(root: Path, depth: int, workers: int, size: tuple[int, int]) -> SequenceOptions:
    """Return the options of a run against a service."""
    return SequenceOptions(
        config=root / "expressions.json",
        endpoints_dir=root / "frames" / "endpoints",
        sequences_dir=root / "frames" / "sequences",
        times=times_of_depth(depth),
        max_workers=workers,
        engine="openai",
        settings=EngineSettings(size=size, model=MODEL, options={"deadline_s": "300"}),
        quality=QualityOptions(repair=False),  # what is measured is the run; repair has a benchmark of its own
    )
