"""The studio over one project folder: everything that a front end asks for, without HTTP."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from watercolor_rig.app.studio import config_editing, new_project
from watercolor_rig.app.studio.catalogue import Catalogue, frame_at
from watercolor_rig.app.studio.ending import Ending
from watercolor_rig.app.studio.endpoint_grid import endpoint_grid, put_endpoint
from watercolor_rig.app.studio.engine_views import engine_views
from watercolor_rig.app.studio.folders import StudioFolders
from watercolor_rig.app.studio.format_views import format_views
from watercolor_rig.app.studio.frame_stories import FrameStories
from watercolor_rig.app.studio.history import History
from watercolor_rig.app.studio.hub import EndpointsChanged, EventHub, FrameChanged, ProjectChanged
from watercolor_rig.app.studio.job_view import JobView
from watercolor_rig.app.studio.listing import SequenceListing, known_time
from watercolor_rig.app.studio.marks import Marks
from watercolor_rig.app.studio.orders import Order, RegenerateWork
from watercolor_rig.app.studio.performing import Performing
from watercolor_rig.app.studio.pictures import Pictures
from watercolor_rig.app.studio.project_view import Purse, project_view
from watercolor_rig.app.studio.scores import ScoredFrame, ScoreKeeper
from watercolor_rig.app.studio.views import (
    BasePathView,
    CellView,
    EndpointsView,
    EngineView,
    ExportView,
    FormatView,
    FrameView,
    ProjectView,
    RowView,
    SequenceView,
    TakeView,
)
from watercolor_rig.app.studio.watching import Watch
from watercolor_rig.app.studio.workers import PixelWorkers
from watercolor_rig.app.studio.workshop import Workshop
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.core.errors import NothingMatchedError, UsageError
from watercolor_rig.core.times import END, START
from watercolor_rig.imaging.picture import as_png
from watercolor_rig.store.picture_index import PictureFacts

_USUAL_SIZE = (1024, 1536)


class Studio:
    """One project, or a folder where one can be started. Every method may be called from any thread.

    Args:
        project: The folder.
        toolbox: The outside world.
    """

    def __init__(self, project: Path, toolbox: Toolbox) -> None:
        self.folders = StudioFolders.of(project)
        self.hub = EventHub()
        self.ending = Ending()
        self.listing = SequenceListing(self.folders)
        self.workshop = Workshop(self.folders, toolbox, self.hub)
        self._toolbox = toolbox
        self._workers = PixelWorkers()
        self.ending.subscribe(self._workers.close)
        self._marks = Marks(self.folders.state / "marks.json")
        self._purse = Purse(self.folders)
        self._catalogue = Catalogue(self.folders, self.listing, self._marks, self.hub, self.workshop)
        self.performing = Performing(self._catalogue, self.hub)
        self.pictures = Pictures(self.folders, self._workers, self._catalogue.find)
        self._stories = FrameStories(self.folders)
        self._scores = ScoreKeeper(self.folders, self._workers)
        self._watch = Watch(self._catalogue, self.hub)

    def open(self) -> None:
        """Begin to watch the folder."""
        self._watch.start()

    def warm_up(self) -> None:
        """Make ready what the first visitor will ask for."""
        self._workers.warm_up()

    def close(self, *, at_once: bool = False) -> None:
        """End jobs, watch and workers; calls under way are awaited and kept unless `at_once`."""
        self.ending.begin()
        self._watch.close()
        self.workshop.close(at_once=at_once)
        self._workers.close()

    def wake(self) -> None:
        """Let the watch look now, not only when its time has come."""
        self._watch.wake()

    def look_everywhere(self) -> None:
        """Look now at all that has changed since it was looked at last, as the watch does by itself."""
        self._watch.look()

    # What there is

    def project(self) -> ProjectView:
        """Return the project as its config says it."""
        money, warnings = self._purse.count(self.workshop.budget_usd)
        return project_view(self._catalogue.snapshot(), money, warnings)

    def engines(self) -> list[EngineView]:
        """Return the installed engines, and what a frame of this project costs with each."""
        facts = self._catalogue.snapshot().facts.values()
        size = next((found.size for found in facts if isinstance(found, PictureFacts)), _USUAL_SIZE)
        return engine_views(self._toolbox.environment, size)

    def formats(self) -> list[FormatView]:
        """Return the formats that sequences can be exported in."""
        return format_views()

    def endpoints(self) -> EndpointsView:
        """Return the grid of expressions and poses."""
        return endpoint_grid(self._catalogue.snapshot(), self.workshop.running_frames())

    def rows(self) -> tuple[object, list[RowView]]:
        """Return every sequence, and what differs as soon as one of them does."""
        rows = self._catalogue.rows()
        return self._catalogue.version, rows

    def row(self, path_id: str) -> RowView | None:
        """Return one sequence of the list, or None where it is gone."""
        return self._catalogue.row(path_id)

    def sequence(self, path_id: str) -> SequenceView:
        """Return a sequence with its frames, and what the ledger knows of each.

        Raises:
            NothingMatchedError: if there is none of that id.
        """
        sequence = self._catalogue.sequence(path_id)
        return self._stories.told(sequence, self._catalogue.snapshot().config.rig)

    def frame(self, path_id: str, t: Fraction) -> FrameView:
        """Return one frame.

        Raises:
            NothingMatchedError: if there is none.
        """
        return frame_at(self.sequence(path_id), t)

    def scores(self, path_id: str) -> list[ScoredFrame]:
        """Return what can be measured of a sequence's frames.

        Raises:
            NothingMatchedError: if there is none of that id.
            PictureError: if a frame cannot be decoded.
        """
        return self._scores.scores(self._catalogue.sequence(path_id))

    def takes(self, path_id: str, t: float) -> list[TakeView]:
        """Return the pictures that a frame has had, newest first.

        Raises:
            NothingMatchedError: if there is no such frame.
        """
        sequence = self._catalogue.sequence(path_id)
        return self._stories.takes(sequence, frame_at(sequence, known_time(t)))

    def exports(self) -> list[ExportView]:
        """Return what was exported, newest first."""
        found: list[tuple[int, ExportView]] = []
        with suppress(OSError):
            for file in self.folders.exports.iterdir():
                if file.is_file() and not file.is_symlink() and not file.name.startswith("."):
                    status = file.stat()
                    made = datetime.fromtimestamp(status.st_mtime, UTC).isoformat(timespec="seconds")
                    found.append((status.st_mtime_ns, ExportView(file.name, status.st_size, made)))
        return [export for _, export in sorted(found, key=lambda entry: entry[0], reverse=True)]

    def export_file(self, name: str) -> Path | None:
        """Return an exported file, or None where there is none of that name."""
        return next((self.folders.exports / export.name for export in self.exports() if export.name == name), None)

    # What the user changes

    def edit_base_paths(self, paths: Sequence[tuple[str, str, str]], version: str) -> None:
        """Replace the base paths in the config.

        Raises:
            ProjectBusyError: if the config is another one by now, or another program writes the project.
            ConfigError: with every problem that the config would have.
        """
        with self.workshop.writing("the base paths"):
            config_editing.edit_base_paths(self.folders, [BasePathView(*path) for path in paths], version)
        self._catalogue.refresh()
        self._watch.wake()

    def set_budget(self, budget_usd: float | None) -> None:
        """Change the most that the project's jobs may spend."""
        self.workshop.set_budget(None if budget_usd is None else Decimal(repr(budget_usd)))
        self.hub.publish(ProjectChanged())

    def start_from_example(self) -> None:
        """Copy the example into the folder.

        Raises:
            UsageError: if there is a project.
        """
        with self.workshop.writing("the example"):
            new_project.copy_example(self.folders)
        self._began()

    def start_from_portrait(self, data: bytes, name: str) -> None:
        """Begin a project with one portrait.

        Raises:
            PictureError: if it is no picture.
            UsageError: if there is a project.
        """
        png = self._workers.run(as_png, data, "the portrait")
        with self.workshop.writing("a portrait"):
            new_project.start_from_portrait(self.folders, png, name)
        self._began()

    def put_endpoint(self, expression: str, pose: str, data: bytes) -> CellView:
        """Put a picture into a place of the grid; one that it replaces stays as a take.

        Raises:
            PictureError: if it is no picture.
            NothingMatchedError: if the config has no such expression.
            UsageError: if the pose is no id.
        """
        snapshot = self._catalogue.snapshot()
        png = self._workers.run(as_png, data, f"{expression} at {pose}")
        with self.workshop.writing(f"the endpoint {expression} at {pose}"):
            put_endpoint(snapshot, expression, pose, png)
        self._catalogue.refresh()
        self.hub.publish(EndpointsChanged())
        self._watch.wake()
        cells = self.endpoints().cells
        return next(cell for cell in cells if (cell.expression, cell.pose) == (expression, pose))

    def mark_frame(self, path_id: str, t: float, *, flagged: bool | None, trusted: bool | None) -> FrameView:
        """Set what the user thinks of a frame.

        Raises:
            NothingMatchedError: if there is no such frame.
            UsageError: for an endpoint: those are given, not judged.
        """
        time = known_time(t)
        frame = self.frame(path_id, time)
        if time in (START, END):
            raise UsageError("an endpoint cannot be marked; replace its picture instead")
        mark = self._marks.set(path_id, time, flagged=flagged, trusted=trusted)
        self._catalogue.touch(path_id)
        self.hub.publish(FrameChanged(path_id, time))
        return replace(frame, flagged=mark.flagged, trusted=mark.trusted)

    # What engines do

    def start(self, order: Order) -> JobView:
        """Start a job; trusted frames stay as they are.

        Raises:
            RigError: if it cannot be carried out as it is.
        """
        if isinstance(order.work, RegenerateWork):
            trusted = self._marks.trusted(order.work.path_id) & frozenset(order.work.times)
            if trusted == frozenset(order.work.times):
                raise UsageError("every frame that was chosen is trusted; take that mark off to make it anew")
            order = replace(order, work=replace(order.work, trusted=trusted))
        return self.workshop.start(order)

    def regenerate_frame(
        self, path_id: str, t: float, anchor_start_t: float | None, anchor_end_t: float | None
    ) -> JobView:
        """Start a job for one frame between two anchors, trusted or not.

        Raises:
            NothingMatchedError: if there is no such sequence.
            UsageError: if t or an anchor is no place for this.
        """
        if self.listing.folder(path_id) is None:
            raise NothingMatchedError(f"no sequence {path_id!r}; GET /timelines lists them")
        time = known_time(t)
        if not START < time < END:
            raise UsageError(f"t={t:g} is an endpoint; a frame strictly between 0 and 1 can be made anew")
        start, end = (None if anchor is None else known_time(anchor) for anchor in (anchor_start_t, anchor_end_t))
        return self.workshop.start(Order(RegenerateWork(path_id, (time,), start, end)))

    def choose_take(self, path_id: str, t: float, take: int) -> FrameView:
        """Put an earlier picture of a frame into its place.

        Raises:
            NothingMatchedError: if the frame has no such take.
            RigError: as `Workshop.choose`.
        """
        if all(known.take != take for known in self.takes(path_id, t)):
            raise NothingMatchedError(f"{path_id!r} at t={t:g} has no take {take}; its takes are listed with it")
        self.workshop.choose(take)
        return self.frame(path_id, known_time(t))

    def history(self) -> History:
        """Return what undo and redo would do."""
        return self.workshop.history()

    def undo(self) -> History:
        """Take back the last change of a picture."""
        return self.workshop.undo()

    def redo(self) -> History:
        """Do again what was taken back last."""
        return self.workshop.redo()

    def _began(self) -> None:
        self._catalogue.refresh()
        self.hub.publish(ProjectChanged())
        self._watch.wake()
