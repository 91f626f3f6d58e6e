"""What is written down about a case and its calls."""

from dataclasses import replace
from datetime import timedelta

from tests.builders import MONDAY_TEN, a_history_entry
from tests.service.lines import Line
from voicebot.domain.call_event import Part
from voicebot.service.history import Verb, mark_answer, mark_call, mark_text, standing
from voicebot.service.staff.decision import StaffAction


def test_an_event_of_a_call_is_found_with_its_call_and_instant(line: Line) -> None:
    call = line.ring().call
    with line.work() as work:
        mark_call(work, call, call.started_at, what="stream_opened", part=Part.CARRIER, detail="again")
        event = work.events.of_ticket(call.ticket_id)[-1]
    assert (event.call_id, event.at, event.what, event.detail) == (call.id, call.started_at, "stream_opened", "again")


def test_what_the_worker_did_with_an_answer_and_a_text_stands_in_the_case_s_events(line: Line) -> None:
    answer = line.told_call()
    with line.work() as work:
        story = work.tickets.answers(answer.call.ticket_id)[0]
        sms = work.sms.of_ticket(answer.call.ticket_id)[0]
        mark_answer(work, story, line.clock.at, what="tried", detail="story, try 2")
        mark_text(work, sms, line.clock.at, what="tried", detail="busy")
        told = [(event.call_id, event.part, event.detail) for event in work.events.of_ticket(answer.call.ticket_id)]
    assert (story.call_id, Part.WORKER, "story, try 2") in told
    assert (None, Part.WORKER, f"{sms.template}: busy") in told


def test_what_staff_did_is_told_by_verbs_of_the_history() -> None:
    assert {action.value for action in StaffAction} <= {verb.value for verb in Verb}


def test_a_talk_that_was_taken_back_stands_no_more_and_each_other_line_does() -> None:
    first, second = (
        a_history_entry(verb=Verb.COMPLAINANT_CALLED, at=MONDAY_TEN + minutes * timedelta(minutes=1))
        for minutes in (0, 1)
    )
    note = a_history_entry(verb=Verb.NOTE_WRITTEN, at=second.at)
    gone = a_history_entry(verb=Verb.TALK_TAKEN_BACK, before=second.at.isoformat())
    assert standing([first, second, note, gone]) == (first, note, gone)
    assert standing([second, gone, first]) == (gone, first)
    assert standing([second, note, replace(gone, before=first.at.isoformat())])[0] == second, (
        "a reader who may not see the line of a talk sees those that stand"
    )


def test_a_talk_stays_taken_back_when_the_words_of_its_case_have_gone() -> None:
    first, second = (a_history_entry(verb=Verb.COMPLAINANT_CALLED, at=MONDAY_TEN + timedelta(hours=n)) for n in (0, 1))
    gone = a_history_entry(verb=Verb.TALK_TAKEN_BACK, before="", after="")
    assert standing([first, second, gone]) == (first, gone)
    assert standing([gone]) == (gone,)
