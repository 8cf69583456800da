"""What the documentation shows is true: commands, links, files, flags, names."""

import json
import re
import tomllib
from argparse import ArgumentParser
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from documents.pages import PAGES, ROOT, Block, Command, blocks, commands, commands_of, headings
from watercolor_rig.cli.export_flags import add_export_flags
from watercolor_rig.cli.flags import (
    add_cost_flags,
    add_doctor_flags,
    add_expression_flags,
    add_head_flags,
    add_inspect_flags,
    add_make_flags,
    add_preview_flags,
    add_repair_flags,
    add_report_flags,
    add_sequence_flags,
    add_studio_flags,
    add_takes_flags,
)
from watercolor_rig.cli.main import (
    build_expressions_parser,
    build_heads_parser,
    build_parser,
    build_poses_parser,
    build_sequences_parser,
)
from watercolor_rig.core.config import KNOWN_KEYS, parse_rig
from watercolor_rig.core.vocabulary import SHIPPED
from watercolor_rig.engines.api import EngineSettings, TweenRequest
from watercolor_rig.export.names import BUILT_IN
from watercolor_rig.export.registry import find_export

GUIDES = ROOT / "docs/guides"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
GUIDE_OF = {
    "generate-all-sequences.md": add_sequence_flags,
    "generate-extreme-expressions.md": add_expression_flags,
    "generate-pose-sequences.md": add_sequence_flags,
    "generate-head-poses.md": add_head_flags,
    "make.md": add_make_flags,
    "preview.md": add_preview_flags,
    "report.md": add_report_flags,
    "export.md": add_export_flags,
    "doctor.md": add_doctor_flags,
    "inspect.md": add_inspect_flags,
    "repair.md": add_repair_flags,
    "studio.md": add_studio_flags,
}


COMMANDS = {
    "make",
    "heads",
    "poses",
    "sequences",
    "expressions",
    "preview",
    "export",
    "inspect",
    "repair",
    "report",
    "engines",
    "cost",
    "takes",
    "doctor",
    "studio",
}


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
            assert rest[0] in COMMANDS
        case "dask":
            assert dask_reads(rest)
        case "pip":
            extras = re.findall(r"\w+", rest[1].partition("[")[2])
            assert (rest[0], {*extras} - set(PROJECT["optional-dependencies"])) == ("install", set())
        case ".":
            assert rest == [".venv/bin/activate"]
        case _:
            assert re.match(r"export OPENAI_[A-Z_]+=\S+$", command.line)
    assert not command.line.endswith("\\")


def dask_reads(words: list[str]) -> bool:
    """Return whether Dask's own parser takes the words of `dask scheduler …` or `dask worker …`."""
    main = pytest.importorskip(f"distributed.cli.dask_{words[0]}", reason="the extra 'cluster' is not installed").main
    return bool(main.make_context(words[0], words[1:]))


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

    if shown.get("format") == "watercolor-rig":
        schema = json.loads((ROOT / "docs/rig.schema.json").read_text("utf-8"))
        jsonschema.Draft202012Validator(schema).validate(shown)
    if set(shown) <= set(KNOWN_KEYS):
        assert parse_rig(block.text.encode(), block.page.name)


@pytest.mark.parametrize("guide", GUIDE_OF)
def test_the_table_of_a_guide_has_every_flag_once_and_no_other(guide: str) -> None:
    parser = ArgumentParser(add_help=False)
    GUIDE_OF[guide](parser)
    cells = re.findall(r"^\| (`-[^|]+) \|", (GUIDES / guide).read_text("utf-8"), flags=re.MULTILINE)

    told = sorted(flag for cell in cells for flag in re.findall(r"(?<![\w-])--?[\w-]+", cell))

    assert told == sorted(flag for action in parser._actions for flag in action.option_strings)  # noqa: SLF001


@pytest.mark.parametrize(("heading", "add_flags"), [("What was spent", add_cost_flags), ("Takes", add_takes_flags)])
def test_each_table_of_the_guide_to_money_has_every_flag_once_and_no_other(
    heading: str, add_flags: Callable[[ArgumentParser], None]
) -> None:
    parser = ArgumentParser(add_help=False)
    add_flags(parser)
    page = (GUIDES / "money-and-takes.md").read_text("utf-8")
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]

    cells = re.findall(r"^\| (`-[^|]+) \|", section, flags=re.MULTILINE)
    told = sorted(flag for cell in cells for flag in re.findall(r"(?<![\w-])--?[\w-]+", cell))

    assert told == sorted(flag for action in parser._actions for flag in action.option_strings)  # noqa: SLF001


@pytest.mark.parametrize("guide", GUIDE_OF)
def test_the_table_of_a_guide_says_the_real_defaults(guide: str) -> None:
    parser = ArgumentParser(add_help=False)
    GUIDE_OF[guide](parser)
    rows = re.findall(r"^\| `(--[\w-]+)[^|]*\| `([^`]+)` \|", (GUIDES / guide).read_text("utf-8"), flags=re.MULTILINE)

    for flag, shown in rows:
        default = parser.get_default(flag.removeprefix("--").replace("-", "_"))
        spelled = (
            "x".join(map(str, default))
            if isinstance(default, tuple)
            else f"{default:g}"
            if isinstance(default, float)
            else str(default)
        )
        assert (flag, shown) == (flag, spelled)


PARSERS = {
    "generate_all_sequences.py": build_sequences_parser,
    "generate_extreme_expressions.py": build_expressions_parser,
    "generate_head_poses.py": build_heads_parser,
    "generate_pose_sequences.py": build_poses_parser,
    "watercolor-rig": build_parser,
}


@pytest.mark.parametrize("command", [command for program in PARSERS for command in commands_of(program)], ids=str)
def test_the_real_parser_reads_what_is_shown(command: Command) -> None:
    program, *words = command.argv[1:] if command.argv[0] == "python" else command.argv

    assert PARSERS[program]().parse_args(words)


@pytest.mark.parametrize("script", [program for program in PARSERS if program.endswith(".py")])
def test_every_script_is_shown_at_work(script: str) -> None:
    assert commands_of(script)


def test_every_engine_has_a_heading_in_its_guide() -> None:
    assert set(PROJECT["entry-points"]["watercolor_rig.engines"]) <= headings(GUIDES / "engines.md")


def test_every_format_and_its_settings_are_explained_in_the_guide_to_exports() -> None:
    page = GUIDES / "export.md"
    text = page.read_text("utf-8")
    told = {name: text.partition(f"\n### {name}\n")[2].partition("\n### ")[0] for name in BUILT_IN}

    untold = [
        f"{name}: {key}={setting.default}"
        for name in BUILT_IN
        for key, setting in find_export(name, []).settings.items()
        if not re.search(rf"`{key}`[^\n]*`{re.escape(setting.default)}`", told[name] or text)
    ]

    assert set(BUILT_IN) <= headings(page)
    assert untold == []


def test_the_exports_that_a_checkout_has_are_those_that_the_package_names() -> None:
    assert PROJECT["entry-points"]["watercolor_rig.exports"] == BUILT_IN


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
