"""Reading what the user names on the command line: the configuration, a folder, a pattern."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

from watercolor_rig.core.config import parse_rig
from watercolor_rig.core.errors import NothingMatchedError, UsageError
from watercolor_rig.core.rig import Rig


def load_rig(path: Path) -> Rig:
    """Return the rig of a configuration file.

    Raises:
        UsageError: if the file cannot be read.
        ConfigError: with every problem in it.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"--config: cannot read {str(path)!r}: {error.strerror or error}") from error
    return parse_rig(data, str(path))


def list_files(flag: str, folder: Path) -> list[str]:
    """Return the names of the files in a folder that has to exist, sorted.

    Raises:
        UsageError: naming the flag that the folder came from.
    """
    return [entry.name for entry in _entries(flag, folder) if entry.is_file()]


def list_folders(flag: str, folder: Path) -> list[str]:
    """Return the names of the folders in a folder that has to exist, sorted.

    Raises:
        UsageError: naming the flag that the folder came from.
    """
    return [entry.name for entry in _entries(flag, folder) if entry.is_dir()]


def matching(names: Iterable[str], pattern: str | None, what: str) -> list[str]:
    """Return the names that the pattern of `--only` matches, all of them without one.

    The pattern is a shell pattern (`neutral_to_*`) or several, separated by commas.

    Raises:
        NothingMatchedError: if none does.
    """
    known = list(names)
    if pattern is None:
        return known
    parts = [part.strip() for part in pattern.split(",") if part.strip()]
    found = [name for name in known if any(fnmatchcase(name, part) for part in parts)]
    if not found:
        some = ", ".join(known[:8]) + (", …" if len(known) > 8 else "")  # noqa: PLR2004 - a line's worth
        raise NothingMatchedError(f"--only {pattern!r} matches no {what}; there are: {some or 'none'}")
    return found


def _entries(flag: str, folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise UsageError(f"{flag}: cannot list {str(folder)!r}: {error.strerror or error}") from error
