"""A project of one sequence, laid out on the disk for the tests of its folder."""

import json
from dataclasses import dataclass, field
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import numpy as np

from watercolor_rig.core.ids import PathId
from watercolor_rig.core.rig import BasePathId, ExpressionId, PoseId
from watercolor_rig.core.sequences import SequenceSpec, SequenceState
from watercolor_rig.imaging.picture import encode_png
from watercolor_rig.store.picture_index import PictureFacts, PictureIndex, facts_of
from watercolor_rig.store.sequence_folder import Ends, SequenceFolder

SPEC = SequenceSpec(
    PathId("a_to_b__center"), BasePathId("a_to_b"), ExpressionId("a"), ExpressionId("b"), PoseId("center")
)
QUARTERS = (F(1, 4), F(1, 2), F(3, 4))
SIZE = (6, 4)


def png(grey: int, size: tuple[int, int] = SIZE) -> bytes:
    return encode_png(np.full((size[1], size[0], 4), (grey, grey, grey, 255), np.uint8))


def facts(grey: int) -> PictureFacts:
    return facts_of(png(grey), SIZE)


@dataclass
class OneSequence:
    """A project with two endpoints; `open` looks at its one sequence as a run of its own does."""

    root: Path
    index: PictureIndex = field(init=False)

    def __post_init__(self) -> None:
        self.endpoints.mkdir(parents=True)
        self.draw_ends(0, 255)

    @property
    def endpoints(self) -> Path:
        return self.root / "frames" / "endpoints"

    @property
    def folder(self) -> Path:
        return self.root / "frames" / "sequences" / "a_to_b__center"

    @property
    def manifest(self) -> Any:
        return json.loads((self.folder / "manifest.json").read_bytes())

    @property
    def listed(self) -> list[str]:
        return [frame["file"] for frame in self.manifest["frames"]]

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())

    def draw_ends(self, start: int, end: int) -> None:
        (self.endpoints / "a__center.png").write_bytes(png(start))
        (self.endpoints / "b__center.png").write_bytes(png(end))

    def lay(self, manifest: object = None, **files: bytes) -> None:
        """Put files into the folder as an older program left them."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (self.folder / f"{name.removeprefix('_')}.png").write_bytes(data)
        if manifest is not None:
            (self.folder / "manifest.json").write_text(json.dumps(manifest))

    def open(self, times: tuple[F, ...] = QUARTERS) -> tuple[SequenceFolder, SequenceState]:
        self.index = PictureIndex(self.root)
        paths = self.endpoints / "a__center.png", self.endpoints / "b__center.png"
        found = self.index.inspect(self.endpoints, [path.name for path in paths])
        start, end = (found[path.name] for path in paths)
        assert isinstance(start, PictureFacts)
        assert isinstance(end, PictureFacts)
        folder = SequenceFolder(self.folder.parent, SPEC, Ends(start, end, *paths), self.index)
        return folder, folder.take_stock(times, self.index.inspect(self.folder, folder.files_to_inspect(times)))

    def conditions(self, times: tuple[F, ...] = QUARTERS) -> dict[F, str]:
        return {t: frame.condition.value for t, frame in self.open(times)[1].frames.items()}
