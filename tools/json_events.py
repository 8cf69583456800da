# ruff: noqa: E501 - commands and JSON lines of a page stay whole
"""Write docs/guides/json-events.md from the events and errors of the core; `-` prints it instead."""

import inspect
import re
import sys
import typing
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from types import UnionType

from watercolor_rig.core import project_events  # noqa: F401 - its events are on the page too
from watercolor_rig.core.errors import RigError
from watercolor_rig.core.events import Event

PAGE = Path(__file__).parents[1] / "docs/guides/json-events.md"

HEAD = """\
<!-- Written by `make docs` from events.py, project_events.py and errors.py in src/watercolor_rig/core; change those. -->
# JSON events

With `--json`, every command prints one JSON object a line, for scripts and other programs. The key `event` says what
happened; the other keys are in the tables below. Further keys and further events may come: leave alone what you do not
know.

```sh
python generate_all_sequences.py --config examples/sylvie/expressions.json --endpoints-dir examples/sylvie/frames/endpoints --sequences-dir demo/sylvie/frames/sequences --engine local --only neutral_to_giggle__blue --max-depth 1 --json
```

```jsonl
{"event": "engine", "engine": "local", "reason": "--engine local; embedded engine (shapes, optical and learned flow), free"}
{"event": "poses", "poses": ["blue", "green"]}
{"event": "plan", "kind": "tween", "frames": 1, "shared": 0, "calls": 1, "sequences": 1, "workers": 4, "cost_usd": "0", "seconds": 0.1, "paid": false, "cost_at_most_usd": "0"}
{"event": "made", "subject": "neutral_to_giggle__blue", "t": 0.5, "file": "050.png", "seconds": 0.112, "cost_usd": null, "shared_from": ""}
{"event": "wrote", "kind": "manifest", "file": "demo/sylvie/frames/sequences/neutral_to_giggle__blue/manifest.json"}
{"event": "ended", "kind": "tween", "success": 1, "failed": 0, "blocked": 0, "seconds": 0.61, "cost_usd": "0"}
```

Money is US dollars as text, so that no digit is lost. Positions are numbers from 0 to 1, as in a manifest. A flag that
cannot be read is said in words on standard error, with status 2, before any event.

## Events
"""

ERRORS = """
## Errors

What ends a command early is the last line, with the key `event` being `error`, a `code` and a `message`. The codes of
frames that failed, in `failed`, are the same.

| code | exit status | meaning |
|---|---|---|
"""

WORDS: dict[type, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    Decimal: "money",
    type(None): "null",
}


def main() -> None:
    """Write the page, or print it."""
    text = page()
    if sys.argv[1:] == ["-"]:
        sys.stdout.buffer.write(text.encode())
    else:
        PAGE.write_text(text, encoding="utf-8")
        print(f"[i] Wrote {PAGE}")


def page() -> str:
    """Return the whole page."""
    by_name = {event.name: event for event in Event.__subclasses__()}  # a class with slots is made in two steps
    events = "".join(map(section, by_name.values()))
    return f"{HEAD}{events}{ERRORS}{''.join(map(error_row, walk(RigError)))}"


def section(event: type[Event]) -> str:
    """Return an event's heading, its sentence and its table."""
    text = inspect.getdoc(event) or ""
    sentence, _, rest = text.partition("\n\nAttributes:\n")
    meanings = dict(re.findall(r"^    (\w+): (.+?)(?=^    \w|\Z)", rest, flags=re.MULTILINE | re.DOTALL))
    hints = typing.get_type_hints(event)
    rows = "".join(
        f"| `{field.name}` | {spelled(hints[field.name])} | {' '.join(meanings[field.name].split())} |\n"
        for field in fields(event)
    )
    return f"\n### `{event.name}`\n\n{' '.join(sentence.split())}\n\n| key | value | meaning |\n|---|---|---|\n{rows}"


def spelled(hint: object) -> str:
    """Return a type in the words of JSON."""
    if isinstance(hint, type) and hint in WORDS:
        return WORDS[hint]
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is tuple:
        return f"list of {spelled(arguments[0])}s"
    if typing.get_origin(hint) is typing.Literal:
        return " or ".join(f"`{value}`" for value in arguments)
    if isinstance(hint, UnionType):
        return " or ".join(spelled(argument) for argument in arguments)
    raise TypeError(f"no words for {hint!r}; add them here")


def walk(root: type[RigError]) -> list[type[RigError]]:
    """Return all errors below the root, in the order of their tree."""
    return [error for child in root.__subclasses__() for error in (child, *walk(child))]


def error_row(error: type[RigError]) -> str:
    """Return an error's line of the table."""
    sentence = (inspect.getdoc(error) or "").partition("\n\n")[0]
    return f"| `{error.code}` | {error.exit_status} | {' '.join(sentence.split())} |\n"


if __name__ == "__main__":
    main()
