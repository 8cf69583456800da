"""How much of a service's limit is used, and what is lost to it, on a virtual clock.

735 frames (105 sequences, depth 3), calls of 40 s (log-normal, sigma 0.5), a way of up to half a second to the server.
Each run stands beside an ideal one: the same calls, no end of workers, starts at exactly the limit. Prints for each
limit and kind of server: workers, minutes, share of the limit used until nine of ten calls had started (of what the
ideal run can use, since frames wait for each other), minutes ÷ ideal, frames lost, and calls refused.
"known" stands for `--images-per-minute`; "learnt" for a run after one that had to find the limit out; the others find
it out by refusals that name the limit, only the time to wait, or nothing.

    PYTHONPATH=tests .venv/bin/python benchmarks/pacing.py
"""

from collections.abc import Iterator

from support.limited_service import Manners, SlidingWindow, TokenBucket
from support.pacing import FRAMES, Run, ideal, paced, play, workers_for
from watercolor_rig.core.rate_knowledge import RateKnowledge

LIMITS = (5, 20, 50, 250)
MANNERS = {"names it": Manners(names=True), "says wait": Manners(), "says no": Manners(hints=False)}
HEAD = f"{'server':14s} {'R/min':>5s} {'limit is':10s} {'W':>4s} {'min':>7s} {'used':>6s} {'÷ideal':>7s} {'lost':>5s} {'refused':>8s}"  # noqa: E501 - a table's head


def rows() -> Iterator[str]:
    """Yield the table."""
    yield HEAD
    for server in (SlidingWindow, TokenBucket):
        for limit in LIMITS:
            workers = workers_for(limit)
            best = ideal(limit)
            runs: dict[str, Run] = {
                "known": play(server(limit), paced(RateKnowledge(chosen=limit)), workers=workers),
            }
            for name, manners in MANNERS.items():
                knowledge = RateKnowledge()
                runs[name] = play(server(limit), paced(knowledge), workers=workers, manners=manners)
            again = paced(RateKnowledge(learnt=knowledge.learnt))
            runs["learnt"] = play(server(limit), again, workers=workers, manners=manners)
            for name, run in runs.items():
                yield (
                    f"{server.__name__:14s} {limit:5d} {name:10s} {workers:4d} {run.seconds / 60:7.2f} "
                    f"{run.used(limit) / best.used(limit):6.1%} {run.seconds / best.seconds:7.3f} "
                    f"{FRAMES - run.made:5d} {run.refused_share:8.2%}"
                )


def main() -> None:
    """Print the table."""
    for row in rows():
        print(row, flush=True)


if __name__ == "__main__":
    main()
