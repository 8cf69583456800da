"""The grid of expressions and poses: what is there, and putting a picture into a place."""

from difflib import get_close_matches
from pathlib import Path

from watercolor_rig.app.memory import Memory
from watercolor_rig.app.studio.snapshot import Snapshot
from watercolor_rig.app.studio.views import CellView, EndpointsView
from watercolor_rig.core.errors import NothingMatchedError, PictureError, UsageError
from watercolor_rig.core.ids import endpoint_file, fault_of_id
from watercolor_rig.core.rig import ExpressionId, PoseId
from watercolor_rig.store.durable import make_directory, write_file
from watercolor_rig.store.picture_index import PictureFacts, PictureIndex


def endpoint_grid(snapshot: Snapshot, running: set[str]) -> EndpointsView:
    """Return the grid: every expression of the config at every pose.

    Args:
        snapshot: Config and endpoints.
        running: Files under way.
    """
    expressions = list(snapshot.config.rig.expressions)
    cells = [_cell(snapshot, expression, pose, running) for expression in expressions for pose in snapshot.poses]
    return EndpointsView(list(snapshot.poses), list(expressions), cells, list(snapshot.catalogue.ignored))


def _cell(snapshot: Snapshot, expression: ExpressionId, pose: PoseId, running: set[str]) -> CellView:
    file = endpoint_file(expression, pose)
    facts = snapshot.facts.get(file)
    if file in running:
        return CellView(expression, pose, file, "running")
    if isinstance(facts, PictureError):
        return CellView(expression, pose, file, "broken", fault=str(facts))
    if facts is None:
        return CellView(expression, pose, file, "missing")
    width, height = facts.size
    return CellView(expression, pose, file, "present", facts.sha256, width, height)


def put_endpoint(snapshot: Snapshot, expression: str, pose: str, png: bytes) -> Path:
    """Write a picture into a place of the grid; one that it replaces is kept as a take. Return its file.

    Args:
        snapshot: The grid.
        expression: One of the config.
        pose: Any id; a new one becomes a new column.
        png: A whole PNG.

    Raises:
        NothingMatchedError: if the config has no such expression.
        UsageError: if the pose is no id.
        StoreError: if the disk refuses; then the old picture is in its place.
    """
    known = list(snapshot.config.rig.expressions)
    if expression not in known:
        near = get_close_matches(expression, known, n=1)
        advice = f"did you mean {near[0]!r}?" if near else "add it to the config first"
        raise NothingMatchedError(f"no expression {expression!r} in the config; {advice}")
    if fault := fault_of_id(pose):
        raise UsageError(f"the pose {pose!r} {fault}")
    folders = snapshot.folders
    file = folders.endpoints / endpoint_file(ExpressionId(expression), PoseId(pose))
    make_directory(folders.endpoints)
    _preserve(folders.project, file)
    write_file(file, png)
    return file


def _preserve(project: Path, file: Path) -> None:
    facts = PictureIndex(project).inspect(file.parent, [file.name]).get(file.name)
    if not isinstance(facts, PictureFacts):
        return  # nothing is there, or no picture
    memory = Memory(project)
    with memory.open_ledger() as ledger:
        memory.preserve(ledger, file, facts, {})
