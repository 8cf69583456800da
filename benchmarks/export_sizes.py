"""How large every export is, and what processor time it takes, beside what one gets without it: sheets of whole frames.

The example's sequences, from the folder given (`make demo` leaves one) or made by the embedded engine first. The whole
frames are laid on one PNG a sequence by Pillow, as a sprite sheet is made by hand; equal frames of different sequences
are there several times then. The bundle for the web is read back picture by picture: a size counts only if what is
shown is exact.

    .venv/bin/python benchmarks/export_sizes.py [demo/adventurer/frames/sequences]
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from math import isqrt
from pathlib import Path

import numpy as np
from PIL import Image

from watercolor_rig.app.exports import ExportOptions, make_export
from watercolor_rig.cli.main import run_sequences
from watercolor_rig.core.events import Event
from watercolor_rig.export.names import BUILT_IN

EXAMPLE = Path(__file__).parents[1] / "examples/adventurer"

SETTINGS: dict[str, tuple[dict[str, str], ...]] = {
    "web": ({}, {"picture": "png"}),
    "aseprite-sheet": ({}, {"picture": "webp"}),
    "texturepacker-sheet": ({}, {"picture": "webp"}),
}
"""Formats that are measured with several settings; all others are with none."""


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        sequences = Path(sys.argv[1]) if sys.argv[1:] else _made(root / "sequences")
        folders = sorted(path for path in sequences.iterdir() if (path / "manifest.json").is_file())
        print(f"{len(folders)} sequences, {sum(len(_files(each)) for each in folders)} frames\n")
        print("| what | bytes | of whole frames | processor seconds |")
        print("|---|---|---|---|")
        whole = _row(
            "whole frames, a PNG sheet a sequence", root / "whole", partial(_whole_sheets, folders, root / "whole")
        )
        for name in BUILT_IN:
            for settings in SETTINGS.get(name, ({},)):
                out = root / "-".join([name, *settings.values()])
                words = " ".join(f"{key}={value}" for key, value in settings.items())
                options = ExportOptions(name, sequences, out, settings=settings)
                _row(f"`{name}` {words}".rstrip(), out, partial(_export, options), whole)
        print(f"\nweb: {_checked(root / 'web', folders)} frames read back, all exact")


def _row(what: str, out: Path, make: Callable[[], object], whole: int | None = None) -> int:
    start_s = time.process_time()
    make()
    seconds = time.process_time() - start_s
    size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
    print(f"| {what} | {size:,} | {size / (whole or size):.1%} | {seconds:.1f} |", flush=True)
    return size


def _made(sequences: Path) -> Path:
    """Draw the example's sequences."""
    folders = ["--endpoints-dir", str(EXAMPLE / "frames/endpoints"), "--sequences-dir", str(sequences)]
    config = ["--config", str(EXAMPLE / "expressions.json")]
    if status := run_sequences([*config, *folders, "--engine", "local", "--max-workers", "2"]):
        sys.exit(status)
    return sequences


def _files(folder: Path) -> list[Path]:
    listed = json.loads((folder / "manifest.json").read_bytes())["frames"]
    return [folder / frame["file"] for frame in sorted(listed, key=lambda frame: float(frame["t"]))]


def _whole_sheets(folders: list[Path], out: Path) -> None:
    out.mkdir()
    for folder in folders:
        frames = [Image.open(file).convert("RGBA") for file in _files(folder)]
        columns = isqrt(len(frames) - 1) + 1
        width, height = frames[0].size
        sheet = Image.new("RGBA", (columns * width, -(-len(frames) // columns) * height))
        for at, frame in enumerate(frames):
            sheet.paste(frame, (at % columns * width, at // columns * height))
        sheet.save(out / f"{folder.name}.png")


def _export(options: ExportOptions) -> None:
    def hear(event: Event) -> None:
        del event

    if status := make_export(options, hear):
        sys.exit(status)


def _checked(bundle: Path, folders: list[Path]) -> int:
    """Return how many frames the bundle shows just as they are."""
    rig = json.loads((bundle / "rig.json").read_bytes())
    sheets = [Image.open(bundle / sheet["file"]).convert("RGBA") for sheet in rig["sheets"]]

    def drawn(number: int) -> Image.Image:
        picture = rig["pictures"][number]
        canvas = Image.new("RGBA", tuple(rig["size"])) if picture["base"] is None else drawn(picture["base"])
        for sheet, left, top, width, height, x, y in picture["patches"]:
            canvas.paste(sheets[sheet].crop((left, top, left + width, top + height)), (x, y))
        return canvas

    count = 0
    for folder, clip in zip(folders, rig["clips"], strict=True):
        for file, number in zip(_files(folder), clip["pictures"], strict=True):
            frame, shown = np.array(Image.open(file).convert("RGBA")), np.array(drawn(number))
            frame[frame[..., 3] == 0] = 0
            if not np.array_equal(shown, frame):
                sys.exit(f"{file}: the bundle shows something else")
            count += 1
    return count


if __name__ == "__main__":
    main()
