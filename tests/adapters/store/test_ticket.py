"""Tickets, case numbers, answers and history survive the unit of work that wrote them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from tests.adapters.store.conftest import NoJobs
from tests.adapters.store.samples import sample_of
from tests.builders import MONDAY_TEN, a_call, a_history_entry, a_promise, a_ticket, an_answer
from tests.databases import postgres_database
from tests.statements import statements_of
from voicebot.adapters.store import SqlUnitOfWork, migrate, open_engine, open_store
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import AnswerState, CloseReason, NotComplaint, Ruling, Ticket, TicketStatus, ToldBy
from voicebot.service.ports import CaseNumberTaken

Maker = Callable[[], SqlUnitOfWork]
HOUR = timedelta(hours=1)


def newest_open_of(work: SqlUnitOfWork, sender: str) -> str | None:
    """Return the id of the newest open ticket of a sender."""
    return next((ticket.id for ticket in work.tickets.open_of(sender, 1)), None)


def test_ticket_comes_back_as_it_was_written(unit_of_work: Maker) -> None:
    ticket = a_ticket(supervisor_asked_at=MONDAY_TEN + HOUR, supervisor_asks=2, problem="דלת שבורה", may_text=False)
    with unit_of_work() as work:
        work.tickets.add(ticket)
        work.commit()
    with unit_of_work() as work:
        assert work.tickets.get("ticket-1") == ticket
        assert work.tickets.get("nobody") is None


def test_end_of_a_case_comes_back_as_it_was_written(unit_of_work: Maker) -> None:
    answered = a_ticket(ruling=Ruling.REFUSED, told_by=ToldBy.LETTER, closes_at=MONDAY_TEN, offered_to="deputy_1")
    answered = replace(answered, status=TicketStatus.ANSWERED, refusal_asked_by="a", refusal_confirmed_by="b")
    closed = a_ticket(id="ticket-2", case_number="2", status=TicketStatus.CLOSED, ended_at=MONDAY_TEN, reopened=3)
    closed = replace(closed, close_reason=CloseReason.NOT_REACHED, repeats=2)
    dismissed = a_ticket(id="ticket-3", case_number="3", not_complaint=NotComplaint.PRAISE)
    with unit_of_work() as work:
        for ticket in (answered, closed, dismissed):
            work.tickets.add(ticket)
        work.commit()
    with unit_of_work() as work:
        assert [work.tickets.get(ticket.id) for ticket in (answered, closed, dismissed)] == [
            answered,
            closed,
            dismissed,
        ]


def test_case_that_holds_an_alarm_is_closed_by_the_upgrade(database_url: str) -> None:
    """Until migration 0012 such a case was called resolved, and nobody could resolve another."""
    engine = sample_of("0001", database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE tickets SET status = 'resolved' WHERE id = (SELECT min(id) FROM tickets)")
        opened = connection.exec_driver_sql("SELECT min(id) FROM tickets").scalar_one()
    migrate(engine)
    store = open_store(engine, NoJobs)
    with store() as work:
        house = work.tickets.get(opened)
        assert house is not None
        assert (house.status, house.close_reason) == (TicketStatus.CLOSED, CloseReason.HOUSE)
        assert house.ended_at == house.opened_at
        assert {other.reopened for other in work.tickets.all()} == {0}
    engine.dispose()


def test_case_number_is_never_given_out_twice(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.commit()
    with unit_of_work() as work:
        with pytest.raises(CaseNumberTaken):
            work.tickets.add(a_ticket(id="ticket-2"))
        work.tickets.add(a_ticket(id="ticket-2", case_number="700000005"))
        work.commit()
    with unit_of_work() as work:
        assert [ticket.id for ticket in work.tickets.all()] == ["ticket-1", "ticket-2"]


def test_case_number_of_a_merged_ticket_leads_to_the_older_one(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        merged = a_ticket(id="ticket-2", case_number="700000005", status=TicketStatus.MERGED, merged_into="ticket-1")
        work.tickets.add(merged)
        work.commit()
    with unit_of_work() as work:
        found = work.tickets.by_case_number("700000005")
        assert found is not None
        assert found.id == "ticket-1"
        assert work.tickets.by_case_number("000000000") is None


def test_newest_open_ticket_of_a_number_is_found(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.tickets.add(a_ticket(id="ticket-2", case_number="2", opened_at=MONDAY_TEN + HOUR))
        closed = a_ticket(id="ticket-3", case_number="3", opened_at=MONDAY_TEN + 2 * HOUR, status=TicketStatus.CLOSED)
        work.tickets.add(closed)
        work.commit()
    with unit_of_work() as work:
        assert newest_open_of(work, "+12025550143") == "ticket-2"
        assert newest_open_of(work, "+12025550199") is None


def test_ticket_of_a_call_belongs_to_the_phone_that_rang_not_to_the_number_keyed(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket(complainant_number="+12025550177"))
        work.calls.add(a_call(caller_number="+12025550143"))
        later = MONDAY_TEN + HOUR
        work.tickets.add(a_ticket(id="ticket-2", case_number="2", complainant_number="+12025550188", opened_at=later))
        work.calls.add(a_call(id="call-2", carrier_call_id="CA2", ticket_id="ticket-2", caller_number=None))
        work.commit()
    with unit_of_work() as work:
        assert newest_open_of(work, "+12025550143") == "ticket-1"
        assert newest_open_of(work, "+12025550177") is None
        assert newest_open_of(work, "+12025550188") is None


def test_newest_of_a_senders_cases_is_found_whether_it_rang_or_wrote(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.calls.add(a_call())
        work.calls.add(a_call(id="call-2", carrier_call_id="CA2"))
        work.tickets.add(a_ticket(id="ticket-2", case_number="2", opened_at=MONDAY_TEN + HOUR))
        work.commit()
    with unit_of_work() as work:
        assert newest_open_of(work, "+12025550143") == "ticket-2"
        work.tickets.save(a_ticket(id="ticket-2", case_number="2", status=TicketStatus.CLOSED))
        assert newest_open_of(work, "+12025550143") == "ticket-1"


def test_words_find_the_case_that_goes_on_before_one_that_ended_lately(unit_of_work: Maker) -> None:
    def ended(name: str, at: datetime, status: TicketStatus = TicketStatus.CLOSED) -> Ticket:
        return a_ticket(id=name, case_number=name, status=status, ended_at=at, opened_at=MONDAY_TEN - HOUR)

    def found(since: datetime) -> str | None:
        with unit_of_work() as work:
            ticket = work.tickets.newest_of("+12025550143", ended_since=since)
            return None if ticket is None else ticket.id

    with unit_of_work() as work:
        work.tickets.add(ended("a", MONDAY_TEN))
        work.tickets.add(ended("b", MONDAY_TEN + HOUR, TicketStatus.NOT_A_COMPLAINT))
        work.tickets.add(a_ticket(id="c", case_number="c", status=TicketStatus.MERGED, merged_into="a"))
        work.commit()
    assert (found(MONDAY_TEN), found(MONDAY_TEN + 2 * HOUR)) == ("b", None)
    with unit_of_work() as work:
        work.tickets.add(a_ticket(id="d", case_number="d", status=TicketStatus.ANSWERED, opened_at=MONDAY_TEN - HOUR))
        work.commit()
    assert found(MONDAY_TEN) == "d"
    with unit_of_work() as work:
        besides = work.tickets.newest_of("+12025550143", ended_since=MONDAY_TEN, besides=("c", "d"))
    assert besides is not None
    assert besides.id == "b"


def test_tickets_are_listed_by_their_nearest_open_deadline(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        for name in ("a", "b", "c", "d"):
            work.tickets.add(a_ticket(id=name, case_number=name))
        work.promises.add(a_promise(id="p-a", ticket_id="a", state=PromiseState.KEPT))
        work.promises.add(a_promise(id="p-b", ticket_id="b", window_closes_at=MONDAY_TEN + 9 * HOUR))
        work.promises.add(a_promise(id="p-c", ticket_id="c", window_closes_at=MONDAY_TEN + 8 * HOUR))
        work.commit()
    with unit_of_work() as work:
        assert [ticket.id for ticket in work.tickets.all()] == ["c", "b", "a", "d"]


def test_saving_writes_what_changed_and_may_be_repeated(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.commit()
    changed = a_ticket(problem="the door", demand="a new door")
    with unit_of_work() as work:
        assert work.tickets.get("ticket-1") == a_ticket()
        work.tickets.save(a_ticket(problem="the door"))
        work.tickets.save(changed)
        work.tickets.save(changed)
        work.commit()
    with unit_of_work() as work:
        assert work.tickets.get("ticket-1") == changed


def test_two_units_changing_different_fields_do_not_undo_each_other(postgres: str) -> None:
    with postgres_database(postgres) as database_url:
        engine = open_engine(database_url)
        migrate(engine)
        unit_of_work = open_store(engine, NoJobs)
        with unit_of_work() as work:
            work.tickets.add(a_ticket())
            work.commit()
        with unit_of_work() as slow:
            assert slow.tickets.get("ticket-1") == a_ticket()
            with unit_of_work() as quick:
                assert quick.tickets.get("ticket-1") == a_ticket()
                quick.tickets.save(a_ticket(text_trouble="landline"))
                quick.commit()
            slow.tickets.save(a_ticket(problem="the door"))
            slow.commit()
        with unit_of_work() as work:
            assert work.tickets.get("ticket-1") == a_ticket(problem="the door", text_trouble="landline")
        engine.dispose()


def test_saving_what_was_never_added_is_a_broken_invariant(unit_of_work: Maker) -> None:
    with unit_of_work() as work, pytest.raises(AssertionError, match="tickets"):
        work.tickets.save(a_ticket())


def test_answers_are_found_by_ticket_turn_and_state(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        story = an_answer()
        remedy = an_answer(id="answer-2", turn_number=3, at=MONDAY_TEN + HOUR, state=AnswerState.AWAITING_TRANSCRIPT)
        work.tickets.add_answer(remedy)
        work.tickets.add_answer(story)
        work.commit()
    with unit_of_work() as work:
        assert work.tickets.answers("ticket-1") == [story, remedy]
        assert work.tickets.answer("answer-2") == remedy
        assert work.tickets.answer_of_turn("call-1", 2) == story
        assert work.tickets.answer_of_turn("call-1", 9) is None
        assert work.tickets.answers_in_state("awaiting_transcript", 10) == [remedy]
        assert work.tickets.answers_in_state("done", 10) == []


def test_answers_whose_recording_is_left_at_the_carrier_are_found(unit_of_work: Maker) -> None:
    made = [
        an_answer(id=state, turn_number=number, at=MONDAY_TEN + number * HOUR, state=state, recording_sid=f"RE{number}")
        for number, state in enumerate(AnswerState)
    ]
    later = an_answer(id="later", turn_number=20, state="done", recording_sid="RE20", not_before=MONDAY_TEN + HOUR)
    gone = an_answer(id="gone", turn_number=21, state=AnswerState.DONE)
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        for answer in (*reversed(made), later, gone):
            work.tickets.add_answer(answer)
        work.commit()
    with unit_of_work() as work:
        left = [answer.id for answer in work.tickets.answers_left_at_carrier(10, due_at=MONDAY_TEN)]
        assert left == [AnswerState.DONE, AnswerState.DESTROYED]
        assert len(work.tickets.answers_left_at_carrier(2, due_at=MONDAY_TEN)) == 2
        due = [answer.id for answer in work.tickets.answers_left_at_carrier(10, due_at=MONDAY_TEN + HOUR)]
        assert due == ["later", *left]


def test_answer_is_saved_as_it_becomes(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.tickets.add_answer(an_answer())
        work.commit()
    done = an_answer(state=AnswerState.DONE, text="a door", duration_s=2.5, audio_key="2026/03/ticket-1/2.wav")
    with unit_of_work() as work:
        work.tickets.save_answer(done)
        work.commit()
    with unit_of_work() as work:
        assert work.tickets.answer("answer-1") == done


def test_history_keeps_the_order_in_which_it_was_written(unit_of_work: Maker) -> None:
    opened, later = a_history_entry(), a_history_entry(verb="acknowledged", actor="owner_1", before="open")
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.tickets.note(opened)
        work.tickets.note(later)
        work.commit()
    with unit_of_work() as work:
        assert work.tickets.history("ticket-1") == [opened, later]


def test_what_was_added_to_a_case_opened_here_is_found_without_asking(unit_of_work: Maker, engine: Engine) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        with statements_of(engine) as sent:
            assert work.tickets.answers("ticket-1") == []
            assert work.calls.of_ticket("ticket-1") == []
            assert work.promises.of_ticket("ticket-1") == []
            assert work.promises.open_of_ticket("ticket-1") is None
        work.calls.add(a_call())
        work.promises.add(a_promise())
        work.tickets.add_answer(an_answer())
        with statements_of(engine) as sent_later:
            assert work.tickets.answers("ticket-1") == [an_answer()]
            assert [call.id for call in work.calls.of_ticket("ticket-1")] == [a_call().id]
            assert work.promises.of_ticket("ticket-1") == [a_promise()]
            assert work.promises.open_of_ticket("ticket-1") == a_promise()
    assert sent + sent_later == []


def test_answers_of_a_case_opened_here_stand_in_the_order_they_were_given(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        for minutes in (2, 0, 1):
            work.tickets.add_answer(an_answer(id=f"{minutes}", turn_number=minutes, at=MONDAY_TEN + minutes * HOUR))
        assert [answer.id for answer in work.tickets.answers("ticket-1")] == ["0", "1", "2"]


def test_what_is_moved_to_a_case_opened_here_is_found_there(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.tickets.add_answer(an_answer())
        work.commit()
    with unit_of_work() as work:
        (answer,) = work.tickets.answers("ticket-1")
        work.tickets.add(a_ticket(id="ticket-2", case_number="2"))
        work.tickets.save_answer(replace(answer, ticket_id="ticket-2"))
        assert [found.id for found in work.tickets.answers("ticket-2")] == [answer.id]
        assert work.tickets.answers("ticket-1") == []


def test_lines_of_a_case_opened_here_are_written_together_in_their_order(unit_of_work: Maker, engine: Engine) -> None:
    lines = [a_history_entry(verb=verb) for verb in ("ticket_opened", "text_received", "promise_made")]
    with statements_of(engine) as sent, unit_of_work() as work:
        work.tickets.add(a_ticket())
        for line in lines:
            work.tickets.note(line)
        work.commit()
    assert len([statement for statement in sent if "INTO history" in statement]) == 1
    with unit_of_work() as work:
        assert work.tickets.history("ticket-1") == lines
        work.tickets.note(a_history_entry(verb="note_written"))
        assert len(work.tickets.history("ticket-1")) == 4


def test_lines_of_a_case_opened_here_can_be_read_at_once_and_go_with_what_fails(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.tickets.note(a_history_entry())
        assert work.tickets.history("ticket-1") == [a_history_entry()]
        work.tickets.note(a_history_entry(verb="note_written"))
    with unit_of_work() as work:
        assert work.tickets.history("ticket-1") == []
