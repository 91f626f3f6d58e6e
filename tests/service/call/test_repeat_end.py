"""What a repeat call leaves: it stands on the case that it is about, and its text never says more than was claimed."""

import pytest

from tests.service.call.repeats import MORE, asked, called_again, of, said, templates
from tests.service.lines import CALLER, OTHER, Line
from voicebot.domain.call import CallEnd
from voicebot.domain.case_number import written
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import CloseReason, TicketStatus
from voicebot.flow.events import CallerHungUp
from voicebot.service.call.turn import end_call
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.decision import act
from voicebot.service.ticket.ending import closing


def bodies(line: Line) -> list[str]:
    """Let a minute pass, and return the texts that the complainant has got."""
    for _ in range(3):
        line.step(seconds=20)
        line.sweep()
    return line.sender.to(CALLER)


@pytest.mark.requirement("S3-06")
def test_who_says_that_it_is_about_the_case_stands_on_it_without_another_word(line_on_both: Line) -> None:
    line = line_on_both
    other_matter, first = line.told_call("CA0"), line.told_call("CA1")
    before = bodies(line)
    adding = line.key(asked(line), "1")
    line.tell(adding, CallerHungUp())
    assert bodies(line) == before, "nothing was added, and nothing is new"
    assert line.call(adding).ticket_id == first.call.ticket_id
    assert (of(line, first).repeats, of(line, other_matter).repeats) == (1, 0)


def test_who_says_so_of_a_case_that_owes_no_call_is_told_of_the_one_that_is_promised(line: Line) -> None:
    first = line.told_call("CA1")
    log_callback(line.hotline, line.ticket(first).case_number, reason="spoke", actor="owner_1")
    before = bodies(line)
    line.tell(line.key(asked(line), "1"), CallerHungUp())
    (new,) = bodies(line)[len(before) :]
    assert "we will call you" in new
    assert line.promise(first.call.ticket_id).words == new


def test_words_that_come_late_stand_on_the_case_too(line: Line) -> None:
    first = line.told_call("CA1")
    adding = line.key(asked(line), "1")
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    line.say(adding, MORE)
    line.run_jobs()
    assert of(line, first).problem.splitlines() == ["my parcel came broken", MORE]
    assert not any("could not hear" in body for body in bodies(line))


@pytest.mark.parametrize("keys", ["5", "15"])
def test_who_asks_for_a_text_is_sent_neither_number_nor_code_of_the_case(line: Line, keys: str) -> None:
    first = line.told_call("CA1")
    before, answer = bodies(line), asked(line)
    for key in keys:
        answer = line.key(answer, key)
    end_call(line.hotline, "CA2", CallEnd.COMPLETED)
    (new,) = bodies(line)[len(before) :]
    case = of(line, first)
    assert (case.repeats, templates(line, first)[-1]) == (1, "sms_text_me_again")
    assert "write here" in new
    assert not any(secret in new for secret in (case.pin, written(case.case_number), case.case_number))


def test_who_did_not_claim_the_case_is_sent_no_code_of_it(line: Line) -> None:
    first = line.told_call("CA1")
    log_callback(line.hotline, line.ticket(first).case_number, reason="spoke", actor="owner_1")
    before = bodies(line)
    line.go_to(line.say(line.go_on(asked(line)), MORE), "hang_up")
    end_call(line.hotline, "CA2", CallEnd.COMPLETED)
    (new,) = bodies(line)[len(before) :]
    assert "we will call you" in new
    assert line.ticket(first).pin not in new


def test_who_asks_for_a_supervisor_before_claiming_the_case_is_sent_no_code_of_it(line: Line) -> None:
    """They hang up at the question, and what they are promised is new: its text must not open the older case."""
    first = line.told_call("CA1")
    before = bodies(line)
    answer = line.go_to(line.key(asked(line), "0"), "ask_matter")
    line.tell(answer, CallerHungUp(utterance=line.spoken(answer, MORE)))
    line.run_jobs()
    told = " ".join(bodies(line)[len(before) :])
    assert line.ticket(first).pin not in told
    assert "we will call you" in told


def test_who_hangs_up_while_adding_is_joined_at_the_end(line: Line) -> None:
    first = line.told_call("CA1")
    answer = line.key(asked(line), "1")
    line.tell(answer, CallerHungUp(utterance=line.spoken(answer, MORE)))
    case = of(line, first)
    assert (case.repeats, case.problem.splitlines()) == (1, ["my parcel came broken", MORE])


def test_who_hangs_up_at_the_question_without_a_word_joins_as_any_silent_call(line: Line) -> None:
    first = line.told_call("CA1")
    line.tell(asked(line), CallerHungUp())
    line.step(seconds=36)
    line.sweep()
    line.sweep()
    assert of(line, first).repeats == 0
    assert "silent_call_joined" in line.verbs(first.call.ticket_id)


def test_who_hangs_up_before_a_new_call_is_offered_is_promised_one_all_the_same(line: Line) -> None:
    first = line.told_call("CA1")
    log_callback(line.hotline, line.ticket(first).case_number, reason="spoke", actor="owner_1")
    line.step(hours=1)
    called_again(line)
    promise = line.promise(first.call.ticket_id)
    assert promise.state is PromiseState.OPEN
    assert promise.words
    assert templates(line, first)[-1] == "sms_call_cut_off"


