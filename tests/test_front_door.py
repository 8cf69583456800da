"""The Makefile and its scripts keep what their help promises, without a network and without a real set-up."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = re.findall(r"^\.PHONY: ([\w-]+)$", MAKEFILE, flags=re.MULTILINE)
SHELL = shutil.which("sh")
needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
needs_sh = pytest.mark.skipif(SHELL is None, reason="no POSIX shell")


@needs_make
def test_make_alone_explains_every_target() -> None:
    make = shutil.which("make") or "make"

    said = subprocess.run([make, "-C", str(ROOT), "--no-print-directory"], capture_output=True, text=True, check=True)

    explained = re.findall(r"^  make ([\w-]+) +\w.*$", said.stdout, flags=re.MULTILINE)
    assert sorted(explained) == sorted(TARGETS)


@pytest.mark.parametrize("target", ["demo", "test", "test-fast", "lint", "format", "types", "check", "clean", "help"])
def test_the_targets_that_people_know_exist(target: str) -> None:
    assert target in TARGETS


def test_every_package_that_the_project_names_is_pinned_and_satisfies_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    optional = project["project"]["optional-dependencies"]
    wanted = [*project["project"]["dependencies"], *(name for extra in optional.values() for name in extra)]
    wanted = [
        re.sub(r"\[.*\]", "", requirement).lower() for requirement in wanted + project["build-system"]["requires"]
    ]
    pins = dict(line.lower().split("==") for line in pinned_lines())

    names = {re.split(r"[<>=!~; ]", requirement)[0] for requirement in wanted} - {project["project"]["name"]}
    exact = dict(requirement.split("==") for requirement in wanted if "==" in requirement)
    assert names <= set(pins)
    assert exact.items() <= pins.items()


def test_the_tools_bring_every_extra_so_that_its_tests_run() -> None:
    optional = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    [own] = [name for name in optional["dev"] if name.startswith("watercolor-rig")]

    assert set(re.findall(r"\w+", own.partition("[")[2])) == set(optional) - {"dev"}


def test_pins_are_names_and_versions_and_nothing_else() -> None:
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in pinned_lines())


@needs_sh
def test_without_a_suitable_python_the_set_up_says_what_is_needed(tmp_path: Path) -> None:
    fake_python(tmp_path, "python3.13", "exit 127")  # a launcher with nothing behind it
    fake_python(tmp_path, "python3", "exit 1")  # too old

    status, said = make_venv(tmp_path)

    assert status == 1
    assert "Found no Python 3.11 or newer." in said
    assert "make PYTHON=" in said


@needs_sh
def test_a_python_without_venv_is_named_with_what_to_install(tmp_path: Path) -> None:
    fake_python(tmp_path, "python3.12", 'case "$2" in *ensurepip*) exit 1;; esac')

    status, said = make_venv(tmp_path)

    assert status == 1
    assert "Found python3.12, but without the modules 'venv' and 'ensurepip'" in said
    assert "python3-venv" in said


@needs_sh
def test_the_first_python_that_works_makes_the_environment(tmp_path: Path) -> None:
    fake_python(tmp_path, "python3.13", "exit 127")
    fake_python(tmp_path, "python3.12", 'case "$2" in *ensurepip*) exit 1;; esac')
    fake_python(tmp_path, "python3.11", 'echo "3.11 got: $*"')
    fake_python(tmp_path, "python3", 'echo "the last got: $*"')

    status, said = make_venv(tmp_path)

    assert status == 0
    assert "3.11 got: -m venv --clear" in said
    assert "the last got" not in said


@needs_sh
def test_an_environment_that_works_is_kept(tmp_path: Path) -> None:
    (tmp_path / "venv/bin").mkdir(parents=True)
    fake_python(tmp_path / "venv/bin", "python", "exit 0")
    fake_python(tmp_path, "python3", 'echo "made again"')

    status, said = make_venv(tmp_path)

    assert (status, said) == (0, "")


def test_the_files_of_the_front_door_name_no_place_of_one_machine() -> None:
    files = [ROOT / name for name in ("Makefile", "constraints.txt", ".ci/run")]
    files += [path for path in (ROOT / "tools").iterdir() if path.is_file()]

    told = [file.name for file in files if re.search(r"/(?:tmp|home|root|work|Users)/|--index-url", file.read_text())]

    assert told == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such mark on a file")
def test_what_ci_runs_is_executable() -> None:
    assert os.access(ROOT / ".ci/run", os.X_OK)


def pinned_lines() -> list[str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def fake_python(folder: Path, name: str, script: str) -> None:
    file = folder / name
    file.write_text(f"#!{SHELL}\n{script}\n")
    file.chmod(0o755)


def make_venv(folder: Path) -> tuple[int, str]:
    """Run the set-up where only the fake Pythons of `folder` are found; return its status and all it says."""
    command = [str(SHELL), str(ROOT / "tools/make_venv.sh"), str(folder / "venv")]
    done = subprocess.run(command, env={"PATH": str(folder)}, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr
