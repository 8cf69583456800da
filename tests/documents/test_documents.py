"""What the documentation shows is true: commands, links, files, flags, names."""

import json
import re
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from documents.pages import PAGES, ROOT, Block, Command, blocks, commands, commands_of, headings
from watercolor_rig.core.config import KNOWN_KEYS, parse_rig
from watercolor_rig.core.vocabulary import SHIPPED
from watercolor_rig.engines.api import EngineSettings, TweenRequest

GUIDES = ROOT / "docs/guides"
COMMON_FLAGS = [
    *("--config", "--size", "--max-workers", "--overwrite", "--only"),
    *("--engine", "--model", "--quality", "--dry-run", "--json", "-v", "--version"),
]
SEQUENCE_FLAGS = [
    *COMMON_FLAGS,
    *("--endpoints-dir", "--sequences-dir", "--max-depth", "--times", "--refresh", "--anchor", "--no-reuse-reversed"),
]
EXPRESSION_FLAGS = [*COMMON_FLAGS, "--base-image", "--pose", "--outdir", "--include-neutral"]


def test_the_pages_are_found() -> None:
    assert {"README.md", "ARCHITECTURE.md", "CHANGELOG.md", "engines.md"} <= {page.name for page in PAGES}


def test_the_first_commands_of_the_readme_are_the_two_that_need_no_set_up() -> None:
    shown = [command.line for command in commands() if command.page.name == "README.md"]

    assert shown[:2] == ["make demo", "make test"]


@pytest.mark.parametrize("command", commands(), ids=str)
def test_a_command_starts_something_that_exists(command: Command) -> None:
    program, *rest = command.argv

    match program:
        case "make":
            assert f"\n{rest[0]}:" in (ROOT / "Makefile").read_text("utf-8")
        case "python":
            assert (ROOT / rest[0]).suffix == ".py"
        case "watercolor-rig":
            assert rest[0] in {"sequences", "expressions", "preview", "engines"}
        case ".":
            assert rest == [".venv/bin/activate"]
        case _:
            assert re.match(r"export OPENAI_[A-Z_]+=\S+$", command.line)
    assert not command.line.endswith("\\")


@pytest.mark.parametrize("command", commands(), ids=str)
def test_a_command_on_an_example_names_files_that_are_there(command: Command) -> None:
    missing = [word for word in command.argv if word.startswith("examples/") and not (ROOT / word).exists()]

    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    targets = [found for found in re.findall(r"\]\(([^)\s]+)\)", text) if not found.startswith("https://")]

    broken = [target for target in targets if not leads_somewhere(page, target)]

    assert broken == []


def leads_somewhere(page: Path, target: str) -> bool:
    file, _, anchor = target.partition("#")
    there = (page.parent / file).resolve() if file else page
    return there.exists() and (not anchor or anchor in headings(there))


@pytest.mark.parametrize("block", list(blocks("json")), ids=str)
def test_json_that_is_shown_is_json_and_configurations_are_valid(block: Block) -> None:
    shown: dict[str, Any] = json.loads(block.text)

    if set(shown) <= set(KNOWN_KEYS):
        assert parse_rig(block.text.encode(), block.page.name)


@pytest.mark.parametrize(
    ("guide", "flags"),
    [("generate-all-sequences.md", SEQUENCE_FLAGS), ("generate-extreme-expressions.md", EXPRESSION_FLAGS)],
)
def test_the_table_of_a_guide_has_every_flag_once_and_no_other(guide: str, flags: list[str]) -> None:
    rows = re.findall(r"^\| `(--?[\w-]+)", (GUIDES / guide).read_text("utf-8"), flags=re.MULTILINE)

    assert sorted(rows) == sorted(flags)


@pytest.mark.parametrize("script", ["generate_all_sequences.py", "generate_extreme_expressions.py"])
def test_every_script_is_shown_at_work(script: str) -> None:
    assert commands_of(script)


def test_every_engine_has_a_heading_in_its_guide() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert set(project["entry-points"]["watercolor_rig.engines"]) <= headings(GUIDES / "engines.md")


def test_every_key_of_the_configuration_is_explained() -> None:
    text = (GUIDES / "expressions-json.md").read_text("utf-8")

    assert [key for key in KNOWN_KEYS if f"`{key}`" not in text] == []


def test_the_words_that_come_with_the_program_are_listed() -> None:
    text = (GUIDES / "expressions-json.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(mouth|eyes|brows)` \| (.+) \|$", text, flags=re.MULTILINE))

    listed = {axis: re.findall(r"`(\w+)`", row) for axis, row in rows.items()}

    assert listed == {axis: list(values) for axis, values in SHIPPED.items()}


def test_the_example_of_an_engine_works_as_it_is_printed() -> None:
    [sample] = [block for block in blocks("python") if "class HalfwayPlugin" in block.text]
    names: dict[str, Any] = {}
    exec(compile(sample.text, str(sample.page), "exec"), names)  # noqa: S102 - the point is to run what we print
    engine = names["plugin"].open_tweens(EngineSettings())

    early = TweenRequest("early", b"first", b"second", Fraction(0), Fraction(1), Fraction(1, 4))
    late = TweenRequest("late", b"first", b"second", Fraction(0), Fraction(1), Fraction(1, 2))

    assert engine.tween(early).png == b"first"
    assert engine.tween(late).png == b"second"
    assert names["plugin"].check(EngineSettings()) == "one cut"


def test_the_example_of_the_scripted_engine_works_as_it_is_printed() -> None:
    [sample] = [block for block in blocks("python") if "engines.scripted" in block.text]
    names: dict[str, Any] = {}

    exec(compile(sample.text, str(sample.page), "exec"), names)  # noqa: S102 - the point is to run what we print

    assert names["engine"].calls == []


def test_the_index_of_decisions_lists_them_all() -> None:
    pages = {page.name for page in (ROOT / "docs/adr").glob("0*.md")}
    index = (ROOT / "docs/adr/README.md").read_text("utf-8")

    assert set(re.findall(r"\((\d{4}-[\w-]+\.md)\)", index)) == pages


def test_every_example_has_its_licence_and_its_author_named() -> None:
    art = (ROOT / "THIRD_PARTY_ART.md").read_text("utf-8")

    missing = [folder.name for folder in (ROOT / "examples").iterdir() if f"## `examples/{folder.name}`" not in art]

    assert missing == []
    assert {"Lisa Wischofsky", "Deji", "derik"} <= set(re.findall(r"Lisa Wischofsky|Deji|derik", art))
    assert "https://creativecommons.org/licenses/by/4.0/" in art
