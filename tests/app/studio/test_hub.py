"""What has changed, numbered: nothing is told twice, and nobody is left to believe that nothing was lost."""

from fractions import Fraction as F

from hypothesis import given
from hypothesis import strategies as st

from watercolor_rig.app.studio.hub import (
    EndpointsChanged,
    EventHub,
    FrameChanged,
    ProjectChanged,
    SequenceChanged,
    StudioEvent,
)

A, B, C = (SequenceChanged(path) for path in "abc")


def told(hub: EventHub, last_id: str | None) -> list[StudioEvent]:
    events, lost = hub.since(last_id)
    assert not lost
    return [numbered.event for numbered in events]


def test_a_listener_hears_what_came_after_the_last_event_that_it_has_seen() -> None:
    hub = EventHub()
    hub.publish(A)
    seen = hub.last_id
    hub.publish(B)
    hub.publish(EndpointsChanged())

    assert told(hub, seen) == [B, EndpointsChanged()]
    assert told(hub, hub.last_id) == []


def test_whoever_begins_now_has_read_everything_himself() -> None:
    hub = EventHub()
    hub.publish(A)

    assert told(hub, None) == []


def test_of_one_thing_only_the_newest_event_is_told() -> None:
    hub = EventHub()
    seen = hub.last_id
    for event in (A, FrameChanged("a", F(1, 2)), B, A, ProjectChanged(), FrameChanged("a", F(1, 4)), ProjectChanged()):
        hub.publish(event)

    expected = [FrameChanged("a", F(1, 2)), B, A, FrameChanged("a", F(1, 4)), ProjectChanged()]
    assert told(hub, seen) == expected


def test_an_id_of_an_earlier_process_or_of_none_is_lost() -> None:
    hub, earlier = EventHub(), EventHub()
    earlier.publish(A)
    hub.publish(B)

    for foreign in (earlier.last_id, "nonsense", "", f"{hub.last_id}9"):
        events, lost = hub.since(foreign)
        assert (events, lost) == ([], True)


def test_what_is_forgotten_is_known_to_be_lost() -> None:
    hub = EventHub(most=2)
    hub.publish(A)
    first = hub.last_id
    hub.publish(B)
    second = hub.last_id
    hub.publish(C)
    hub.publish(ProjectChanged())

    assert hub.since(first) == ([], True)
    assert told(hub, second) == [C, ProjectChanged()]


def test_a_listener_is_called_after_each_event_until_it_has_enough() -> None:
    hub = EventHub()
    calls: list[str] = []
    unsubscribe = hub.subscribe(lambda: calls.append(hub.last_id))
    hub.publish(A)
    assert (calls, hub.listeners) == ([hub.last_id], 1)

    unsubscribe()
    hub.publish(B)

    assert (len(calls), hub.listeners) == (1, 0)


@given(st.lists(st.sampled_from("abcdef"), max_size=40), st.integers(0, 40), st.integers(1, 6))
def test_whoever_is_not_told_of_a_loss_knows_of_every_change(paths: list[str], seen_after: int, most: int) -> None:
    hub = EventHub(most=most)
    seen = hub.last_id
    for count, path in enumerate(paths):
        if count == seen_after:
            seen = hub.last_id
        hub.publish(SequenceChanged(path))
    missed = set(paths[min(seen_after, len(paths)) :]) if seen_after < len(paths) else set(paths)

    events, lost = hub.since(seen)

    assert lost or {n.event.path_id for n in events if isinstance(n.event, SequenceChanged)} == missed
