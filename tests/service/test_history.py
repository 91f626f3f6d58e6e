"""What is written down about a case and its calls."""

from tests.service.lines import Line
from voicebot.domain.call_event import Part
from voicebot.service.history import Verb, mark_call
from voicebot.service.staff.decision import StaffAction


def test_an_event_of_a_call_is_found_with_its_call_and_instant(line: Line) -> None:
    call = line.ring().call
    with line.work() as work:
        mark_call(work, call, call.started_at, what="stream_opened", part=Part.CARRIER, detail="again")
        event = work.events.of_ticket(call.ticket_id)[-1]
    assert (event.call_id, event.at, event.what, event.detail) == (call.id, call.started_at, "stream_opened", "again")


def test_what_staff_did_is_told_by_verbs_of_the_history() -> None:
    assert {action.value for action in StaffAction} <= {verb.value for verb in Verb}
