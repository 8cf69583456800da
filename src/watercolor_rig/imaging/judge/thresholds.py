"""What the measures mean: from where on each is a fault, in which words, and what a prompt is to stress then."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """One measure's meaning.

    Attributes:
        good: Up to here the measure costs nothing.
        bad: From here on it is as bad as can be. A fault lies in the middle.
        need: What a prompt is to stress: the key of a sentence in the prompts.
        words: The fault for people; `{value}` is the measure.
    """

    good: float
    bad: float
    need: str
    words: str

    def goodness(self, value: float) -> float:
        """Return 1 for a value at `good`, 0 at `bad`, linear between."""
        return min(1.0, max(0.0, (self.bad - value) / (self.bad - self.good)))


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Every measure's limits, and the least score of a good picture.

    Attributes:
        limits: By the measure's name; `identity` is measured as 1 less its value.
        good_score: Least score of a picture that need not be asked for again.
        fault: Goodness under which a measure is named as a fault.
    """

    limits: Mapping[str, Limit]
    good_score: float = 0.6
    fault: float = 0.5

    def goodness(self, parts: Mapping[str, float]) -> dict[str, float]:
        """Return the goodness, 0 to 1, of every measure that has a limit."""
        return {name: limit.goodness(parts[name]) for name, limit in self.limits.items() if name in parts}

    def faults(self, parts: Mapping[str, float]) -> Iterator[tuple[str, str]]:
        """Yield need and words of every measure that is a fault."""
        for name, goodness in self.goodness(parts).items():
            if goodness < self.fault:
                limit = self.limits[name]
                yield limit.need, limit.words.format(value=parts[name])


_STILL = {
    "drift_px": Limit(0.3, 2.0, "drift", "what should stand still has slid by {value:.1f} px"),
    "slid_px": Limit(0.5, 2.0, "drift", "a large part of the drawing has slid by {value:.1f} px against the rest"),
    "redrawn": Limit(0.05, 0.5, "identity", "{value:.0%} of the lines that should stay were drawn anew"),
    "stray": Limit(0.0005, 0.01, "stray", "{value:.1%} of the picture has changed where nothing should"),
    "alpha_faults": Limit(0.001, 0.02, "alpha", "{value:.1%} of the picture is hazy or see-through"),
    "painted": Limit(0.02, 0.4, "alpha", "a ground was painted on {value:.0%} of what should be transparent"),
    "blur": Limit(0.25, 0.75, "blur", "what changed is {value:.0%} less sharp than the drawing"),
    "misfit": Limit(0.0, 1.0, "identity", "it cannot be laid onto the drawing that it was made from"),
}

EXPRESSION = Thresholds(
    {
        **_STILL,
        "changed": Limit(0.35, 0.75, "stray", "{value:.0%} of the figure has changed"),
        "nothing": Limit(0.0, 1.0, "progress", "nothing has changed: it is the neutral again"),
    }
)
"""For an expression against the neutral of its pose."""

TURNED = Thresholds(
    {
        "alpha_faults": _STILL["alpha_faults"],
        "painted": Limit(0.0, 1.0, "alpha", "a ground was painted on what should be transparent"),
        "nothing": Limit(0.0, 1.0, "turn", "nothing has changed: the head has not turned"),
    }
)
"""For a picture whose head has turned, against what it was made from."""

TWEEN = Thresholds(
    {
        **_STILL,
        "ghost": Limit(0.3, 0.8, "ghost", "{value:.0%} of what moves shows both neighbours at once"),
        "novel": Limit(0.05, 0.35, "identity", "{value:.0%} of what moves has colours that neither neighbour has"),
        "off_progress": Limit(0.25, 0.6, "progress", "it is not where it should be between its neighbours"),
    }
)
"""For an in-between against its neighbours."""
