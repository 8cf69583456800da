"""What holds over the whole program: layers, the places that may print or catch everything, sizes, and no secrets."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

import watercolor_rig

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src/watercolor_rig"
MODULES = {path.relative_to(SOURCE).as_posix(): ast.parse(path.read_bytes()) for path in sorted(SOURCE.rglob("*.py"))}

MAY_CATCH_ANY_ERROR = {"engines/registry.py", "export/registry.py", "runner/lanes.py"}
"""Where a stranger's code is called: an engine, the import of a plug-in, and its check."""

MOST_LINES_OF_A_MODULE = 450
MOST_LINES_OF_A_FUNCTION = 60

SECRETS = {
    "a path of some machine": r"(?<![\w.:/-])/(?:work|home|root|Users|mnt|tmp)/\w",
    "an address of packages": (
        r"(?:extra-)?index-url\b|\btrusted-host\b|\bfind-links\b"
        r"|//(?:[\w.-]+@)?[\w.-]*\b(?:pypi|artifactory|nexus|devpi)\b"
    ),
    "a key": (
        r"\bsk-(?!test-)(?:proj-)?[A-Za-z0-9_]{16,}|\bgh[pousr]_\w{20,}|\bAKIA[0-9A-Z]{16}"
        r"|BEGIN (?:\w+ )*PRIVATE KEY"
    ),
}


def nodes() -> Iterator[tuple[str, ast.AST]]:
    for name, tree in MODULES.items():
        for node in ast.walk(tree):
            yield name, node


def tracked() -> list[Path]:
    """Return the text files that go into the repository; there is no list of them where it was unpacked without one."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)  # noqa: S607
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no git repository here")
    files = [ROOT / os.fsdecode(name) for name in listed.stdout.split(b"\0") if name]
    return [file for file in files if file.is_file() and b"\0" not in file.read_bytes()[:8000]]


@pytest.mark.skipif(find_spec("importlinter") is None, reason="import-linter is not installed")
def test_the_layers_hold() -> None:
    program = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"

    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )

    assert (done.returncode, "0 broken" in done.stdout) == (0, True), done.stdout + done.stderr


def test_every_folder_of_the_program_is_a_layer() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    [layers] = [contract for contract in config["contracts"] if contract["name"] == "layers"]
    named = {name for line in layers["layers"] for name in re.findall(r"\w+", line)}

    folders = {path.parent.name for path in SOURCE.glob("*/__init__.py")}

    assert folders == named | set(layers["exhaustive_ignores"])


def test_nothing_prints_but_through_the_console() -> None:
    calls = [
        (name, node.lineno)
        for name, node in nodes()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    writes = {
        name
        for name, node in nodes()
        if isinstance(node, ast.Attribute) and node.attr in {"stdout", "stderr"} and not name.startswith("cli/")
    }

    assert (calls, writes) == ([], set())


def test_every_error_is_caught_by_name_but_where_strangers_are_called() -> None:
    caught: dict[str, set[str]] = {}
    for name, node in nodes():
        if isinstance(node, ast.ExceptHandler):
            kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            for kind in kinds:
                caught.setdefault("bare" if kind is None else ast.unparse(kind), set()).add(name)

    assert "bare" not in caught
    assert caught["Exception"] == MAY_CATCH_ANY_ERROR


def test_what_catches_an_interrupt_raises_it_again() -> None:
    swallowed = [
        (name, node.lineno)
        for name, node in nodes()
        if isinstance(node, ast.ExceptHandler)
        and node.type is not None
        and ast.unparse(node.type) == "BaseException"
        and not (isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None)
    ]

    assert swallowed == []


@pytest.mark.parametrize("folder", ["src", "tests", "tools", "benchmarks"])
def test_no_module_and_no_function_is_too_long(folder: str) -> None:
    long = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        text = path.read_text("utf-8")
        if (count := text.count("\n")) > MOST_LINES_OF_A_MODULE * (1.5 if folder == "tests" else 1):
            long.append(f"{path.name}: {count} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                count = (node.end_lineno or node.lineno) - node.lineno + 1
                if count > MOST_LINES_OF_A_FUNCTION:
                    long.append(f"{path.name}: {node.name} has {count} lines")

    assert long == []


def test_a_coroutine_awaits_something() -> None:
    waiting = (ast.Await, ast.AsyncWith, ast.AsyncFor)
    idle = [
        (name, node.name)
        for name, node in nodes()
        if isinstance(node, ast.AsyncFunctionDef) and not any(isinstance(inner, waiting) for inner in ast.walk(node))
    ]

    assert idle == []


@pytest.mark.parametrize("what", SECRETS)
def test_no_file_of_the_repository_tells(what: str) -> None:
    own = {Path(__file__).name, "test_front_door.py"}  # both spell out what they look for
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in tracked()
        if file.name not in own
        for number, line in enumerate(file.read_text("utf-8", errors="replace").splitlines(), start=1)
        if re.search(SECRETS[what], line)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("cd /" + "home/somebody/rig", "a path of some machine"),
        ("root = '/tmp/wt-x'", "a path of some machine"),
        ("--extra-index-url https://example.org/simple", "an address of packages"),
        ("https://user@pypi.example.org/simple", "an address of packages"),
        ("OPENAI_API_KEY=sk-proj-abcdefghij0123456789", "a key"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", "a key"),
    ],
)
def test_what_must_not_be_told_is_recognised(line: str, what: str) -> None:
    assert re.search(SECRETS[what], line)


def test_there_is_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    changes = re.findall(r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), flags=re.MULTILINE)

    assert {project["version"], changes[0]} == {watercolor_rig.__version__}


def test_importing_the_program_makes_and_reads_nothing(tmp_path: Path) -> None:
    names = [
        "watercolor_rig." + name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for name in MODULES
        if name != "__init__.py"
    ]
    program = f"""
import importlib, threading
before = threading.active_count()
for name in {names!r}:
    importlib.import_module(name)
assert threading.active_count() == before
"""

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []
