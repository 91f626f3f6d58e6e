"""Events of calls and the workers' signs of life, on both databases."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Engine

from tests.builders import MONDAY_TEN
from voicebot.adapters.store import SqlUnitOfWork, SqlVitals
from voicebot.adapters.store.events import LONGEST_DETAIL
from voicebot.domain.call_event import CallEvent, Part

Open = Callable[[], SqlUnitOfWork]


def an_event(**changes: object) -> CallEvent:
    """Build an event of call-1 at ten."""
    given = {"ticket_id": "ticket-1", "call_id": "call-1", "at": MONDAY_TEN, "part": Part.WEB, "what": "stream_closed"}
    return CallEvent(**given | changes)  # type: ignore[arg-type]


def test_events_come_back_by_instant_then_as_written(unit_of_work: Open) -> None:
    later, first, second = an_event(at=MONDAY_TEN + timedelta(seconds=1)), an_event(what="a"), an_event(what="b")
    with unit_of_work() as work:
        for event in (later, first, second, an_event(ticket_id="ticket-2")):
            work.events.add(event)
        work.commit()
    with unit_of_work() as work:
        assert list(work.events.of_ticket("ticket-1")) == [first, second, later]
        assert work.events.of_ticket("ticket-3") == []


def test_an_event_needs_no_call_and_no_ticket_that_stands(unit_of_work: Open) -> None:
    with unit_of_work() as work:
        work.events.add(an_event(call_id=None, detail="x" * 1000))
        work.commit()
    with unit_of_work() as work:
        (event,) = work.events.of_ticket("ticket-1")
    assert (event.call_id, len(event.detail)) == (None, LONGEST_DETAIL)


def test_a_worker_has_one_row_however_often_it_shows_itself(unit_of_work: Open, engine: Engine) -> None:
    for seconds in (0, 5, 10):
        with unit_of_work() as work:
            at = MONDAY_TEN + timedelta(seconds=seconds)
            work.beats.show("worker-1", at, MONDAY_TEN)
            work.beats.show("worker-2", MONDAY_TEN, MONDAY_TEN)
            work.commit()
    signs = SqlVitals(engine).signs(now=MONDAY_TEN, overdue_before=MONDAY_TEN, silent_before=MONDAY_TEN)
    assert [(beat.worker, beat.at) for beat in signs.beats] == [
        ("worker-1", MONDAY_TEN + timedelta(seconds=10)),
        ("worker-2", MONDAY_TEN),
    ]
