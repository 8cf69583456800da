"""A small project on the disk for tests of whole runs: a configuration, drawn endpoints, and what a run said of them.

The drawings are 24x32, so that a run over dozens of frames takes a moment.
"""

import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, TypeVar

from PIL import Image

from support.figures import head
from watercolor_rig.app.expressions import ExpressionOptions, make_expressions
from watercolor_rig.app.sequences import SequenceOptions, make_sequences
from watercolor_rig.app.tally import Emit
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.events import Event, RunEnded
from watercolor_rig.core.retry import RetryPolicy
from watercolor_rig.core.rig import PoseId
from watercolor_rig.core.times import times_of_depth
from watercolor_rig.engines.api import EngineSettings
from watercolor_rig.imaging.picture import Size, encode_png

Mode = Literal["RGBA", "RGB", "P"]

SIZE: Size = (24, 32)
MOUTHS = {"neutral": 2, "ah": 8, "ee": 4, "oh": 6}
"""Expression to the height of its mouth."""

PATHS = ({"id": "neutral_to_ah", "start": "neutral", "end": "ah"},)
PAIR = [
    {"id": "neutral_to_ah", "start": "neutral", "end": "ah"},
    {"id": "ah_to_ee", "start": "ah", "end": "ee"},
    {"id": "ee_to_ah", "start": "ee", "end": "ah"},
]
"""Three paths, one the reverse of another."""

QUICK_POLICY = RetryPolicy(
    tries=4, first_wait_s=0.01, longest_wait_s=0.02, limited_wait_s=0.01, longest_limited_wait_s=0.02
)
"""As patient as the real one in tries, but with waits that a test can bear."""

E = TypeVar("E", bound=Event)


def picture(mouth_px: int, mode: Mode = "RGBA", size: Size = SIZE) -> bytes:
    """Return a drawn head as PNG, of a colour mode that people's files have."""
    pixels = head(size, mouth_px=mouth_px, cut_out=mode == "RGBA")
    if mode != "P":
        return encode_png(pixels)
    out = io.BytesIO()
    Image.fromarray(pixels[..., :3]).quantize(32).save(out, "PNG")
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended, and everything that it said."""

    status: int
    events: Sequence[Event]

    def of(self, kind: type[E]) -> list[E]:
        """Return the events of one kind, in order."""
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def sums(self) -> tuple[int, int, int]:
        """Success, failed, blocked, as the last event says them."""
        [ended] = self.of(RunEnded)
        return ended.success, ended.failed, ended.blocked


@dataclass
class Project:
    """Config, endpoints and sequences under one folder; the options of its runs can be changed for all of them."""

    root: Path
    toolbox: Toolbox = field(default_factory=lambda: Toolbox(policy=QUICK_POLICY))

    @property
    def config(self) -> Path:
        """The configuration."""
        return self.root / "expressions.json"

    @property
    def endpoints(self) -> Path:
        """Where the drawings are."""
        return self.root / "frames/endpoints"

    @property
    def sequences(self) -> Path:
        """Where the frames go."""
        return self.root / "frames/sequences"

    def configure(self, paths: Iterable[Mapping[str, str]] = PATHS, **keys: object) -> None:
        """Write the configuration."""
        self.config.write_text(json.dumps({"base_paths": list(paths), **keys}), encoding="utf-8")

    def draw(self, expression: str, pose: str = "center", mode: Mode = "RGBA", size: Size = SIZE) -> Path:
        """Draw one endpoint; return its file."""
        return self.put(f"{expression}__{pose}.png", picture(MOUTHS.get(expression, 3), mode, size))

    def put(self, name: str, data: bytes) -> Path:
        """Write a file into the endpoints folder."""
        self.endpoints.mkdir(parents=True, exist_ok=True)
        path = self.endpoints / name
        path.write_bytes(data)
        return path

    def make(self, times: Iterable[Fraction] | int = 2, *, script: str = "", **changes: Any) -> Outcome:
        """Run over the sequences; `times` may be a depth, `script` is the scripted engine's."""
        events: list[Event] = []
        return Outcome(self.listen(events.append, times, script=script, **changes), events)

    def listen(self, emit: Emit, times: Iterable[Fraction] | int = 2, *, script: str = "", **changes: Any) -> int:
        """As `make`, but hear the events while the run goes on; return its exit status."""
        options = SequenceOptions(
            config=self.config,
            endpoints_dir=self.endpoints,
            sequences_dir=self.sequences,
            times=times_of_depth(times) if isinstance(times, int) else tuple(times),
            engine="scripted",
            settings=EngineSettings(options={"script": script}),
        )
        return make_sequences(replace(options, **changes), emit, self.toolbox)

    def express(self, base: Path, pose: str = "center", *, script: str = "", **changes: Any) -> Outcome:
        """Run over the expressions at one pose."""
        options = ExpressionOptions(
            config=self.config,
            base_image=base,
            pose=PoseId(pose),
            outdir=self.endpoints,
            engine="scripted",
            settings=EngineSettings(options={"script": script}),
        )
        events: list[Event] = []
        return Outcome(make_expressions(replace(options, **changes), events.append, self.toolbox), events)

    def frames(self, path: str) -> list[str]:
        """Return the files of a sequence folder, the manifest left out."""
        return sorted(file.name for file in (self.sequences / path).iterdir() if file.name != "manifest.json")

    def manifest(self, path: str) -> dict[str, Any]:
        """Return a manifest as it lies there."""
        content: dict[str, Any] = json.loads((self.sequences / path / "manifest.json").read_bytes())
        return content

    def listed(self, path: str) -> list[tuple[float, str]]:
        """Return what a manifest lists: position and file."""
        return [(frame["t"], frame["file"]) for frame in self.manifest(path)["frames"]]

    def read(self, path: str, file: str) -> bytes:
        """Return the bytes of one frame."""
        return (self.sequences / path / file).read_bytes()


def lying_in(folder: Path) -> dict[str, tuple[str, int]]:
    """Return every file under a folder with the hash of its bytes and its time of change, hidden files included."""
    return {
        file.relative_to(folder).as_posix(): (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def defects_of(sequences: Path) -> list[str]:
    """Return what is wrong with finished sequence folders, in words: a sound run leaves nothing to say.

    Every file decodes to the manifest's size, the manifest lists exactly what exists, sorted by t, and nothing else
    lies there.
    """
    found = []
    for folder in sorted(sequences.iterdir()):
        manifest = json.loads((folder / "manifest.json").read_bytes())
        listed = [frame["file"] for frame in manifest["frames"]]
        there = sorted(file.name for file in folder.iterdir() if file.name != "manifest.json")
        if sorted(listed) != there:
            found.append(f"{folder.name}: lists {sorted(listed)}, holds {there}")
        times = [frame["t"] for frame in manifest["frames"]]
        if times != sorted(set(times)) or times[0] != 0 or times[-1] != 1:
            found.append(f"{folder.name}: times {times}")
        for name in there:
            with Image.open(folder / name) as image:
                image.load()
                if list(image.size) != manifest["size"]:
                    found.append(f"{folder.name}/{name} is {image.size}")
    return found
