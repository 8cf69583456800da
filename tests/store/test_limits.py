"""What is kept of services between runs."""

import json
from pathlib import Path

import pytest

from watercolor_rig.core.errors import StoreError
from watercolor_rig.core.latency import Latency
from watercolor_rig.core.rate_knowledge import Learnt
from watercolor_rig.store.limits import STATE_VARIABLE, Known, LimitFile, state_folder

KNOWN = Known(Learnt(20.0, settled=True), Latency(40.0, 60.0, 45.0))


def limit(folder: Path, model: str = "m", account: str = "cafe") -> LimitFile:
    return LimitFile(folder, "api.example", model, account)


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    limit(tmp_path / "not/yet").save(KNOWN)

    assert limit(tmp_path / "not/yet").load() == KNOWN


@pytest.mark.parametrize("known", [Known(), Known(learnt=Learnt(5.5, settled=False)), Known(latency=Latency(1, 2, 3))])
def test_what_is_not_known_stays_so(tmp_path: Path, known: Known) -> None:
    limit(tmp_path).save(known)

    assert limit(tmp_path).load() == known


def test_models_and_accounts_are_kept_apart(tmp_path: Path) -> None:
    limit(tmp_path).save(KNOWN)

    assert limit(tmp_path, model="other").load() == Known()
    assert limit(tmp_path, account="babe").load() == Known()


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", '{"schema": 2, "per_minute": 5}', '{"schema": 1, "per_minute": -5}', '{"schema": 1, "p50_s": "x"}'],
)
def test_a_broken_file_counts_as_nothing_known(tmp_path: Path, content: str) -> None:
    limit(tmp_path).save(KNOWN)
    [file] = tmp_path.glob("limits/*.json")
    file.write_text(content)

    assert limit(tmp_path).load() == Known()


def test_a_file_names_what_it_is_about_and_its_schema(tmp_path: Path) -> None:
    limit(tmp_path).save(KNOWN)
    [file] = tmp_path.glob("limits/*.json")

    content = json.loads(file.read_bytes())

    assert content["schema"] == 1
    assert (content["service"], content["model"], content["account"]) == ("api.example", "m", "cafe")


def test_a_folder_that_cannot_be_made_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError):
        limit(tmp_path / "file").save(KNOWN)
    with pytest.raises(StoreError):
        limit(tmp_path / "file").open_log()


def test_a_log_that_is_no_database_is_a_store_error(tmp_path: Path) -> None:
    limit(tmp_path).save(KNOWN)
    [file] = tmp_path.glob("limits/*.json")
    file.with_suffix(".sqlite3").write_bytes(b"no database" * 1000)

    with pytest.raises(StoreError, match="is not a database"):
        limit(tmp_path).open_log()


def test_the_variable_moves_the_state_folder(tmp_path: Path) -> None:
    assert state_folder({STATE_VARIABLE: str(tmp_path)}) == tmp_path
    assert state_folder({}).name == "watercolor-rig"
