"""A case is opened by its number and code, and nobody guesses one."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from random import Random

import pytest
from sqlalchemy import func, select

from tests.service.lines import CALLER, OTHER, OWNER, Line, node_of
from tests.statements import statements_of
from voicebot.adapters.store import tables
from voicebot.domain.call import CallEnd
from voicebot.domain.case_number import mint_case_number
from voicebot.domain.ticket import Ticket
from voicebot.flow.events import CaseNotOpened, CaseOpened
from voicebot.flow.instructions import OpenCase
from voicebot.service.call.case_access import open_case
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call
from voicebot.service.call_context import call_context_of
from voicebot.service.history import Verb
from voicebot.service.hotline import context_of

CODES = 9_970
"""Codes there are: four digits, but for those that count up or down, or are all alike."""
REFUSED = CaseNotOpened()


@pytest.fixture
def case(line: Line) -> Ticket:
    """A case whose complainant was given a number and a code."""
    return line.ticket(line.told_call())


@pytest.fixture
def stranger(line: Line, case: Ticket) -> CallAnswer:
    """A call from another telephone."""
    return line.ring(OTHER, "CA2")


def opened(
    line: Line, answer: CallAnswer, number: str, code: str = "", *, caller: str | None = OTHER
) -> CaseOpened | CaseNotOpened:
    """Ask for a case within a call, as the flow does. Each try is a turn of its own."""
    with line.work() as work:
        call = work.calls.get(answer.call.id)
        assert call is not None
        call = replace(call, turn_number=call.turn_number + 1, caller_number=caller)
        work.calls.save(call)
        context = call_context_of(context_of(line.hotline, work), call)
        result = open_case(context, OpenCase(case_number=number, code=code))
        work.commit()
    return result


def wrong(code: str) -> str:
    return "8559" if code == "8558" else "8558"


def numbers_of_strangers() -> Iterator[str]:
    """Yield numbers that an attacker shows, each another one."""
    return (f"+1213555{at:04}" for at in count(1))


def other_case_numbers() -> Iterator[str]:
    """Yield numbers with a right check digit that no case has."""
    random = Random(7)
    return (mint_case_number(lambda size: "".join(random.choices("0123456789", k=size))) for _ in count())


def codes_compared(line: Line) -> int:
    """Return how many wrong codes were really held against a case, or against none."""
    with line.engine.connect() as connection:
        found = select(func.count()).where(tables.contacts.c.kind == "code")
        return connection.execute(found).scalar_one()


def test_number_and_code_open_the_case_from_any_telephone(line: Line, case: Ticket, stranger: CallAnswer) -> None:
    result = opened(line, stranger, case.case_number, case.pin)
    assert isinstance(result, CaseOpened)
    assert (result.case.case_id, result.is_proven, result.can_text) == (case.id, True, True)
    assert result.case.window is not None
    assert Verb.CODE_GIVEN in line.verbs(case.id)


def test_the_telephone_that_we_call_hears_how_the_case_stands_without_a_code(line: Line, case: Ticket) -> None:
    answer = line.ring(CALLER, "CA2")
    result = opened(line, answer, case.case_number, caller=CALLER)
    assert isinstance(result, CaseOpened)
    assert not result.is_proven


def test_another_telephone_hears_nothing_without_the_code(line: Line, case: Ticket, stranger: CallAnswer) -> None:
    assert opened(line, stranger, case.case_number) == REFUSED
    assert codes_compared(line) == 0, "nobody has tried a code"


def test_a_call_does_not_open_the_case_that_it_has_begun_itself(line: Line, stranger: CallAnswer) -> None:
    own = line.ticket(stranger)
    assert opened(line, stranger, own.case_number, own.pin) == REFUSED


def test_the_code_of_a_case_that_was_joined_into_another_one_opens_that(line: Line, case: Ticket) -> None:
    again = line.ring(CALLER, "CA2")
    joined = line.ticket(again)
    line.say(line.go_to(line.key(line.go_to(again, "ask_matter"), "1"), "ask_addition"), "and the lid is gone")
    result = opened(line, line.ring(OTHER, "CA3"), joined.case_number, joined.pin)
    assert isinstance(result, CaseOpened)
    assert result.case.case_id == case.id
    assert isinstance(opened(line, line.ring(OTHER, "CA4"), case.case_number, case.pin), CaseOpened)


# --- no oracle -------------------------------------------------------------------------------------------------


@pytest.mark.danger("guessed codes")
def test_a_wrong_code_and_a_number_that_no_case_has_are_answered_alike(
    line: Line, case: Ticket, stranger: CallAnswer
) -> None:
    """The same answer after the same questions to the database, so neither words nor time tell them apart."""
    asked, others = [], other_case_numbers()
    opened(line, stranger, next(others), wrong(case.pin))  # old tries are forgotten once a minute, on the way
    for number in (case.case_number, next(others)):
        with statements_of(line.engine) as sent:
            assert opened(line, stranger, number, wrong(case.pin)) == REFUSED
        asked.append(sent)
    assert [_short(each) for each in asked[0]] == [_short(each) for each in asked[1]]


def _short(statement: str) -> str:
    """Return what is asked of which table by what, without the columns that are read."""
    return f"{statement.split()[0]} {statement.partition(' FROM ')[2] or statement[:60]}"


@pytest.mark.danger("guessed codes")
def test_a_right_code_beyond_a_limit_is_answered_like_a_wrong_one(
    line: Line, case: Ticket, stranger: CallAnswer
) -> None:
    strangers = numbers_of_strangers()
    for _ in range(5):
        assert opened(line, stranger, case.case_number, wrong(case.pin), caller=next(strangers)) == REFUSED
    assert opened(line, stranger, case.case_number, case.pin, caller=next(strangers)) == REFUSED
    line.step(hours=25)
    assert isinstance(opened(line, stranger, case.case_number, case.pin, caller=next(strangers)), CaseOpened)


# --- how much an attacker can try ---------------------------------------------------------------------------------


@pytest.mark.danger("guessed codes")
def test_whoever_knows_a_case_number_tries_five_codes_a_day_however_many_numbers_they_show(
    line: Line, case: Ticket, stranger: CallAnswer
) -> None:
    """Of 9,970 codes, which is one chance in 1,994 a day."""
    strangers = numbers_of_strangers()
    for _hour in range(24):
        for _ in range(3):
            assert opened(line, stranger, case.case_number, wrong(case.pin), caller=next(strangers)) == REFUSED
        line.step(minutes=59)
    assert codes_compared(line) == 5
    assert 1_990 < CODES / codes_compared(line) < 2_000


@pytest.mark.danger("guessed codes")
def test_what_strangers_guess_keeps_the_owner_from_nothing(line: Line, case: Ticket, stranger: CallAnswer) -> None:
    """Who feigns the owner's number has five tries more, so it is one chance in 997 a day for whoever knows both."""
    strangers = numbers_of_strangers()
    for _ in range(6):
        opened(line, stranger, case.case_number, wrong(case.pin), caller=next(strangers))
    assert isinstance(opened(line, stranger, case.case_number, case.pin, caller=CALLER), CaseOpened)
    for _ in range(7):
        assert opened(line, stranger, case.case_number, wrong(case.pin), caller=CALLER) == REFUSED
    assert codes_compared(line) == 10
    assert opened(line, stranger, case.case_number, case.pin, caller=CALLER) == REFUSED


