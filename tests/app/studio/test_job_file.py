"""The list of jobs as it is kept: whatever a job was, it comes back as it was, and a damaged list costs no more."""

from decimal import Decimal
from fractions import Fraction as F
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watercolor_rig.app.studio.job_file import MOST, read_jobs, write_jobs
from watercolor_rig.app.studio.job_view import JobFailure, JobState, JobView
from watercolor_rig.app.studio.orders import ExportWork, ExpressionsWork, Order, RegenerateWork, SequencesWork

texts = st.text(max_size=8)
names = st.none() | st.lists(texts, max_size=3).map(tuple)
positions = st.fractions(0, 1, max_denominator=64)
money = st.none() | st.decimals(0, 100, places=3)
works = (
    st.builds(SequencesWork, names, st.none() | st.integers(1, 7), st.booleans(), st.booleans())
    | st.builds(ExpressionsWork, names, texts, st.booleans())
    | st.builds(ExportWork, names, st.sampled_from(["webp", "contact-sheet", "zip"]), st.floats(1, 60))
    | st.builds(
        RegenerateWork,
        texts,
        st.lists(positions, min_size=1, max_size=3).map(tuple),
        st.none() | positions,
        st.none() | positions,
        texts,
        st.frozensets(positions, max_size=2),
    )
)
orders = st.builds(
    Order, works, texts, st.none() | texts, st.none() | texts, st.none() | st.integers(1, 9), money, st.just({"a": "b"})
)
ended = st.builds(
    JobView,
    id=texts,
    title=texts,
    order=orders,
    state=st.sampled_from([state for state in JobState if state.is_final]),
    message=st.none() | texts,
    spent_usd=st.decimals(0, 100, places=3),
    expected_usd=money,
    elapsed_s=st.floats(0, 1e6),
    ended=texts,
    failures=st.lists(st.builds(JobFailure, texts, st.none() | st.floats(0, 1), texts, texts), max_size=2).map(tuple),
    files=st.lists(texts, max_size=2).map(tuple),
    goes_on_with=st.lists(texts, max_size=2).map(tuple),
    retried_as=st.none() | texts,
)


@given(st.lists(ended, max_size=3))
def test_jobs_that_have_ended_come_back_as_they_were(jobs: list[JobView]) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "studio/jobs.json"
        write_jobs(file, jobs)

        assert read_jobs(file) == jobs


@pytest.mark.parametrize("state", [state for state in JobState if not state.is_final])
def test_a_job_that_had_not_ended_was_interrupted(tmp_path: Path, state: JobState) -> None:
    order = Order(RegenerateWork("a__b", (F(1, 3),)), max_cost_usd=Decimal("0.1"))
    write_jobs(tmp_path / "jobs.json", [JobView("1", "Regenerate", order, state, running=("a__b/033.png",), left_s=9)])

    [job] = read_jobs(tmp_path / "jobs.json")

    assert (job.state, job.running, job.left_s, job.order) == (JobState.INTERRUPTED, (), None, order)
    assert job.message is not None
    assert job.ended is not None


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    jobs = [JobView(str(at), "", Order(SequencesWork()), JobState.DONE) for at in range(MOST + 5)]
    write_jobs(tmp_path / "jobs.json", jobs)

    assert read_jobs(tmp_path / "jobs.json") == jobs[5:]


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"schema": 2}', b'{"schema": 1, "jobs": [{}]}', b'{"schema": 1, "jobs": [7]}']
)
def test_a_damaged_list_is_empty(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "jobs.json").write_bytes(content)

    assert read_jobs(tmp_path / "jobs.json") == []
    assert read_jobs(tmp_path / "absent.json") == []
