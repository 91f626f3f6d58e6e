"""What the flow's effects do to rows."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.service.callback.surveys import a_kept_case, picked_up
from tests.service.lines import CALLER, OTHER, SUPERVISOR, Line, node_of, with_shared_number
from voicebot.domain.consent import ConsentAnswer
from voicebot.domain.promise import CallbackWindow
from voicebot.domain.ticket import AnswerState, CloseReason, TicketStatus
from voicebot.flow.events import (
    CallerHungUp,
    CaseNotOpened,
    FinishedBy,
    KeysPressed,
    NoInput,
    NumberAccepted,
    NumberRefused,
    PromiseMade,
    UtteranceHeard,
)
from voicebot.flow.instructions import (
    CheckNumber,
    CloseCase,
    ConfirmPromise,
    KeepAnswer,
    KeepPace,
    Listen,
    LogConsent,
    MakePromise,
    MarkDanger,
    MarkListenFirst,
    OpenCase,
    RequestSupervisor,
    TextOtherTimes,
    WithdrawCase,
    Words,
)
from voicebot.flow.prompts import SLOW_PACE
from voicebot.service.call.effects import apply_effect
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call_context import call_context_of
from voicebot.service.history import Verb
from voicebot.service.hotline import context_of
from voicebot.service.queries.case_list import list_cases


def carried(line: Line, answer: CallAnswer, effect: object) -> object:
    with line.work() as work:
        result = apply_effect(call_context_of(context_of(line.hotline, work), line_call(work, answer)), effect)  # type: ignore[arg-type]
        work.commit()
    return result


def line_call(work: object, answer: CallAnswer) -> object:
    return work.calls.get(answer.call.id)  # type: ignore[attr-defined]


def test_the_notice_heard_to_its_end_is_evidence_of_consent(line: Line) -> None:
    answer = line.go_on(line.ring())
    with line.work() as work:
        (consent,) = work.calls.consents(answer.call.id)
    assert (consent.answer, consent.at) == (ConsentAnswer.RECORDED, line.clock.at)
    assert consent.wording_version


def test_a_refusal_stands_for_the_rest_of_the_call(line: Line) -> None:
    answer = line.key(line.ring(), "8")
    carried(line, answer, LogConsent(is_recording_allowed=True, wording_version="again"))
    with line.work() as work:
        assert [consent.answer for consent in work.calls.consents(answer.call.id)] == [ConsentAnswer.REFUSED]


def test_refusal_in_mid_story_destroys_voice_and_words_and_the_case_stays(line: Line) -> None:
    story = line.reach("ask_story")
    remedy = line.say(story, "the whole story")
    line.run_jobs()
    assert len(line.audio.files) == 1
    half_said = line.spoken(remedy, "oh and")
    answer = line.tell(remedy, KeysPressed(keys="8", utterance=half_said))
    assert node_of(answer) != "hang_up"
    line.run_jobs()
    ticket = line.ticket(answer)
    assert (ticket.problem, ticket.demand, ticket.recording_refused) == ("", "", True)
    assert line.audio.files == {}
    assert line.spool.files == {}
    with line.work() as work:
        assert {kept.state for kept in work.tickets.answers(ticket.id)} == {AnswerState.DESTROYED}
        assert all(not kept.text for kept in work.tickets.answers(ticket.id))
        consents = [consent.answer for consent in work.calls.consents(answer.call.id)]
    assert consents == [ConsentAnswer.RECORDED, ConsentAnswer.REFUSED]


def test_a_refused_call_keeps_no_voice_that_comes_late(line: Line) -> None:
    story = line.reach("ask_story")
    late = line.spoken(story, "late words")
    line.tell(story, KeysPressed(keys="8"))
    line.tell(story, UtteranceHeard(utterance=late, finished_by=FinishedBy.SILENCE))
    assert line.spool.files == {}
    assert line.ticket(story).problem == ""


def test_no_to_texts_is_kept_and_obeyed(line: Line) -> None:
    answer = line.go_to(line.say(line.reach("ask_story"), "it broke"), "announce_text")
    answer = line.go_to(line.key(answer, "2"), "hang_up")
    assert not line.ticket(answer).may_text


def test_kept_number_stands_on_the_ticket_and_never_in_the_history(line: Line) -> None:
    answer = line.ring()
    carried(line, answer, KeepAnswer(slot="callback_number", value=OTHER))
    assert line.ticket(answer).complainant_number == OTHER
    with line.work() as work:
        assert all(OTHER not in entry.after for entry in work.tickets.history(answer.call.ticket_id))


def test_a_demand_left_open_is_no_demand(line: Line) -> None:
    answer = line.ring()
    carried(line, answer, KeepAnswer(slot="remedy", value="not_said", is_confirmed=False))
    assert line.ticket(answer).demand == ""
    carried(line, answer, KeepAnswer(slot="remedy", value="refund"))
    assert line.ticket(answer).demand == "refund"


def test_asking_for_a_person_is_counted_and_makes_it_a_supervisors_promise(line: Line) -> None:
    answer = line.key(line.ring(), "0")
    carried(line, answer, RequestSupervisor())
    ticket = line.ticket(answer)
    assert (ticket.supervisor_asks, ticket.supervisor_asked_at) == (2, line.clock.at)
    assert line.promise(ticket.id).target == "supervisor"


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("2025550177", NumberAccepted(number=OTHER, national_digits="2025550177")),
        ("9005550123", NumberRefused(reason="kind")),
        ("911", NumberRefused(reason="emergency")),
        ("2025550161", NumberRefused(reason="staff")),
        ("2025550100", NumberRefused(reason="own")),
    ],
)
def test_keyed_numbers_pass_the_gate_or_not(line: Line, digits: str, expected: object) -> None:
    result = carried(line, line.ring(), CheckNumber(digits=digits))
    assert type(result) is type(expected)
    assert isinstance(result, NumberAccepted | NumberRefused)


def test_of_numbers_that_may_have_been_said_the_first_that_passes_is_taken(line: Line) -> None:
    """What nobody may ring was not what the caller said."""
    result = carried(line, line.ring(), CheckNumber(digits="9005550123", others=("911", "2025550177", "2025550178")))
    assert isinstance(result, NumberAccepted)
    assert (result.number, result.digits) == (OTHER, "2025550177")


def test_promise_made_and_confirmed(line: Line) -> None:
    answer = line.ring()
    carried(line, answer, MakePromise(target="standard"))
    carried(line, answer, ConfirmPromise(words="today between eleven and one", is_confirmed_by_caller=True))
    promise = line.promise(answer.call.ticket_id)
    assert (promise.words, promise.confirmed_by_caller) == ("today between eleven and one", True)


def test_no_window_in_a_quarter_leaves_the_caller_without(line: Line) -> None:
    answer = line.ring()
    with line.work() as work:
        context = call_context_of(context_of(line.hotline, work), line_call(work, answer))  # type: ignore[arg-type]
        full = _Full(context.work.promises)
        context.work.promises = full  # type: ignore[assignment]
        made = apply_effect(context, MakePromise(target="standard"))
    assert made is not None
    assert made.kind == "no_window_left"


class _Full:
    """Promises of a company that is booked up."""

    def __init__(self, promises: object) -> None:
        self._promises = promises

    def open_windows(self, closing_after: datetime) -> dict[CallbackWindow, int]:
        hours = (closing_after + timedelta(hours=each) for each in range(24 * 120))
        return {CallbackWindow(opens_at=hour, closes_at=hour + timedelta(hours=1)): 1_000 for hour in hours}

    def __getattr__(self, name: str) -> object:
        return getattr(self._promises, name)


def test_the_callers_own_number_is_what_a_silent_yes_keeps(line: Line) -> None:
    answer = line.go_to(line.say(line.reach("ask_story"), "it broke"), "announce_text")
    assert line.ticket(answer).complainant_number == CALLER


@pytest.mark.requirement("V-07")
def test_words_of_danger_are_told_to_supervisors_at_once_and_judged_by_nobody(line: Line) -> None:
    answer = line.ring()
    carried(line, answer, MarkDanger())
    line.sweep()
    assert [body for body in line.sender.to(SUPERVISOR) if "MAY TELL OF DANGER" in body]
    assert Verb.DANGER_HEARD in line.verbs(answer.call.ticket_id)
    assert (line.ticket(answer).category, line.ticket(answer).supervisor_asks) == ("", 0)


def test_a_caller_who_was_not_understood_is_listened_to_first(line: Line) -> None:
    answer = line.ring()
    carried(line, answer, MarkListenFirst())
    assert line.ticket(answer).is_listen_first
    (listed,) = list_cases(line.hotline).lines
    assert listed.is_listen_first


def test_the_hotlines_own_test_call_is_told_a_window_and_asks_and_alarms_nobody(line: Line) -> None:
    answer = line.ring()
    call = replace(line.call(answer), is_canary=True)
    with line.work() as work:
        work.calls.save(call)
        work.commit()
    carried(line, answer, RequestSupervisor())
    carried(line, answer, MarkDanger())
    line.sweep()
    assert line.sender.to(SUPERVISOR) == []
    made = carried(line, answer, MakePromise(target="standard", is_later=False))
    assert isinstance(made, PromiseMade)
    assert line.ticket(answer).supervisor_asks == 0
    assert line.promises(answer.call.ticket_id) == []


@pytest.mark.requirement("V-02")
@pytest.mark.requirement("V-05")
def test_who_agrees_is_spoken_to_slowly_in_the_next_call_too(line: Line) -> None:
    carried(line, line.ring(), KeepPace())
    with line.work() as work:
        (kept,) = work.adjustments.of_numbers([CALLER])
    assert (kept.kind, kept.consent_by, kept.recorded_by) == ("slow", "the caller, on the telephone", "caller")
    again = line.ring(carrier_call_id="CA2")
    assert isinstance(again.wait, Listen)
    assert {prompt.pace for prompt in again.wait.prompts} == {SLOW_PACE}
    story = line.go_to(again, "ask_story")
    assert isinstance(story.wait, Listen)
    assert story.wait.no_input_after_s == 14


def test_nothing_is_kept_for_a_number_that_is_withheld_or_that_many_share(line: Line, tmp_path: Path) -> None:
    carried(line, line.ring(""), KeepPace())
    with_shared_number(line, tmp_path, CALLER)
    carried(line, line.ring(carrier_call_id="CA2"), KeepPace())
    with line.work() as work:
        assert list(work.adjustments.of_numbers([CALLER])) == []


def test_who_gives_a_case_up_ends_it_by_their_word(line: Line) -> None:
    told = line.told_call()
    carried(line, told, WithdrawCase())
    assert line.ticket(told).close_reason is CloseReason.WITHDRAWN
    line.run_jobs()
    assert "we close case" in line.sender.to(CALLER)[-1]


def test_a_case_is_looked_for_by_its_number(line: Line) -> None:
    assert carried(line, line.ring(), OpenCase(case_number="482719300")) == CaseNotOpened()


def test_other_times_are_texted_to_a_caller_and_to_no_test_call(line: Line) -> None:
    told = line.told_call()
    before = len(line.sender.sent)
    carried(line, told, TextOtherTimes())
    line.run_jobs()
    assert len(line.sender.sent) == before + 1
    of_canary = replace(line.call(told), is_canary=True)
    with line.work() as work:
        work.calls.save(of_canary)
        work.commit()
    carried(line, told, TextOtherTimes())
    line.run_jobs()
    assert len(line.sender.sent) == before + 1


@pytest.mark.requirement("S2-08")
def test_a_case_ends_by_the_yes_to_our_own_question(line: Line, tmp_path: Path) -> None:
    ticket = a_kept_case(line, tmp_path / "policy")
    answer = picked_up(line, ticket)
    assert carried(line, answer, CloseCase()) is None
    assert line.ticket(answer).status is TicketStatus.CLOSED


@pytest.mark.requirement("V-07")
def test_words_of_danger_in_a_story_name_the_number_of_the_policy_and_the_story_goes_on(line: Line) -> None:
    offered = line.say(line.reach("ask_story"), "he is going to kill me")
    assert node_of(offered) == "offer_help"
    assert isinstance(offered.wait, Listen)
    said = [part.text for prompt in offered.wait.prompts for part in prompt.fragments if isinstance(part, Words)]
    assert said[1:4] == ["nine", "one", "one."]
    declined = line.key(offered, "2")
    assert node_of(declined) == "ask_story"
    line.tell(line.say(declined, "and the box was empty"), CallerHungUp())
    assert line.promise(offered.call.ticket_id).target == "standard", "a mistake costs nothing but a no"


@pytest.mark.requirement("V-07")
def test_who_hangs_up_after_words_of_danger_and_nobody_there_is_a_supervisors_to_call(line: Line) -> None:
    offered = line.say(line.reach("ask_story"), "i want to kill myself")
    line.tell(line.tell(offered, NoInput()), CallerHungUp())
    assert line.promise(offered.call.ticket_id).target == "supervisor"
    line.sweep()
    assert [body for body in line.sender.to(SUPERVISOR) if "MAY TELL OF DANGER" in body]
