"""Writes `ui/openapi.json`: what the server's routes say and hear, from which the types of the pages are generated."""

import json
import sys
import tempfile
from pathlib import Path

from watercolor_rig.app.studio.studio import Studio
from watercolor_rig.app.toolbox import Toolbox
from watercolor_rig.server.application import create_app
from watercolor_rig.server.guard import Policy

OPENAPI = Path(__file__).parents[1] / "ui/openapi.json"


def main() -> None:
    """Write the file; with `-` as argument, print it."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Studio(Path(folder), Toolbox()), Policy(hosts=None))
        text = json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n"
    if sys.argv[1:] == ["-"]:
        sys.stdout.write(text)
    else:
        OPENAPI.parent.mkdir(exist_ok=True)
        OPENAPI.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
