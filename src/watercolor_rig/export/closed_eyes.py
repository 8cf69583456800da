"""Which expressions are closed eyes: the setting of every format in which a character blinks."""

from collections.abc import Mapping

from watercolor_rig.core.rig import ExpressionId
from watercolor_rig.export.api import Setting

NAME = "closed-eyes"
SETTING = Setting("blink_closed,blink", None, "expressions with closed eyes, the best first")


def closed_eyes(settings: Mapping[str, str]) -> list[ExpressionId]:
    """Return the expressions that checked settings name, the best first."""
    names = (name.strip() for name in settings[NAME].split(","))
    return [ExpressionId(name) for name in names if name]
