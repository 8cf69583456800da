"""What a user may ask of the embedded engine: one method for comparison, another device for the learned flow."""

from dataclasses import dataclass
from typing import Self

from watercolor_rig.core.errors import UsageError
from watercolor_rig.engines.api import EngineSettings

METHODS = ("shape", "flow", "learned", "fade")
"""Ways of drawing, the preferred one of equals first; `fade` is never chosen by itself."""

DEVICES = ("cpu", "cuda", "directml", "coreml")
"""Where the learned flow may run."""

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class LocalOptions:
    """The settings of the embedded engine.

    Attributes:
        method: One of `METHODS` for everything, or `auto` for the best of each part.
        device: One of `DEVICES`.
    """

    method: str = AUTO
    device: str = "cpu"

    @classmethod
    def of(cls, settings: EngineSettings) -> Self:
        """Return what the settings say; options of other engines are ignored.

        Raises:
            UsageError: for a method or a device that there is none of.
        """
        method = settings.options.get("method", AUTO)
        device = settings.options.get("device", "cpu")
        if method not in (AUTO, *METHODS):
            raise UsageError(f"--method: {method!r} is none of {', '.join((AUTO, *METHODS))}")
        if device not in DEVICES:
            raise UsageError(f"--device: {device!r} is none of {', '.join(DEVICES)}")
        return cls(method, device)