@pytest.mark.danger("guessed codes")
def test_whoever_knows_every_case_number_tries_a_hundred_codes_a_day(line: Line, stranger: CallAnswer) -> None:
    """One chance in a hundred a day to open one of them, whatever numbers are shown, and staff are told."""
    strangers, numbers = numbers_of_strangers(), other_case_numbers()
    for _hour in range(24):
        for _ in range(6):
            assert opened(line, stranger, next(numbers), "8558", caller=next(strangers)) == REFUSED
        line.step(minutes=59)
    assert codes_compared(line) == 100


@pytest.mark.danger("guessed codes")
def test_forty_codes_are_tried_in_an_hour_at_most(line: Line, stranger: CallAnswer) -> None:
    strangers, numbers = numbers_of_strangers(), other_case_numbers()
    for _ in range(45):
        opened(line, stranger, next(numbers), "8558", caller=next(strangers))
    assert codes_compared(line) == 40


@pytest.mark.parametrize(("caller", "most"), [(OTHER, 10), (None, 20)])
@pytest.mark.danger("guessed codes")
def test_one_number_tries_ten_codes_a_day_and_all_without_a_number_twenty(
    line: Line, case: Ticket, stranger: CallAnswer, caller: str | None, most: int
) -> None:
    numbers = other_case_numbers()
    for _ in range(most + 2):
        assert opened(line, stranger, next(numbers), "8558", caller=caller) == REFUSED
    assert codes_compared(line) == most
    assert opened(line, stranger, case.case_number, case.pin, caller=caller) == REFUSED
    assert isinstance(opened(line, stranger, case.case_number, case.pin, caller="+12135550199"), CaseOpened)


def test_staff_are_told_once_a_day_that_a_limit_is_reached(line: Line, case: Ticket, stranger: CallAnswer) -> None:
    before = len(line.sender.to(OWNER))
    for _ in range(8):
        opened(line, stranger, case.case_number, wrong(case.pin))
    line.run_jobs()
    (told,) = line.sender.to(OWNER)[before:]
    assert "wrong codes in a day for one case" in told


def test_what_was_tried_in_vain_stands_with_the_callers_own_case(
    line: Line, case: Ticket, stranger: CallAnswer
) -> None:
    opened(line, stranger, case.case_number, wrong(case.pin))
    assert Verb.CODE_REFUSED in line.verbs(stranger.call.ticket_id)
    assert Verb.CODE_REFUSED not in line.verbs(case.id)


# --- in a call -----------------------------------------------------------------------------------------------------


def test_the_code_is_kept_nowhere(line: Line, case: Ticket, stranger: CallAnswer) -> None:
    answer = line.key(line.key(stranger, "2"), case.case_number)
    assert node_of(answer) == "ask_code"
    answer = line.key(answer, case.pin)
    assert node_of(answer) == "offer_case_menu"
    with line.work() as work:
        turns = list(work.calls.turns(answer.call.id))
        entries = [*work.tickets.history(stranger.call.ticket_id), *work.tickets.history(case.id)]
    assert not [turn for turn in turns if case.pin in turn.event + turn.session + turn.instructions]
    assert not [entry for entry in entries if case.pin in entry.after + entry.before]


def test_who_gave_the_code_from_a_telephone_without_a_number_gets_texts_where_they_got_them_before(
    line: Line, case: Ticket
) -> None:
    """They hear that we text them, and no text of the case, not even one that a call was missed, was sent any more."""
    line.settle()
    before = len(line.sender.sent)
    answer = line.key(line.key(line.key(line.ring("anonymous", "CA2"), "2"), case.case_number), case.pin)
    line.key(answer, "5")
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    line.settle()
    ((to, body),) = line.sender.sent[before:]
    assert (to, "write here" in body) == (CALLER, True)
