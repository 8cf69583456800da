"""When the next call may start: the seam between the driver and whatever knows a service's limit."""

from typing import Protocol


class Pacer(Protocol):
    """Grants permits for calls. The driver takes a permit first and only then chooses the job for it."""

    @property
    def per_minute(self) -> float | None:
        """Calls a minute that it grants, by what is known now, or None where nothing limits it."""
        ...

    def acquire(self, now_s: float) -> float:
        """Take a permit and return 0, or return the seconds after which to ask again, above 0.

        Infinitely many mean that the driver will be nudged when it is time to ask again.

        Args:
            now_s: The driver's clock.
        """
        ...

    def answered(self, now_s: float, limit_per_minute: float | None) -> None:
        """Hear of a usable answer, and of the limit that its headers named, if any."""
        ...

    def refused(self, now_s: float, limit_per_minute: float | None) -> None:
        """Hear of a refusal by the rate limit, and of the limit that it named, if any."""
        ...


class Unpaced:
    """Every call may start at once: for engines on our own processor."""

    per_minute: float | None = None

    def acquire(self, now_s: float) -> float:
        """Grant."""
        del now_s
        return 0.0

    def answered(self, now_s: float, limit_per_minute: float | None) -> None:
        """Nothing to learn."""

    def refused(self, now_s: float, limit_per_minute: float | None) -> None:
        """Nothing to learn."""
