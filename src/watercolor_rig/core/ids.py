"""Ids, and the names built from them.

An endpoint is `{expression}__{pose}.png`, a sequence of a base path `{base_path}__{pose}`, a sequence of a pose path
`{expression}_{start}_to_{expression}_{end}`, as existing projects have it. The double underscore separates the parts of
the first two, so no id may contain it or touch it with an underscore of its own. The third thus never holds one, and is
no folder of a base path whatever the ids are; two pose paths may ask for the same folder (`a_b` at `c`, `a` at `b_c`),
which the configuration refuses. What an id allows is safe as part of a file name on every system: no separator, no
leading dot.
"""

import re
from typing import NewType

from watercolor_rig.core.rig import BasePathId, ExpressionId, PoseId

PathId = NewType("PathId", str)
"""A sequence: `{base_path_id}__{pose}`, or that of a pose path; also the name of its folder."""

SEPARATOR = "__"

_ID = re.compile(r"[^\W_](?:[\w .\-]*[\w\-])?")
_MAX_ID_LENGTH = 100


def fault_of_id(text: str) -> str | None:
    """Return what is wrong with `text` as an id, as the end of a sentence, or None where it is a good id."""
    if SEPARATOR in text:
        return "may not contain '__', which separates the parts of file names"
    if not _ID.fullmatch(text) or text.endswith("_"):
        return "must consist of letters, digits, '_', '-', '.' and inner spaces, and begin with a letter or digit"
    if len(text) > _MAX_ID_LENGTH:
        return f"is longer than {_MAX_ID_LENGTH} characters"
    return None


def path_id(base_path: BasePathId, pose: PoseId) -> PathId:
    """Return the id of the sequence of a base path at a pose."""
    return PathId(f"{base_path}{SEPARATOR}{pose}")


def pose_path_id(expression: ExpressionId, start: PoseId, end: PoseId) -> PathId:
    """Return the id of the sequence in which an expression goes from one pose to another."""
    return PathId(f"{expression}_{start}_to_{expression}_{end}")


def turn_of(path: str, expression: ExpressionId, start: PoseId) -> PoseId | None:
    """Return where the sequence of a pose path ends, by its id, or None where it is none of this beginning."""
    beginning = pose_path_id(expression, start, PoseId(""))
    end = path.removeprefix(beginning)
    return PoseId(end) if path.startswith(beginning) and not fault_of_id(end) else None


def endpoint_file(expression: ExpressionId, pose: PoseId) -> str:
    """Return the file name of an endpoint."""
    return f"{expression}{SEPARATOR}{pose}.png"


def split_endpoint_file(name: str) -> tuple[ExpressionId, PoseId] | None:
    """Return the expression and pose that a file name states, or None where it is no endpoint's name."""
    if not name.endswith(".png"):
        return None
    parts = name.removesuffix(".png").split(SEPARATOR)
    if len(parts) != 2 or any(fault_of_id(part) for part in parts):  # noqa: PLR2004 - expression and pose
        return None
    return ExpressionId(parts[0]), PoseId(parts[1])
