"""The jobs as they are kept between two runs of the studio: the newest hundred, in one file that is replaced whole."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any

from watercolor_rig.app.studio.job_view import JobFailure, JobState, JobView
from watercolor_rig.app.studio.orders import (
    ExportWork,
    ExpressionsWork,
    FormatWork,
    Order,
    RegenerateWork,
    SequencesWork,
    Work,
)
from watercolor_rig.store.durable import make_directory, sweep_leftovers, write_file

SCHEMA = 1
MOST = 100

_CLOSED = "the studio was closed in the middle of it; try again to go on where it stopped"


def read_jobs(file: Path) -> list[JobView]:
    """Return the jobs that are kept, oldest first; one that had not ended was interrupted. A damaged file is empty."""
    try:
        raw = json.loads(file.read_bytes())
        if raw["schema"] != SCHEMA:
            return []
        jobs = [_decoded(job) for job in raw["jobs"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, InvalidOperation):
        return []
    return [job if job.state.is_final else _interrupted(job) for job in jobs]


def write_jobs(file: Path, jobs: Iterable[JobView]) -> None:
    """Keep the jobs, given oldest first.

    Raises:
        StoreError: if the disk refuses.
    """
    newest = list(jobs)[-MOST:]
    make_directory(file.parent)
    sweep_leftovers(file.parent)
    write_file(file, json.dumps({"schema": SCHEMA, "jobs": [_encoded(job) for job in newest]}).encode())


def _interrupted(job: JobView) -> JobView:
    state = JobState.INTERRUPTED
    return replace(job, state=state, message=_CLOSED, ended=job.created, left_s=None, running=())


def _encoded(job: JobView) -> dict[str, Any]:
    document = {key: value for key, value in asdict(job).items() if key not in {"order", "running", "left_s"}}
    order = {key: value for key, value in asdict(job.order).items() if key != "work"}
    work = {key: _plain(value) for key, value in asdict(job.order.work).items()}
    document = {key: _plain(value) for key, value in document.items()}
    return document | {
        "order": {key: _plain(value) for key, value in order.items()},
        "work": {**work, "kind": job.order.work.kind},
    }


def _plain(value: object) -> object:
    if isinstance(value, Decimal | Fraction):
        return str(value)
    if isinstance(value, frozenset):
        return sorted(map(str, value))
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def _decoded(raw: Mapping[str, Any]) -> JobView:
    order = raw["order"]
    return JobView(
        id=str(raw["id"]),
        title=str(raw["title"]),
        order=Order(
            _decoded_work(raw["work"]),
            str(order["engine"]),
            order["model"],
            order["quality"],
            order["max_workers"],
            _money(order["max_cost_usd"]),
            dict(order["options"]),
        ),
        state=JobState(raw["state"]),
        engine=str(raw["engine"]),
        message=raw["message"],
        total=int(raw["total"]),
        made=int(raw["made"]),
        failed=int(raw["failed"]),
        blocked=int(raw["blocked"]),
        spent_usd=Decimal(raw["spent_usd"]),
        price_unknown=bool(raw["price_unknown"]),
        expected_usd=_money(raw["expected_usd"]),
        elapsed_s=float(raw["elapsed_s"]),
        created=str(raw["created"]),
        ended=raw["ended"],
        failures=tuple(JobFailure(**failure) for failure in raw["failures"]),
        files=tuple(map(str, raw["files"])),
        goes_on_with=tuple(map(str, raw["goes_on_with"])),
        retried_as=raw["retried_as"],
    )


def _decoded_work(raw: Mapping[str, Any]) -> Work:
    given = {key: value for key, value in raw.items() if key != "kind"}
    for key in ("paths", "expressions"):
        if given.get(key) is not None:
            given[key] = tuple(map(str, given[key]))
    match raw["kind"]:
        case "sequences":
            return SequencesWork(**given)
        case "expressions":
            return ExpressionsWork(**given)
        case "export":
            return ExportWork(**given)
        case "format":
            return FormatWork(**given)
        case "regenerate":
            times = {
                "times": tuple(map(Fraction, given["times"])),
                "trusted": frozenset(map(Fraction, given["trusted"])),
            }
            anchors = {key: None if given[key] is None else Fraction(given[key]) for key in _ANCHORS}
            return RegenerateWork(**(given | times | anchors))
    raise ValueError(f"no work of the kind {raw['kind']!r}")


_ANCHORS = ("anchor_start_t", "anchor_end_t")


def _money(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
