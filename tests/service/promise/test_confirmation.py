"""The promise of a case that words came to, and the text that tells it."""

import pytest

from tests.service.lines import CALLER, Line
from tests.service.texting import write_text
from voicebot.domain.case_number import without_pin
from voicebot.domain.promise import PromiseState
from voicebot.service.background.sweeps import run_due
from voicebot.service.hotline import context_of
from voicebot.service.promise.confirmation import follow_up_more_words
from voicebot.service.promise.keep import log_callback


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
