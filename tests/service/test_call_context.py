"""What is at hand inside a call, and how staff name a case."""

from tests.service.lines import Line
from voicebot.domain.call_event import Part
from voicebot.service.call_context import call_context_of
from voicebot.service.history import Verb
from voicebot.service.hotline import context_of


def test_a_note_and_an_event_say_who_and_what(line: Line) -> None:
    call = line.ring().call
    with line.work() as work:
        context = call_context_of(context_of(line.hotline, work), call)
        context.note(Verb.ANSWER_KEPT, after="a tune")
        context.mark("gate_opened", part=Part.CARRIER, detail="at once")
        event = work.events.of_ticket(call.ticket_id)[-1]
        entry = work.tickets.history(call.ticket_id)[-1]
        assert context.ticket().id == call.ticket_id
    assert (entry.actor, entry.verb, entry.after) == ("caller", "answer_kept", "a tune")
    assert (event.call_id, event.what, event.detail) == (call.id, "gate_opened", "at once")
