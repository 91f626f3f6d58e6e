"""The promise of a case that words came to, and the text that tells it."""

import pytest

from tests.builders import a_shift
from tests.service.lines import CALLER, Line
from tests.service.texting import cases, write_text
from voicebot.domain.call import CallEnd
from voicebot.domain.case_number import without_pin
from voicebot.domain.promise import FIND_NUMBER, PromiseState
from voicebot.domain.sms import SmsState
from voicebot.service.background.sweeps import run_due
from voicebot.service.call.turn import end_call
from voicebot.service.hotline import context_of
from voicebot.service.outbox.compose import Template
from voicebot.service.promise.confirmation import follow_up_more_words, promise_for_words
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.rota import add_shift


@pytest.mark.requirement("S0-11")
def test_words_after_the_promised_call_make_a_promise_again_and_say_so(line: Line) -> None:
    answer = line.told_call()
    log_callback(line.hotline, line.ticket(answer).case_number, reason="spoke", actor="owner_1")
    write_text(line, "Two weeks and no refund. Call me!", "SM1")
    write_text(line, "Still nothing.", "SM2")
    kept, again = line.promises(answer.call.ticket_id)
    assert (kept.state, again.state) == (PromiseState.KEPT, PromiseState.OPEN)
    assert again.words == without_pin(line.sender.to(CALLER)[-1], line.ticket(answer).pin)
    assert len(line.sender.to(CALLER)) == 2


def test_words_while_a_call_is_owed_make_no_second_promise(line: Line) -> None:
    answer = line.told_call()
    write_text(line, "and the box was wet", "SM1")
    line.step(days=2)  # the window closes, and staff are on the ladder
    run_due(line.hotline)
    missed = line.promises(answer.call.ticket_id)
    write_text(line, "nobody called", "SM2")
    assert line.promises(answer.call.ticket_id) == missed


def test_words_for_a_case_without_a_number_promise_no_call(line: Line) -> None:
    answer = line.told_call()
    log_callback(line.hotline, line.ticket(answer).case_number, reason="spoke", actor="owner_1")
    line.change_ticket(answer, complainant_number=None)
    with line.work() as work:
        follow_up_more_words(context_of(line.hotline, work), answer.call.ticket_id)
    assert len(line.promises(answer.call.ticket_id)) == 1


def test_whoever_writes_first_is_promised_a_call_and_the_text_says_when(line: Line) -> None:
    write_text(line, "My parcel came broken", "SM1")
    (case,) = cases(line)
    (promise,) = line.promises(case.id)
    (body,) = line.sender.to(CALLER)
    assert promise.words == without_pin(body, case.pin)
    assert "11:00-13:00" in promise.words


def test_who_writes_from_where_we_cannot_call_is_looked_for_and_promised_nothing(line: Line) -> None:
    write_text(line, "My parcel came broken", "SM1", sender="SHOP")
    write_text(line, "Still broken", "SM2", sender="SHOP")
    (case,) = cases(line)
    (promise,) = line.promises(case.id)
    assert (promise.target, promise.words, line.sender.sent) == (FIND_NUMBER, "", [])


def test_words_after_a_silent_call_move_its_promise_out_of_the_share_of_the_silent(line: Line) -> None:
    answer = line.ring()
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.settle()
    silent = line.promise(answer.call.ticket_id)
    assert silent.is_silent
    write_text(line, "I cannot speak here. It is broken", "SM1")
    assert [promise.is_silent for promise in line.promises(answer.call.ticket_id)] == [False]


def test_words_while_nothing_has_room_leave_the_silent_promise_as_it_is(line: Line) -> None:
    answer = line.ring()
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.settle()
    silent = line.promise(answer.call.ticket_id)
    add_shift(line.hotline, a_shift("owner_1", "Sunday 11:00-12:00"), actor="boss")  # nobody works when windows open
    ticket = line.ticket(answer)
    with line.work() as work:
        promise = promise_for_words(context_of(line.hotline, work), ticket)
    assert promise == silent, "booked up is no reason to take a promise away"


def test_who_leaves_us_no_number_to_call_has_a_confirmation_that_names_no_window(line: Line) -> None:
    answer = line.go_to(line.say(line.reach("ask_story"), "it broke"), "confirm_number")
    line.go_to(line.key(answer, "2"), "ask_number")
    line.change_ticket(answer, complainant_number=None)
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.run_jobs()
    (body,) = line.sender.to(CALLER)
    assert line.texts(answer)[0].template == Template.CONFIRMATION_NO_WINDOW
    assert "11:00" not in body
    assert line.promise(answer.call.ticket_id).target == FIND_NUMBER


def test_who_writes_before_our_text_has_left_is_not_told_that_we_heard_nothing(line: Line) -> None:
    silent = line.ring()
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    write_text(line, "I cannot speak, my parcel came broken", "SM1")
    line.settle()
    withheld = [sms.state for sms in line.texts(silent) if sms.template == Template.SILENT_CALLER]
    assert withheld == [SmsState.SUPPRESSED]
    assert not any("could not hear" in body for body in line.sender.to(CALLER))