def test_a_repeat_caller_is_told_once_an_hour_that_their_words_were_added(line: Line) -> None:
    first = line.told_call("CA1")
    line.settle()
    called_again(line, "CA2")
    line.step(minutes=10)
    called_again(line, "CA3")
    line.step(minutes=61)
    called_again(line, "CA4")
    line.sweep()
    assert len([body for body in line.sender.to(CALLER) if "added to your case" in body]) == 2
    assert of(line, first).repeats == 3


@pytest.mark.parametrize("asks_for_a_text_at", ["ask_matter", "ask_addition"])
def test_who_wanted_no_texts_about_a_case_is_told_so_and_not_that_one_is_on_its_way(
    line: Line, asks_for_a_text_at: str
) -> None:
    first = line.say(line.say(line.reach("ask_story"), "my parcel never came"), "send it again")
    line.key(line.go_to(first, "announce_text"), "2")
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.run_jobs()
    before = line.sender.to(CALLER)
    again = asked(line)
    again = again if asks_for_a_text_at == "ask_matter" else line.key(again, "1")
    again = line.key(again, "5")
    assert "tell_no_text" in said(again)
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    line.run_jobs()
    assert line.sender.to(CALLER) == before


def test_a_case_that_is_closed_while_the_repeat_caller_speaks_is_open_again(line: Line) -> None:
    first = line.told_call("CA1")
    number = line.ticket(first).case_number
    log_callback(line.hotline, number, reason="spoke", actor="owner_1")
    line.say(line.key(asked(line), "1"), MORE)
    unheard = "she is speaking still"
    act(line.hotline, number, closing(reason=CloseReason.AGREED, words="ok", actor="supervisor_1", unheard=unheard))
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    assert of(line, first).status is TicketStatus.OPEN
    assert line.promise(first.call.ticket_id).state is PromiseState.OPEN


@pytest.mark.parametrize("key", ["0", "5"])
def test_who_hears_that_the_case_has_ended_gets_the_person_or_the_text_that_they_ask_for_then(
    line: Line, key: str
) -> None:
    """A supervisor's call was promised aloud, and withdrawn with the call's own case, for the ended one stayed so."""
    first = line.told_call("CA1")
    number = line.ticket(first).case_number
    log_callback(line.hotline, number, reason="spoke", actor="owner_1")
    act(line.hotline, number, closing(reason=CloseReason.AGREED, words="ok", actor="owner_1"))
    line.key(line.key(asked(line), "1"), key)
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    case = of(line, first)
    assert (case.status, case.repeats) == (TicketStatus.OPEN, 1)
    if key == "0":
        assert (line.promise(case.id).target, case.supervisor_asks) == ("supervisor", 1)
    else:
        assert templates(line, first)[-1] == "sms_text_me_again"


def test_who_only_hears_that_a_case_is_answered_leaves_it_so(line: Line) -> None:
    """Nobody is owed a call, sent a text or counted as a repeat for having asked."""
    first = line.told_call("CA1")
    number = line.ticket(first).case_number
    log_callback(line.hotline, number, reason="spoke", actor="owner_1")
    act(line.hotline, number, closing(reason=CloseReason.AGREED, words="ok", actor="supervisor_1"))
    before = bodies(line)
    hearing = line.key(asked(line), "1")
    assert said(hearing) == ["say_status_ended", "ask_if_unsettled"]
    line.tell(hearing, CallerHungUp())
    assert bodies(line) == before
    ended = of(line, first)
    assert (ended.status, ended.repeats, ended.reopened) == (TicketStatus.CLOSED, 0, 0)
    assert line.call(hearing).ticket_id == first.call.ticket_id
    assert "status_asked" in line.verbs(first.call.ticket_id)


def test_a_case_ends_by_its_complainants_word_said_twice_and_its_code(line: Line) -> None:
    first = line.told_call("CA1")
    answer = line.key(line.key(line.key(asked(line), "1"), "3"), line.ticket(first).pin)
    assert said(answer)[-1] == "confirm_end"
    assert of(line, first).status is TicketStatus.OPEN
    answer = line.key(answer, "1")
    assert said(answer) == ["say_withdrawn"]
    end_call(line.hotline, "CA2", CallEnd.COMPLETED)
    line.run_jobs()
    ended = of(line, first)
    assert (ended.status, ended.close_reason) == (TicketStatus.CLOSED, CloseReason.WITHDRAWN)
    assert line.promise(first.call.ticket_id).state is PromiseState.WITHDRAWN
    assert "we close case" in bodies(line)[-1]


def test_a_call_is_moved_from_another_telephone_by_number_and_code(line: Line) -> None:
    first = line.told_call("CA1")
    case, standing = line.ticket(first), line.promise(first.call.ticket_id)
    answer = line.key(line.key(line.key(line.ring(OTHER, "CA2"), "2"), case.case_number), case.pin)
    answer = line.key(answer, "2")
    assert said(answer)[0] == "offer_first"
    assert line.promise(first.call.ticket_id).id == standing.id
    line.tell(line.key(answer, "2"), CallerHungUp())
    moved = line.promise(first.call.ticket_id)
    assert moved.window_opens_at > standing.window_opens_at
    assert line.call(answer).ticket_id == first.call.ticket_id
    assert "we will call you" in bodies(line)[-1].lower()
    assert of(line, first).complainant_number == CALLER
