"""What a run costs that has nothing to do, beside decoding every frame that it has to be sure of.

Builds a project of 21 base paths at 5 poses from the adventurer's endpoints, fills it at depth 3 (735 tweens) with the
scripted engine, and prints, from one run: the dry run's plan over the empty project, the seconds of a no-op run (a
whole process, the median of five), the seconds of decoding all 735 files in one process, and the ratio.

    .venv/bin/python benchmarks/no_op_run.py
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "adventurer"
POSES = ("center", "left", "right", "up", "down")
PATHS = 21


def build_project(folder: Path) -> list[str]:
    """Make the project; return the command that completes it."""
    rig = json.loads((EXAMPLE / "expressions.json").read_text(encoding="utf-8"))
    rig["base_paths"] = rig["base_paths"][:PATHS]
    rig["poses"] = list(POSES)
    rig.pop("pose_descriptions", None)
    (folder / "expressions.json").write_text(json.dumps(rig), encoding="utf-8")
    endpoints = folder / "frames" / "endpoints"
    endpoints.mkdir(parents=True)
    for file in (EXAMPLE / "frames" / "endpoints").glob("*.png"):
        for pose in POSES:
            shutil.copyfile(file, endpoints / f"{file.stem.split('__')[0]}__{pose}.png")
    script = [sys.executable, str(ROOT / "generate_all_sequences.py"), "--config", str(folder / "expressions.json")]
    dirs = ["--endpoints-dir", str(endpoints), "--sequences-dir", str(folder / "frames" / "sequences")]
    return [*script, *dirs, "--max-depth", "3", "--engine", "scripted"]


def timed(command: list[str]) -> tuple[float, str]:
    """Return the seconds of a whole process, and what it printed."""
    began = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return time.perf_counter() - began, done.stdout


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        command = build_project(Path(name))
        _, planned = timed([*command, "--dry-run"])
        print(*(line for line in planned.splitlines() if "_to_" not in line), sep="\n")
        first, _ = timed(command)
        no_op = statistics.median(timed(command)[0] for _ in range(5))
        frames = sorted(Path(name, "frames", "sequences").glob("*/*.png"))
        tweens = [frame for frame in frames if frame.name not in ("000.png", "100.png")]
        began = time.perf_counter()
        for frame in tweens:
            with Image.open(frame) as picture:
                picture.load()
        decoding = time.perf_counter() - began
    print(f"{len(tweens)} tweens exist (made in {first:.1f} s)")
    print(f"no-op run {no_op:.2f} s, decoding them all {decoding:.2f} s: {no_op / decoding:.1%} of it")


if __name__ == "__main__":
    main()
