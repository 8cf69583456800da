"""The use case behind `watercolor-rig repair`: pictures that a model has redrawn are put back onto what they show.

Expressions are held against the neutral of their pose, in-betweens against the two frames that they lie between. What
is replaced stays as a take. A picture that already lies still, such as a drawing made by hand, is not written.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from watercolor_rig.app.driving import save_index
from watercolor_rig.app.memory import Memory
from watercolor_rig.app.rigs import list_files, load_rig, matching
from watercolor_rig.app.sequences import usable_ends
from watercolor_rig.app.takes import digest_of
from watercolor_rig.app.tally import Emit
from watercolor_rig.core.endpoints import catalogue_endpoints, pair_all
from watercolor_rig.core.errors import NothingMatchedError, PictureError
from watercolor_rig.core.events import FileWritten, Warned
from watercolor_rig.core.ids import endpoint_file, split_endpoint_file
from watercolor_rig.core.json import JsonObject
from watercolor_rig.core.manifest import FrameEntry, Source, encode_frame
from watercolor_rig.core.project_events import FrameRepaired, RepairEnded
from watercolor_rig.core.rig import NEUTRAL, Rig
from watercolor_rig.core.sequences import SequenceSpec
from watercolor_rig.core.times import END, START, spell
from watercolor_rig.engines.api import Care, ExpressionRequest, MadePicture, TweenRequest
from watercolor_rig.engines.registry import direct_engines
from watercolor_rig.engines.treatment import treat_expression, treat_tween
from watercolor_rig.imaging.picture import read_size
from watercolor_rig.store.durable import read_file, write_file
from watercolor_rig.store.ledger import Ledger
from watercolor_rig.store.lock import project_lock
from watercolor_rig.store.picture_index import PictureFacts, PictureIndex, facts_of, project_of
from watercolor_rig.store.sequence_folder import MANIFEST, SequenceFolder

_METHOD = "repair"
"""What a take says of a picture that was repaired."""


@dataclass(frozen=True, slots=True)
class RepairCommand:
    """What the user asked for; the fields are the flags of `watercolor-rig repair`."""

    config: Path
    endpoints_dir: Path
    sequences_dir: Path
    only: str | None = None
    snap_alpha: bool = True
    dry_run: bool = False


def repair_project(options: RepairCommand, emit: Emit) -> int:
    """Repair expressions and in-betweens; return the exit status: 1 where a picture could not be repaired.

    Raises:
        RigError: before anything is written, where the input cannot be used or matches nothing; or a StoreError later.
    """
    rig = load_rig(options.config)
    project = project_of(options.endpoints_dir)
    if options.dry_run:
        return _Run(options, rig, project, None, emit).carry_out()
    with project_lock(project, "repair"), Memory(project).open_ledger() as ledger:
        return _Run(options, rig, project, ledger, emit).carry_out()


class _Run:
    """One run; without a ledger nothing is written."""

    def __init__(self, options: RepairCommand, rig: Rig, project: Path, ledger: Ledger | None, emit: Emit) -> None:
        self._options = options
        self._rig = rig
        self._memory = Memory(project)
        self._ledger = ledger
        self._emit = emit
        self._index = PictureIndex(project)
        self._repaired = self._still = self._failed = 0

    def carry_out(self) -> int:
        """Repair all that was asked for; return the exit status."""
        endpoints, sequences = self._wanted()
        try:
            for file in endpoints:
                self._repair_endpoint(file)
            for spec in sequences:
                self._repair_sequence(spec)
        finally:
            if self._ledger is not None:
                save_index(self._index, self._emit)
        self._emit(RepairEnded(self._repaired, self._still, self._failed, self._ledger is None))
        return 1 if self._failed else 0

    def _wanted(self) -> tuple[list[str], list[SequenceSpec]]:
        """Return the endpoints' files and the sequences that were asked for."""
        options, rig = self._options, self._rig
        catalogue = catalogue_endpoints(list_files("--endpoints-dir", options.endpoints_dir), rig)
        there = set(catalogue.files.values())
        endpoints = {
            file.removesuffix(".png"): file
            for (expression, pose), file in catalogue.files.items()
            if expression != NEUTRAL and endpoint_file(NEUTRAL, pose) in there
        }
        specs = {
            spec.path: spec
            for spec in pair_all(rig, catalogue)[0]
            if (options.sequences_dir / spec.path / MANIFEST).is_file()
        }
        if not endpoints and not specs:
            raise NothingMatchedError("nothing to repair: no expression lies beside a neutral of its pose")
        names = matching([*endpoints, *specs], options.only, "expression or sequence")
        return [endpoints[name] for name in names if name in endpoints], [
            spec for path, spec in specs.items() if path in names
        ]

    def _repair_endpoint(self, file: str) -> None:
        folder = self._options.endpoints_dir
        expression_pose = split_endpoint_file(file)
        assert expression_pose is not None  # noqa: S101 - the catalogue has read it
        neutral = endpoint_file(NEUTRAL, expression_pose[1])
        subject, regions = file.removesuffix(".png"), self._rig.regions.get(expression_pose[1], {})
        if self._was_repaired(folder / file, folder / neutral):
            self._still += 1
            return
        try:
            data, base = (read_file(folder / name) for name in (file, neutral))
            made = treat_expression(
                MadePicture(data, ""), ExpressionRequest(subject, base, "", care=self._care, regions=regions)
            )
        except PictureError as error:
            self._fail(subject, error)
            return
        self._say(subject, None, file, made, touched=made.png != data)
        if made.png == data or self._ledger is None:
            return
        old = self._index.inspect(folder, [file]).get(file)
        if isinstance(old, PictureFacts):
            self._memory.preserve(self._ledger, folder / file, old, {})
        facts = facts_of(made.png, read_size(made.png, subject))
        write_file(folder / file, made.png)
        self._index.record(folder / file, facts)
        origin: JsonObject = {"method": _METHOD, "onto": digest_of(folder / neutral)}
        if made.quality:
            origin["quality"] = made.quality.to_json()
        self._memory.preserve(self._ledger, folder / file, facts, origin)

    def _repair_sequence(self, spec: SequenceSpec) -> None:
        options = self._options
        names = spec.endpoint_files
        ends = usable_ends(options.endpoints_dir, names, self._index.inspect(options.endpoints_dir, names))
        if isinstance(ends, str):
            self._fail(spec.path, PictureError(ends))
            return
        folder = SequenceFolder(options.sequences_dir, spec, ends, self._index)
        times = [START, END]
        folder.take_stock(times, self._index.inspect(folder.path, folder.files_to_inspect(times)))
        redrawn = [entry for entry in folder.entries() if is_redrawn(entry)]
        if not redrawn:
            return
        if self._ledger is not None:
            folder.settle_ends()
        files = {START: ends.start_path, END: ends.end_path}
        files |= {entry.t: folder.path / entry.file for entry in folder.entries()}
        made: dict[Fraction, bytes] = {}
        for entry in sorted(redrawn, key=lambda entry: (entry.t.denominator, entry.t)):
            self._repair_frame(folder, spec, entry, files, made)
        if self._ledger is not None:
            self._emit(FileWritten("manifest", str(folder.write_manifest())))

    def _repair_frame(
        self,
        folder: SequenceFolder,
        spec: SequenceSpec,
        entry: FrameEntry,
        files: Mapping[Fraction, Path],
        made: dict[Fraction, bytes],
    ) -> None:
        """Repair an in-between after the two that it lies between; `made` are those that were repaired before it."""
        subject = f"{folder.path.name} t={spell(entry.t)}"
        low, high = neighbours_of(entry, files)
        if _is_settled(folder, entry):
            self._still += 1
            return
        try:
            data = read_file(files[entry.t])
            start, end = (made.get(t) or read_file(files[t]) for t in (low, high))
            regions = {} if spec.turns else self._rig.regions.get(spec.pose, {})
            request = TweenRequest(
                subject, start, end, low, high, entry.t, care=self._care, regions=regions, turns=spec.turns
            )
            treated = treat_tween(MadePicture(data, ""), request)
        except PictureError as error:
            self._fail(subject, error)
            return
        made[entry.t] = treated.png
        self._say(folder.path.name, entry.t, entry.file, treated, touched=treated.png != data)
        if self._ledger is None:
            return
        facts = facts_of(treated.png, folder.size)
        if treated.png != data:
            old = PictureFacts(folder.size, folder.digest(entry.t))
            self._memory.preserve(self._ledger, files[entry.t], old, encode_frame(entry))
        sources = tuple(Source(t, folder.digest(t)) for t in (low, high))
        quality: JsonObject = {"quality": treated.quality.to_json()} if treated.quality else {}
        told = {**entry.extra, **quality, "facts": {**_facts_of(entry), **treated.facts}}
        folder.add(FrameEntry(entry.t, entry.file, sources, told), treated.png, facts)

    def _was_repaired(self, file: Path, neutral: Path) -> bool:
        """Return whether the picture in a file was repaired onto this very neutral before."""
        ledger = self._memory.read_ledger()
        if ledger is None:
            return False
        with ledger:
            takes = ledger.takes_of_file(self._memory.relative(file))
        wanted = {"method": _METHOD, "onto": digest_of(neutral)}.items()
        done = {take.picture for take in takes if wanted <= json.loads(take.origin).items()}
        return bool(done) and digest_of(file) in done

    @property
    def _care(self) -> Care:
        return Care(snap_alpha=self._options.snap_alpha)

    def _fail(self, subject: str, error: PictureError) -> None:
        self._failed += 1
        self._emit(Warned(subject, str(error)))

    def _say(self, subject: str, t: Fraction | None, file: str, made: MadePicture, *, touched: bool) -> None:
        if touched:
            self._repaired += 1
        else:
            self._still += 1
        quality, facts = made.quality, made.facts.get("repair")
        told = (
            {name: float(value) for name, value in facts.items() if isinstance(value, int | float)}
            if isinstance(facts, dict)
            else {}
        )
        fit = told if told.get("trusted") else {}
        self._emit(
            FrameRepaired(
                subject=subject,
                t=None if t is None else float(t),
                file=file,
                repaired=touched,
                score=round(quality.score, 3) if quality else None,
                faults=quality.faults if quality else (),
                shift_px=fit.get("shift_px"),
                scale=fit.get("scale"),
                rotation_deg=fit.get("rotation_deg"),
                changed_before=told.get("changed_before", 0.0),
                changed_after=told.get("changed_after", 0.0),
            )
        )


def is_redrawn(entry: FrameEntry) -> bool:
    """Return whether an in-between may come from a model that redraws everything; one of unknown origin may."""
    return entry.extra.get("engine") not in direct_engines() and entry.extra.get("key") is not True


def _is_settled(folder: SequenceFolder, entry: FrameEntry) -> bool:
    """Return whether an in-between was repaired when it came, or later, and its neighbours are the same as then."""
    still_there = (folder.holds(each.t) and folder.digest(each.t) == each.sha256 for each in entry.made_from)
    return "repair" in _facts_of(entry) and bool(entry.made_from) and all(still_there)


def _facts_of(entry: FrameEntry) -> JsonObject:
    facts = entry.extra.get("facts")
    return facts if isinstance(facts, dict) else {}


def neighbours_of(entry: FrameEntry, there: Iterable[Fraction]) -> tuple[Fraction, Fraction]:
    """Return the positions of the two pictures that an in-between lies between: those it was made from, or the ends.

    Args:
        entry: The in-between.
        there: The positions that there are pictures of, the ends included.
    """
    known = {source.t for source in entry.made_from} & set(there)
    low = max((t for t in known if t < entry.t), default=START)
    return low, min((t for t in known if t > entry.t), default=END)
