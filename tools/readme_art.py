"""Make the moving picture of the README and a contact sheet of it from finished sequences: `make art`.

Usage: readme_art.py SEQUENCES_DIR IMAGES_DIR
"""

import json
import sys
from fractions import Fraction
from pathlib import Path

from watercolor_rig.export.contact_sheet import contact_sheets
from watercolor_rig.export.frames import Frame, FrameSequence
from watercolor_rig.export.showcase import showcase_webp

SHOWN = (
    "neutral_to_happy_soft__center",
    "neutral_to_blink_half__center",
    "oh_round_to_speaking_ah__center",
    "blink_half_to_blink_closed__center",
    "neutral_to_concerned__center",
    "speaking_uw_to_oh_round__center",
)
CELL = 256


def main(sequences_dir: Path, images_dir: Path) -> int:
    """Return the exit status."""
    sequences = [read_sequence(sequences_dir / name) for name in SHOWN]
    images_dir.mkdir(parents=True, exist_ok=True)
    made = {
        "adventurer.webp": showcase_webp(sequences, columns=3, cell=CELL, fps=10),
        "adventurer-frames.png": next(contact_sheets(sequences[:4])),
    }
    for name, data in made.items():
        (images_dir / name).write_bytes(data)
        print(f"[✓] {images_dir / name}: {len(data) // 1024} KB")
    return 0


def read_sequence(folder: Path) -> FrameSequence:
    """Return a sequence as its manifest lists it."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    frames = [Frame(Fraction(frame["t"]), (folder / frame["file"]).read_bytes) for frame in manifest["frames"]]
    return FrameSequence(manifest["path_id"], frames)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2])))
