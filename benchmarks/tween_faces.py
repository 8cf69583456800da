"""Look at faces: does a part jump on its way, and sheets to see whether it shows twice, tears or smears.

    python benchmarks/tween_faces.py [--shared FOLDER] [--sheets FOLDER] [--all] [CHARACTER ...]

Every path of a character's configuration is drawn at depth 3 (t = 1/8 … 7/8) by the engine as users get it. Each part
that changes is measured by itself: a step is the mean difference between neighbouring frames, ends included, over the
pixels of the part; its pop is the largest step over the mean step (aim: at most 2.5; 1 is even, 8 shows one end until
it shows the other). Whether a mouth shows twice, no number here tells: `--sheets` writes a picture for each path, a row
for each part, to be looked at.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from watercolor_rig.engines.local.analysis import PairAnalysis, analyse
from watercolor_rig.imaging.change import regions_that_may_move
from watercolor_rig.imaging.composing import PicturePair
from watercolor_rig.imaging.parts import Part, parts_of
from watercolor_rig.imaging.picture import Rgba, decode, encode_png
from watercolor_rig.imaging.premultiplied import over_grey, to_premultiplied

ROOT = Path(__file__).parents[1]
CHARACTERS = ("adventurer", "princess", "cat", "antonio", "sylvie")
SHARES = tuple(step / 8 for step in range(1, 8))
AIM = 2.5
TILE_PX = (150, 130)
MARGIN_PX, LABEL_PX, GAP_PX = 10, 18, 3
PAPER = 235


@dataclass(frozen=True, slots=True)
class PartSeen:
    """One part of a path on its way.

    Attributes:
        part: The part.
        method: What draws it.
        score: How bad the engine thinks that looks.
        pop: Largest step between neighbouring frames over the mean step.
        at: The number of the frame that the largest step leads to.
        crops: The part in all frames, ends included.
    """

    part: Part
    method: str
    score: float
    pop: float
    at: int
    crops: tuple[Rgba, ...]


def main() -> None:
    """Print the table, and write the sheets if they are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    shared = os.environ.get("WATERCOLOR_RIG_SHARED", str(ROOT.parent / "shared"))
    parser.add_argument("--shared", type=Path, default=Path(shared), help="folder that holds data/characters")
    parser.add_argument("--sheets", type=Path, help="folder for a contact sheet of each path")
    parser.add_argument("--all", action="store_true", help="a line for each part, not only for those that pop")
    parser.add_argument("characters", nargs="*", default=CHARACTERS, help="folders in data/characters")
    chosen = parser.parse_args()
    print(f"{'character':12s} {'paths':>5s} {'parts':>5s} {'median pop':>10s} {'worst':>6s} {'over ' + str(AIM):>8s}")
    for character in chosen.characters:
        folder = chosen.shared / "data/characters" / character
        if not (folder / "expressions.json").is_file():
            sys.exit(f"{folder} has no expressions.json: name the shared folder with --shared")
        seen = {}
        for name, pair in _paths(folder):
            seen[name] = parts = _looked_at(pair)
            if chosen.sheets:
                chosen.sheets.mkdir(parents=True, exist_ok=True)
                (chosen.sheets / f"{character}__{name}.png").write_bytes(encode_png(_sheet(parts)))
        _report(character, seen, every=chosen.all)


def _report(character: str, seen: dict[str, list[PartSeen]], *, every: bool) -> None:
    pops = np.array([part.pop for parts in seen.values() for part in parts])
    summary = f"{np.median(pops):10.2f} {pops.max():6.2f} {(pops > AIM).sum():8d}"
    print(f"{character:12s} {len(seen):5d} {len(pops):5d} {summary}", flush=True)
    for name, parts in seen.items():
        for number, part in enumerate(parts, start=1):
            if every or part.pop > AIM:
                print(
                    f"    {name} part {number} at {part.part.box.left},{part.part.box.top}: pop {part.pop:.2f} "
                    f"into frame {part.at}/8, {part.method}, score {part.score:.2f}"
                )


def _paths(folder: Path) -> Iterator[tuple[str, PicturePair]]:
    """Yield the paths of a character in each of its poses, with their ends."""
    config = json.loads((folder / "expressions.json").read_text("utf-8"))
    for pose in config["poses"]:
        for path in config["base_paths"]:
            files = [folder / f"frames/endpoints/{path[end]}__{pose}.png" for end in ("start", "end")]
            start, end = (decode(file.read_bytes(), file.name) for file in files)
            yield f"{path['id']}__{pose}", PicturePair(start, end, None)


def _looked_at(pair: PicturePair) -> list[PartSeen]:
    analysis = analyse(pair)
    frames = [pair.start, *(analysis.at(share) for share in SHARES), pair.end]
    seen = []
    for region in regions_that_may_move(pair.start, pair.end):
        cut = region.box.slices()
        ends = to_premultiplied(pair.start[cut]), to_premultiplied(pair.end[cut])
        shown = [over_grey(to_premultiplied(frame[cut])) for frame in frames]
        for part in parts_of(region, *ends, max(pair.start.shape[:2])):
            steps = [float(np.abs(one - other)[part.area].mean()) for one, other in pairwise(shown)]
            box = part.box.grown(MARGIN_PX, pair.start.shape)
            crops = tuple(np.ascontiguousarray(frame[box.slices()]) for frame in frames)
            pop, at = max(steps) / max(float(np.mean(steps)), 1e-9), 1 + int(np.argmax(steps))
            seen.append(PartSeen(part, *_drawn_by(analysis, part), pop, at, crops))
    return seen


def _drawn_by(analysis: PairAnalysis, part: Part) -> tuple[str, float]:
    """Return the method and the score of the chosen part that a part is in: parts may have been joined."""
    for region in analysis.regions:
        for choice in region.choices:
            if choice.part.area.shape == part.area.shape and (choice.part.changed & part.changed).any():
                return choice.method, choice.score
    return "none", 0.0


def _sheet(parts: list[PartSeen]) -> Rgba:
    """Return a picture of a path: a row for each part, the two drawings at its ends."""
    rows = [_row(number, part) for number, part in enumerate(parts, start=1)]
    width = max(row.shape[1] for row in rows)
    return np.vstack([np.pad(row, ((0, 0), (0, width - row.shape[1]), (0, 0)), constant_values=PAPER) for row in rows])


def _row(number: int, part: PartSeen) -> Rgba:
    height, width = part.crops[0].shape[:2]
    scale = min(TILE_PX[0] / width, TILE_PX[1] / height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    tiles = []
    for crop in part.crops:
        alpha = crop[..., 3:] / np.float32(255)
        paper = (crop[..., :3] * alpha + PAPER * (1 - alpha)).astype(np.float32)
        tile = np.clip(cv2.resize(paper, size, interpolation=way), 0, 255).astype(np.uint8)
        tiles.append(np.pad(tile, ((0, GAP_PX), (0, GAP_PX), (0, 0)), constant_values=PAPER))
    row = np.hstack(tiles)
    label = np.full((LABEL_PX, max(row.shape[1], 420), 3), PAPER, np.uint8)
    text = f"{number}  {part.method}  pop {part.pop:.2f}  score {part.score:.2f}"
    cv2.putText(label, text, (2, LABEL_PX - 5), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (0, 0, 0), 1, cv2.LINE_AA)
    row = np.pad(row, ((0, 0), (0, label.shape[1] - row.shape[1]), (0, 0)), constant_values=PAPER)
    picture = np.vstack([label, row])
    return np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)])


if __name__ == "__main__":
    main()
