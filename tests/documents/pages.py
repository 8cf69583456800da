"""What the documentation says, taken apart for tests."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*/*.md")],
    key=lambda page: page.relative_to(ROOT).as_posix(),
)

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: its page, the number of its first line there, its language and its text."""

    page: Path
    line_number: int
    language: str
    text: str

    def __str__(self) -> str:
        """Where it stands, for the name of a test."""
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line_number}"


@dataclass(frozen=True, slots=True)
class Command:
    """One command that a page shows, as the shell would hand it over."""

    page: Path
    line_number: int
    line: str

    @property
    def argv(self) -> list[str]:
        """The words of the command, quotes removed."""
        return shlex.split(self.line)

    def __str__(self) -> str:
        """Where it stands, for the name of a test."""
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line_number}"


def blocks(language: str) -> Iterator[Block]:
    """Yield every fenced block of a language over all pages."""
    for page in PAGES:
        text = page.read_text("utf-8")
        for found in _FENCE.finditer(text):
            if found[1] == language:
                yield Block(page, text.count("\n", 0, found.start(2)) + 1, found[1], found[2])


def commands() -> list[Command]:
    """Return every command of every `sh` block; one line is one command."""
    return [
        Command(block.page, number, line)
        for block in blocks("sh")
        for number, line in enumerate(block.text.splitlines(), block.line_number)
        if line and not line.startswith("#")
    ]


def commands_of(program: str) -> list[Command]:
    """Return the commands that start a program: a script such as `generate_all_sequences.py`, or `watercolor-rig`."""
    return [command for command in commands() if program in command.argv[: 2 if command.argv[0] == "python" else 1]]


def headings(page: Path) -> set[str]:
    """Return the anchors that a page offers, spelled as GitHub spells them."""
    plain = _FENCE.sub("", page.read_text("utf-8"))
    titles = re.findall(r"^#+ (.+)$", plain, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
