"""What the web process saw of calls: written beside them, kept through an outage, never in anybody's way."""

import threading
from contextlib import AbstractContextManager
from dataclasses import replace
from time import monotonic

from tests.service.lines import Line
from tests.web.desk import Desk, book_of
from voicebot.domain.call_event import CallEvent
from voicebot.errors import Unavailable
from voicebot.service.ports import UnitOfWork
from voicebot.web.counters import EVENTS_LOST
from voicebot.web.resilience.call_event_writer import MOST_WAITING, CallEventWriter


class Outage:
    """A database that is away for the first few asks, or hangs until it is released."""

    def __init__(self, line: Line, *, asks: int = 0) -> None:
        self._line = line
        self.left = asks
        self.release = threading.Event()
        self.release.set()

    def __call__(self) -> AbstractContextManager[UnitOfWork]:
        self.release.wait(20)
        if self.left:
            self.left -= 1
            raise Unavailable("away as it was told to")
        return self._line.hotline.unit_of_work()


def events(line: Line, ticket_id: str) -> list[CallEvent]:
    """Return what was written of a case."""
    with line.work() as work:
        return list(work.events.of_ticket(ticket_id))


def test_an_event_is_written_with_its_instant_and_case(line: Line) -> None:
    call = line.ring().call
    book = CallEventWriter(line.hotline)
    noted_at = line.clock.now()
    book.note(call.id, "stream_closed", detail="it fell silent")
    assert book.flush(5)
    (event,) = events(line, call.ticket_id)
    assert (event.what, event.detail, event.at, event.part) == ("stream_closed", "it fell silent", noted_at, "web")


def test_what_was_noted_while_the_database_was_away_is_written_when_it_is_back(line: Line) -> None:
    call = line.ring().call
    outage = Outage(line, asks=1)
    book = CallEventWriter(replace(line.hotline, unit_of_work=outage))
    book.note(call.id, "fault", detail="OperationalError")
    assert book.flush(10)
    assert [event.what for event in events(line, call.ticket_id)] == ["fault"]


def test_whoever_notes_something_waits_for_nothing_and_a_full_book_counts_what_it_loses(line: Line) -> None:
    call = line.ring().call
    outage = Outage(line)
    outage.release.clear()
    book = CallEventWriter(replace(line.hotline, unit_of_work=outage))
    lost = EVENTS_LOST._value.get()
    began = monotonic()
    for _ in range(MOST_WAITING + 200):
        book.note(call.id, "prompt_cut")
    assert monotonic() - began < 10
    assert EVENTS_LOST._value.get() > lost
    outage.release.set()
    assert book.flush(10)


def test_an_event_of_a_call_nobody_knows_is_left_out(line: Line) -> None:
    call = line.ring().call
    book = CallEventWriter(line.hotline)
    book.note("nobody", "fault")
    book.note(call.id, "redirected")
    assert book.flush(5)
    assert [event.what for event in events(line, call.ticket_id)] == ["redirected"]


def test_a_book_that_ends_gives_up_what_cannot_be_written(line: Line) -> None:
    call = line.ring().call
    book = CallEventWriter(replace(line.hotline, unit_of_work=Outage(line, asks=1000)))
    lost = EVENTS_LOST._value.get()
    book.note(call.id, "fault")
    book.close()
    assert book.flush(5)
    assert EVENTS_LOST._value.get() == lost + 1


def test_faults_inside_a_call_and_fallbacks_stand_in_its_life(desk: Desk) -> None:
    desk.twiml("/twilio/voice")
    with desk.line.work() as work:
        (ticket,) = work.tickets.all()
        (call,) = work.calls.of_ticket(ticket.id)
    desk.twiml(f"/twilio/voice/turn/{call.id}/77?heard=keys")
    form = {"CallSid": call.carrier_call_id, "ErrorCode": "11200", "ErrorUrl": "https://hotline.example/twilio/voice"}
    desk.twiml("/twilio/voice/fallback", form | {"From": "+12025550143", "To": "+12025550100"})
    assert book_of(desk).flush(5)
    found = {event.what: event.detail for event in events(desk.line, ticket.id)}
    assert found["fault"].startswith("CarrierFault (carrier) at web/carrier/voice.py:")
    assert found["fallback_asked"] == "error 11200"
