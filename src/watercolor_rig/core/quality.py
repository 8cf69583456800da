"""How good a made picture is, as far as can be told without knowing the truth."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from watercolor_rig.core.json import Json


@dataclass(frozen=True, slots=True)
class Quality:
    """What a judge says of one picture.

    Attributes:
        score: 0 (useless) to 1 (nothing to object).
        is_good: Whether every part passes its threshold.
        parts: Measured values by name, each in its own unit (`drift_px`, shares from 0 to 1).
        faults: What is conspicuous, in words for people.
        needs: What another try must mind: keys of `core.prompts.MINDED`.
    """

    score: float
    is_good: bool
    parts: Mapping[str, float] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Return the value of the manifest's key `quality`."""
        return {
            "score": round(self.score, 3),
            "good": self.is_good,
            "parts": {name: round(value, 4) for name, value in self.parts.items()},
            "faults": list(self.faults),
            "needs": list(self.needs),
        }

    @classmethod
    def from_json(cls, value: Json) -> Self | None:
        """Return what `to_json` wrote, or None for anything else."""
        if not isinstance(value, dict):
            return None
        score, good, parts = value.get("score"), value.get("good"), value.get("parts")
        faults, needs = value.get("faults"), value.get("needs")
        if not (isinstance(score, int | float) and isinstance(good, bool) and isinstance(parts, dict)):
            return None
        measured = {name: float(part) for name, part in parts.items() if isinstance(part, int | float)}
        return cls(float(score), good, measured, _words(faults), _words(needs))


def _words(value: Json) -> tuple[str, ...]:
    return tuple(word for word in value if isinstance(word, str)) if isinstance(value, list) else ()
