"""Draw the pictures of docs/concepts/inbetweening.md from the example characters.

    python tools/inbetweening_pictures.py [FOLDER]

Each is a row of crops of the engine's own frames, the two drawings at its ends.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np

from watercolor_rig.engines.local.analysis import analyse
from watercolor_rig.imaging.change import Box
from watercolor_rig.imaging.composing import PicturePair
from watercolor_rig.imaging.picture import Rgba, decode, encode_png

ROOT = Path(__file__).parents[1]
ROWS = {
    "inbetweening-mouth.png": ("adventurer", "neutral__center", "speaking_ah__center", Box(300, 590, 530, 810)),
    "inbetweening-inside.png": ("adventurer", "speaking_ah__center", "speaking_ee__center", Box(310, 620, 540, 800)),
    "inbetweening-eyes.png": ("adventurer", "neutral__center", "concerned__center", Box(215, 385, 655, 660)),
    "inbetweening-brow.png": ("adventurer", "neutral__center", "angry__center", Box(205, 385, 645, 610)),
    "inbetweening-painted.png": ("sylvie", "neutral__green", "giggle__green", Box(115, 50, 245, 180)),
}
SHARES = (0.0, 1 / 6, 1 / 3, 1 / 2, 2 / 3, 5 / 6, 1.0)
HEIGHT_PX, GAP_PX = 150, 4


def main(folder: Path) -> None:
    """Write every picture into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (character, start, end, box) in ROWS.items():
        endpoints = ROOT / "examples" / character / "frames/endpoints"
        first, second = (decode((endpoints / f"{each}.png").read_bytes(), each) for each in (start, end))
        (folder / name).write_bytes(encode_png(_row(first, second, box)))
        print(f"[✓] {folder / name}")


def _row(first: Rgba, second: Rgba, box: Box) -> Rgba:
    analysis = analyse(PicturePair(first, second, None))
    tiles = []
    for share in SHARES:
        frame = {0.0: first, 1.0: second}.get(share)
        crop = (analysis.at(share) if frame is None else frame)[box.slices()]
        width = round(crop.shape[1] * HEIGHT_PX / crop.shape[0])
        tile = np.asarray(cv2.resize(crop, (width, HEIGHT_PX), interpolation=cv2.INTER_AREA), dtype=np.uint8)
        tiles.append(np.pad(tile, ((0, 0), (0, GAP_PX), (0, 0))))
    return np.hstack(tiles)[:, :-GAP_PX]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Draw the pictures of docs/concepts/inbetweening.md.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs/images", help="where they go")
    main(parser.parse_args().folder)
