"""The description of the routes is what the routes are: the types of the pages are generated from it."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_description_that_is_checked_in_is_up_to_date() -> None:
    script = ROOT / "tools/openapi.py"

    written = subprocess.run([sys.executable, str(script), "-"], capture_output=True, check=True)

    assert written.stdout.decode() == (ROOT / "ui/openapi.json").read_text("utf-8"), "run `make docs`"


def test_every_route_is_described_with_its_errors_and_every_name_is_used_once() -> None:
    described = json.loads((ROOT / "ui/openapi.json").read_text("utf-8"))
    operations = [operation for path in described["paths"].values() for operation in path.values()]

    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert all("default" in operation["responses"] for operation in operations)
    assert all(operation["description"] for operation in operations)


def test_the_addresses_that_old_clients_know_are_all_there() -> None:
    described = json.loads((ROOT / "ui/openapi.json").read_text("utf-8"))

    assert {
        "/health", "/timelines", "/timeline/{path_id}", "/frames/{path_id}/{file}",
        "/frames/sequences/{path_id}/{file}", "/timeline/{path_id}/regenerate",
    } <= set(described["paths"])  # fmt: skip
