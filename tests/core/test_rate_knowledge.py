"""How a limit is learnt; whole runs are in `tests/runner/test_pacing.py`."""

from hypothesis import given
from hypothesis import strategies as st

from watercolor_rig.core.rate_knowledge import FIRST_PER_MINUTE, Learnt, RateKnowledge

LIMITS = st.floats(0.5, 1000)
STEPS = st.lists(
    st.tuples(
        st.floats(0, 90),
        st.sampled_from(["start", "start", "start", "review", "refused", "named", "refused and named"]),
        st.integers(0, 400),
        LIMITS,
    ),
    max_size=80,
)


def live(knowledge: RateKnowledge, steps: list[tuple[float, str, int, float]]) -> list[float]:
    """Let things happen; return the rate after each."""
    now_s, rates = 0.0, []
    for after_s, what, starts, limit in steps:
        now_s += after_s
        match what:
            case "start":
                knowledge.started(now_s)
            case "review":
                knowledge.review(now_s, starts)
            case "refused":
                knowledge.refused(now_s, None, starts)
            case "named":
                knowledge.named(now_s, limit)
            case _:
                knowledge.refused(now_s, limit, starts)
        rates.append(knowledge.per_minute or float("inf"))
    return rates


@given(LIMITS, STEPS)
def test_what_the_user_says_holds_whatever_happens(chosen: float, steps: list[tuple[float, str, int, float]]) -> None:
    knowledge = RateKnowledge(chosen=chosen, learnt=Learnt(7, settled=True))

    assert set(live(knowledge, steps)) <= {chosen}
    assert knowledge.learnt is None


@given(st.booleans(), STEPS)
def test_the_rate_is_always_above_nothing(limited: bool, steps: list[tuple[float, str, int, float]]) -> None:  # noqa: FBT001 - drawn
    knowledge = RateKnowledge(limited=limited)

    assert all(rate > 0 for rate in live(knowledge, steps))
    assert knowledge.learnt is None or knowledge.learnt.per_minute > 0


@given(LIMITS, STEPS)
def test_nothing_that_is_not_named_takes_the_rate_above_a_limit_that_is(
    limit: float, steps: list[tuple[float, str, int, float]]
) -> None:
    knowledge = RateKnowledge()
    knowledge.refused(0.0, limit, 1)

    unnamed = [step for step in steps if "named" not in step[1]]
    assert all(rate <= limit for rate in live(knowledge, unnamed))


@given(STEPS)
def test_what_is_learnt_is_never_a_raise_that_no_window_has_tried(steps: list[tuple[float, str, int, float]]) -> None:
    knowledge = RateKnowledge()
    now_s = 0.0
    for step in steps:
        before = knowledge.learnt
        now_s += step[0]  # the clock never runs backwards, from one step to the next either
        live(knowledge, [(now_s, *step[1:])])
        if step[1] in {"start", "refused"} and before and knowledge.learnt:
            assert knowledge.learnt.per_minute <= max(before.per_minute, knowledge.per_minute or 0)


def test_a_first_run_starts_slowly() -> None:
    assert RateKnowledge().per_minute == FIRST_PER_MINUTE


def test_a_service_without_an_expected_limit_is_not_slowed() -> None:
    assert RateKnowledge(limited=False).per_minute is None


def test_a_clean_half_minute_that_was_used_doubles_the_rate_and_an_idle_one_does_not() -> None:
    knowledge = RateKnowledge()
    knowledge.started(0.0)

    knowledge.review(34.0, 4)
    assert knowledge.per_minute == 5
    knowledge.review(35.0, 2)
    assert knowledge.per_minute == 5
    knowledge.review(36.0, 3)
    assert knowledge.per_minute == 10
    assert knowledge.learnt == Learnt(5, settled=False)


def test_the_first_refusal_ends_the_slow_start_at_what_was_taken() -> None:
    knowledge = RateKnowledge()
    knowledge.started(0.0)
    knowledge.review(35.0, 3)
    knowledge.started(90.0)

    knowledge.refused(90.5, None, 9)
    knowledge.refused(90.6, None, 9)

    assert knowledge.per_minute == 7
    assert knowledge.learnt == Learnt(7, settled=True)


def test_a_refusal_in_the_first_minute_does_not_end_the_slow_start() -> None:
    """What else used the limit before us is not known yet."""
    knowledge = RateKnowledge()
    knowledge.started(0.0)

    knowledge.refused(0.5, None, 1)

    assert knowledge.per_minute == 1
    assert knowledge.learnt is None or not knowledge.learnt.settled


def test_refusals_of_calls_that_were_under_way_together_count_as_one() -> None:
    knowledge = RateKnowledge(learnt=Learnt(20, settled=True))
    for at in range(100):
        knowledge.started(at * 3.0)
    knowledge.refused(300.0, None, 20)
    after_one = knowledge.per_minute

    for _ in range(5):
        knowledge.refused(300.1, None, 20)

    assert knowledge.per_minute == after_one


def test_headers_end_a_slow_start_and_lower_a_rate_but_never_raise_one_that_was_refused() -> None:
    knowledge = RateKnowledge()
    knowledge.named(0.0, 50)
    assert knowledge.learnt == Learnt(50, settled=True)

    knowledge.refused(1.0, 5, 1)
    knowledge.named(2.0, 500)

    assert knowledge.per_minute == 5


def test_a_slow_start_goes_on_where_the_last_run_left_it() -> None:
    knowledge = RateKnowledge(learnt=Learnt(40, settled=False))
    knowledge.started(0.0)

    knowledge.review(35.0, 30)

    assert knowledge.per_minute == 80
