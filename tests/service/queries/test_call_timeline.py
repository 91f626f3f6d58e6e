"""The life of a case's calls: from all rows, in order, with nobody's words and numbers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import a_history_entry
from tests.service.lines import CALLER, OTHER, Line
from tests.service.recorded import SID, recorded
from voicebot.domain.call import CallEnd
from voicebot.domain.call_event import Part
from voicebot.domain.ticket import TicketStatus, merge
from voicebot.errors import Refused
from voicebot.flow.events import CallerHungUp
from voicebot.service.call.incoming import IncomingCall, answer_call
from voicebot.service.call.recording_callback import note_recording
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.stream import open_stream, resume_call
from voicebot.service.call.turn import end_call, take_call_turn
from voicebot.service.history import Verb, note_case
from voicebot.service.outbox.sms import record_receipt
from voicebot.service.promise.keep import log_callback
from voicebot.service.queries.call_timeline import CaseLife, view_calls
from voicebot.service.queries.turn_timeline import LifeLine
from voicebot.service.ticket.inbound_text import IncomingText, log_text


def life_of(line: Line, ticket_id: str) -> CaseLife:
    """Return the life of the calls of a case."""
    with line.work() as work:
        ticket = work.tickets.get(ticket_id)
    assert ticket is not None
    return view_calls(line.hotline, ticket.case_number)


def lines_of(line: Line, ticket_id: str) -> list[LifeLine]:
    """Return the lines of the only call of a case."""
    (call,) = life_of(line, ticket_id).calls
    return list(call.lines)


def told(lines: list[LifeLine], what: str) -> list[str]:
    """Return the details of every line of one kind."""
    return [line.detail for line in lines if line.what == what]


def test_a_call_is_told_from_its_webhook_to_the_receipt_of_its_text(line_on_both: Line) -> None:
    line = line_on_both
    answer = line.told_call()
    line.settle()
    sid = line.texts(answer)[0].message_sid
    assert sid is not None
    line.step(seconds=3)
    record_receipt(line.hotline, sid, "delivered", None)
    lines = lines_of(line, answer.call.ticket_id)
    assert lines[0].what == "call_received"
    assert told(lines, "voice_stored") == ["story, 2.0 s", "remedy, 2.0 s"]
    assert told(lines, "text_handed_over") == ["sms_confirmation: queued"]
    assert told(lines, "receipt") == ["sms_confirmation: delivered"]
    assert told(lines, "promise_made") == ["Wed 18 Nov 2026, 11:00–13:00 EST"]
    assert lines[-1].what == "text_settled"
    assert {line.part for line in lines} == {Part.CARRIER, Part.CALLER, Part.WEB, Part.FLOW, Part.WORKER}


def test_lines_stand_in_order_and_within_an_instant_what_came_stands_first(line: Line) -> None:
    answer = line.ring()
    line.step(seconds=1)
    line.go_on(answer)
    lines = lines_of(line, answer.call.ticket_id)
    assert [(each.at - lines[0].at).total_seconds() for each in lines] == sorted(
        (each.at - lines[0].at).total_seconds() for each in lines
    )
    assert [each.what for each in lines if each.at > lines[0].at] == ["prompts_played", "consent_logged", "says"]


def test_nothing_personal_is_told(line: Line) -> None:
    answer = line.told_call()
    log_callback(line.hotline, line.ticket(answer).case_number, reason="spoke with Ms Miller", actor="owner_1")
    with line.work() as work:
        secret = a_history_entry(ticket_id=answer.call.ticket_id, at=line.clock.now(), verb="new_verb", after="Miller")
        work.tickets.note(secret)
        work.commit()
    page = str(life_of(line, answer.call.ticket_id))
    for personal in ("parcel", "refund", CALLER[-7:], line.ticket(answer).pin, "Miller"):
        assert personal not in page.replace(line.ticket(answer).case_number, "")
    assert "new_verb" in page


def test_staff_are_named_by_their_id(line: Line) -> None:
    answer = line.told_call()
    line.step(minutes=5)
    log_callback(line.hotline, line.ticket(answer).case_number, reason="spoke", actor="owner_1")
    lines = lines_of(line, answer.call.ticket_id)
    assert told(lines, "complainant_called") == ["by owner_1"]
    assert told(lines, "promise_kept") == ["by owner_1"]
    assert {each.part for each in lines if each.what == "promise_kept"} == {Part.STAFF}


def test_what_nobody_did_in_particular_after_the_call_was_the_workers(line: Line) -> None:
    answer = line.told_call()
    line.step(days=1)
    line.sweep()
    lines = lines_of(line, answer.call.ticket_id)
    (broken,) = [each for each in lines if each.what == "promise_broken"]
    assert broken.part is Part.WORKER
    assert any("missed: told owner_1" in detail for detail in told(lines, "step_taken"))


def test_repeats_streams_and_losses_are_events(line_on_both: Line) -> None:
    line = line_on_both
    answer = line.ring()
    answer_call(line.hotline, IncomingCall(carrier_call_id="CA1", caller=CALLER, called=""))
    token = line.call(answer).stream_token
    assert token is not None
    assert open_stream(line.hotline, answer.call.id, token, "CA1") is not None
    after = line.go_on(answer)
    line.go_on(answer)
    resume_call(line.hotline, answer.call.id)
    lines = lines_of(line, answer.call.ticket_id)
    assert len(told(lines, "answer_repeated")) == 1
    assert len(told(lines, "stream_opened")) == 1
    assert told(lines, "turn_repeated") == ["turn 0, prompts_played"]
    assert told(lines, "stream_lost") == ["loss 1, goes on by stream"]
    assert after.turn_number == 1


def test_recordings_are_told_from_callback_to_deletion(line: Line, story: CallAnswer) -> None:
    recorded(line, story)
    turn, call_id = story.turn_number, story.call.id
    note_recording(line.hotline, call_id, turn, recording_sid=SID, is_available=True, length_s=2.0)
    line.run_jobs()
    lines = lines_of(line, story.call.ticket_id)
    assert told(lines, "recording_told") == [f"turn {turn}, 2.0 s"]
    assert told(lines, "voice_stored") == ["story, 2.0 s"]
    assert told(lines, "recording_deleted_there") == ["story"]
    assert told(lines, "words_made") == ["story, 4 words"]


def test_an_absent_recording_is_told_too(line: Line, story: CallAnswer) -> None:
    turn, call_id = story.turn_number, story.call.id
    note_recording(line.hotline, call_id, turn, recording_sid=SID, is_available=False, length_s=0.0)
    assert told(lines_of(line, story.call.ticket_id), "recording_told") == [f"turn {turn}, there is none"]


def test_two_calls_of_a_case_and_what_lies_between_them(line: Line) -> None:
    first = line.told_call()
    line.step(minutes=30)
    line.settle()
    second = line.ring(OTHER, "CA2")
    take_call_turn(line.hotline, second.call.id, 0, CallerHungUp())
    with line.work() as work:
        own = work.tickets.get(second.call.ticket_id)
        older = work.tickets.get(first.call.ticket_id)
        assert own is not None
        assert older is not None
        work.tickets.save(merge(own, older))
        call = work.calls.get(second.call.id)
        assert call is not None
        work.calls.save(replace(call, ticket_id=older.id))
        work.commit()
    life = life_of(line, first.call.ticket_id)
    assert [call.carrier_call_id for call in life.calls] == ["CA1", "CA2"]
    assert told(list(life.calls[0].lines), "text_handed_over")
    assert told(list(life.calls[1].lines), "caller_hung_up") != []
    assert told(list(life.calls[1].lines), "ticket_opened") == [own.owner_id]
    assert life_of(line, second.call.ticket_id) == life
    assert line.ticket(second).status is TicketStatus.MERGED


def test_a_case_that_came_by_text_has_no_calls(line: Line) -> None:
    log_text(line.hotline, IncomingText(message_sid="SM1", sender=CALLER, body="my parcel is broken"))
    with line.work() as work:
        (ticket,) = work.tickets.all()
    life = view_calls(line.hotline, ticket.case_number)
    assert life.calls == ()
    assert "ticket_opened" in [each.what for each in life.beside]
    assert "parcel" not in str(life)


def test_a_live_call_has_no_end(line: Line) -> None:
    (call,) = life_of(line, line.ring().call.ticket_id).calls
    assert (call.ended_at, call.end) == (None, "")


def test_a_call_that_was_ended_says_how(line: Line) -> None:
    answer = line.ring()
    line.clock.step(timedelta(seconds=9))
    end_call(line.hotline, "CA1", CallEnd.LOST)
    (call,) = life_of(line, answer.call.ticket_id).calls
    assert (call.end, told(list(call.lines), "call_ended")) == ("lost", ["lost"])


def test_a_case_that_is_none_is_refused(line: Line) -> None:
    with pytest.raises(Refused):
        view_calls(line.hotline, "not a case")


def test_of_a_window_that_was_erased_nothing_is_told(line: Line) -> None:
    answer = line.ring()
    with line.work() as work:
        note_case(work, answer.call.ticket_id, Verb.PROMISE_MADE, at=line.clock.at, actor="system")
        work.commit()
    assert told(lines_of(line, answer.call.ticket_id), "promise_made") == [""]
