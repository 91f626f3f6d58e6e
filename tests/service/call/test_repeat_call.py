"""Who calls again with words: the same case, its call kept or made, counted, offered to somebody else."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.service.call.repeats import MORE, asked, called_again, digits_in, of, said, spoken, templates
from tests.service.lines import (
    CALLER,
    DEPUTY,
    FLOWS_DIR,
    OTHER,
    Line,
    a_policy_dir,
    node_of,
    with_flows,
    with_shared_number,
)
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.call import CallEnd
from voicebot.domain.notice import NoticeEvent
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import CloseReason, NotComplaint, Ticket, TicketStatus
from voicebot.flow.events import CallerHungUp
from voicebot.flow.instructions import HangUp
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.decision import act
from voicebot.service.ticket.ending import closing, dismissing
from voicebot.service.ticket.splitting import taking_out


@pytest.mark.requirement("S3-06")
@pytest.mark.requirement("S3-12")
def test_a_repeat_call_stands_on_the_same_case_with_the_call_that_was_promised(line_on_both: Line) -> None:
    line, first = line_on_both, line_on_both.told_call("CA1")
    owed = line.promise(first.call.ticket_id)
    line.step(minutes=20)
    again = called_again(line)
    case = of(line, first)
    assert (again.call.ticket_id, case.repeats, case.offered_to) == (case.id, 1, "deputy_1")
    assert case.owner_id == "owner_1"
    assert case.problem.splitlines() == ["my parcel came broken", MORE]
    assert [promise.id for promise in line.promises(case.id)] == [owed.id]
    assert line.promise(case.id).state is PromiseState.OPEN
    assert "repeat_call" in line.verbs(case.id)


def test_the_caller_hears_that_the_case_is_known_and_when_we_call_and_nothing_else_of_it(line: Line) -> None:
    first = line.told_call("CA1")
    asking = asked(line)
    assert said(asking) == ["know_case", "ask_matter"]
    adding = line.key(asking, "1")
    assert said(adding) == ["say_owner", "say_window", "ask_addition"]
    assert "stands: today between eleven and one" in spoken(adding)
    joined = line.say(adding, MORE)
    assert said(joined) == ["say_added", "say_window"]
    assert digits_in(spoken(line.go_on(joined))) == line.ticket(first).case_number


@pytest.mark.parametrize("then", [["", ""], ["#", ""], [MORE, ""], ["0", "", MORE], ["0", "", "#"], ["5"], ["8"]])
def test_who_does_not_say_that_it_is_about_the_case_hears_nothing_of_it(line: Line, then: list[str]) -> None:
    first = line.told_call("CA1")
    line.run_jobs()
    answer = asked(line)
    heard = spoken(answer)
    for doing in ("", *then, *[""] * 8):
        if isinstance(answer.wait, HangUp):
            break
        answer = (
            line.key(answer, doing) if len(doing) == 1 else line.say(answer, doing) if doing else line.go_on(answer)
        )
        heard += " " + spoken(answer)
    assert isinstance(answer.wait, HangUp), "the call comes to an end by itself"
    case = line.ticket(first)
    assert case.case_number not in digits_in(heard)
    assert not any(word in heard for word in ("stands", "parcel", "refund", case.pin))


def test_a_case_that_was_no_complaint_is_not_known(line_on_both: Line) -> None:
    line, first = line_on_both, line_on_both.told_call("CA1")
    step = dismissing(kind=NotComplaint.PRANK, words="children giggling", actor="owner_1")
    act(line.hotline, line.ticket(first).case_number, step)
    second = line.reach("say_recording_notice", carrier_call_id="CA2")
    assert said(line.go_on(second)) == ["ask_story"]
    told = ended(line, line.go_on(second), MORE)
    assert told.id != first.call.ticket_id
    assert of(line, first).status is TicketStatus.NOT_A_COMPLAINT


@pytest.mark.parametrize("is_erased", [False, True])
def test_a_number_that_we_cannot_ring_knows_its_case_until_that_is_erased(line: Line, is_erased: bool) -> None:
    unringable = "+18092201111"  # valid, and not among our countries
    first = line.say(line.reach("ask_story", unringable), "my parcel came broken")
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.run_jobs()
    asking = asked(line, caller=unringable)
    if is_erased:
        erased = replace(line.call(first), caller_number=None)
        with line.work() as work:
            work.calls.save(erased)
            work.commit()
    line.say(line.key(asking, "1"), MORE)
    assert of(line, first).repeats == (0 if is_erased else 1)


@pytest.mark.parametrize("refuses_at", ["ask_matter", "ask_addition", "say_window"])
def test_who_refuses_recording_in_a_repeat_call_refuses_it_for_that_call(line: Line, refuses_at: str) -> None:
    first = line.told_call("CA1")
    answer = asked(line)
    answer = answer if refuses_at == "ask_matter" else line.key(answer, "1")
    answer = line.say(answer, MORE) if refuses_at == "say_window" else answer
    answer = line.key(answer, "8")
    answer = line.key(answer, "1") if node_of(answer) == "ask_matter" else answer
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    case = of(line, first)
    assert (case.repeats, case.recording_refused) == (1, False)
    with line.work() as work:
        assert [consent.answer for consent in work.calls.consents(answer.call.id)][-1] == "refused"
        assert all(answer.audio_key for answer in work.tickets.answers(case.id) if answer.call_id == first.call.id)


def test_something_else_is_a_case_of_its_own(line: Line) -> None:
    first = line.told_call("CA1")
    answer = line.key(asked(line), "2")
    assert said(answer) == ["accept_other_matter", "ask_story"]
    answer = line.go_to(line.say(answer, "another parcel is late"), "tell_case_number")
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    other = line.ticket(answer)
    assert other.id != first.call.ticket_id
    assert (other.status, other.problem) == (TicketStatus.OPEN, "another parcel is late")
    assert line.promise(other.id).state is PromiseState.OPEN
    assert of(line, first).repeats == 0


@pytest.mark.requirement("S3-06")
def test_a_call_after_the_end_opens_the_same_case_again_and_a_call_is_promised(line_on_both: Line) -> None:
    line, first = line_on_both, line_on_both.told_call("CA1")
    number = line.ticket(first).case_number
    log_callback(line.hotline, number, reason="spoke", actor="owner_1")
    act(line.hotline, number, closing(reason=CloseReason.AGREED, words="ok", actor="owner_1"))
    line.step(days=5)
    asking = asked(line)
    assert said(asking) == ["know_case", "ask_matter"]
    answer = line.say(line.key(asking, "1"), MORE)
    assert (said(answer), node_of(answer)) == (["say_added", "announce_text"], "announce_text")
    line.go_to(answer, "tell_case_number")
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    case = of(line, first)
    assert (case.status, case.reopened, case.repeats) == (TicketStatus.OPEN, 1, 1)
    assert line.promise(case.id).state is PromiseState.OPEN
    assert templates(line, first)[-1] == "sms_confirmation"


def test_days_after_the_policy_s_it_is_a_new_case(line: Line) -> None:
    first = line.told_call("CA1")
    number = line.ticket(first).case_number
    log_callback(line.hotline, number, reason="spoke", actor="owner_1")
    act(line.hotline, number, closing(reason=CloseReason.AGREED, words="ok", actor="owner_1"))
    line.step(days=61)
    assert line.told_call("CA2").call.ticket_id != first.call.ticket_id


@pytest.mark.requirement("S3-06")
@pytest.mark.parametrize(("was_called", "targets"), [(False, ["standard"]), (True, ["standard", "repeat"])])
def test_a_repeat_shortens_the_time_of_a_call_that_is_promised_anew_and_of_no_other(
    line_on_both: Line, was_called: bool, targets: list[str]
) -> None:
    line = line_on_both
    first = line.told_call("CA1")
    if was_called:
        log_callback(line.hotline, line.ticket(first).case_number, reason="spoke", actor="owner_1")
    called_again(line)
    assert [promise.target for promise in line.promises(first.call.ticket_id)] == targets


@pytest.mark.parametrize("caller", ["anonymous", "", OTHER])
def test_another_phone_or_a_withheld_one_joins_nothing(line: Line, caller: str) -> None:
    first, second = line.told_call("CA1"), line.reach("ask_story", caller, "CA2")
    line.say(second, MORE)
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    assert of(line, first).repeats == 0
    assert line.ticket(second).status is TicketStatus.OPEN


def test_a_number_that_many_people_share_joins_nothing(line: Line, tmp_path: Path) -> None:
    with_shared_number(line, tmp_path, CALLER)
    first, second = line.told_call("CA1"), line.told_call("CA2")
    assert (of(line, first).repeats, second.call.ticket_id == first.call.ticket_id) == (0, False)


def test_a_phone_at_which_the_case_is_not_to_be_called_joins_nothing(line: Line) -> None:
    first = line.told_call("CA1")
    line.change_ticket(first, complainant_number=OTHER)
    assert line.told_call("CA2").call.ticket_id != first.call.ticket_id


def ended(line: Line, answer: CallAnswer, words: str) -> Ticket:
    """Tell a story, be promised a call, hang up; return the case in which it was told."""
    answer = line.go_to(line.say(answer, words), "tell_case_number")
    end_call(line.hotline, answer.call.carrier_call_id, CallEnd.CALLER_HUNG_UP)
    return of(line, answer)


def test_two_calls_at_once_from_one_number_are_two_cases(line_on_both: Line) -> None:
    line = line_on_both
    first = line.reach("ask_story")
    second = line.reach("ask_story", carrier_call_id="CA2")
    ended(line, first, "my parcel came broken")
    fell = ended(line, second, "I fell in your shop")
    assert (fell.status, fell.problem) == (TicketStatus.OPEN, "I fell in your shop")
    assert of(line, first).problem == "my parcel came broken"


def test_a_call_joins_the_case_that_it_was_asked_about_though_another_of_the_house_rang_meanwhile(line: Line) -> None:
    first = line.told_call("CA1")
    asking = asked(line)
    meanwhile = line.told_call("CA3")
    line.say(line.key(asking, "1"), MORE)
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    assert of(line, first).problem.splitlines() == ["my parcel came broken", MORE]
    assert of(line, meanwhile).problem == "my parcel came broken"


def test_a_call_joins_its_case_though_another_of_the_house_is_on_the_line(line: Line) -> None:
    first = line.told_call("CA1")
    asking = asked(line)
    line.reach("ask_story", carrier_call_id="CA3")
    joined = line.say(line.key(asking, "1"), MORE)
    assert (said(joined), of(line, first).repeats) == (["say_added", "say_window"], 1)


def test_words_after_a_call_without_any_are_told_in_one_case(line: Line) -> None:
    silent = line.ring()
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.settle()
    told = ended(line, line.reach("ask_story", carrier_call_id="CA2"), "my parcel came broken")
    assert (told.status, of(line, silent).problem) == (TicketStatus.MERGED, "my parcel came broken")


@pytest.mark.requirement("S1-03")
def test_a_supervisor_asked_for_by_a_repeat_caller_is_who_calls(line: Line) -> None:
    first = line.told_call("CA1")
    answer = line.say(line.key(asked(line), "1"), MORE)
    answer = line.key(answer, "0")
    assert node_of(answer) == "promise_supervisor"
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    promises = line.promises(first.call.ticket_id)
    assert [(promise.target, promise.state) for promise in promises] == [
        ("standard", PromiseState.MOVED),
        ("supervisor", PromiseState.OPEN),
    ]
    assert of(line, first).supervisor_asks == 1


@pytest.mark.parametrize("is_told", [False, True])
def test_a_supervisor_promised_before_the_case_is_joined_comes_with_it(
    line: Line, tmp_path: Path, *, is_told: bool
) -> None:
    first = line.told_call("CA1")
    with_flows(line, FlowFiles(FLOWS_DIR, a_policy_dir(tmp_path / "policy", notices=True)))
    answer = line.key(line.key(asked(line), "0"), "#")
    assert node_of(answer) == "ask_matter"
    if is_told:
        line.sweep()
    line.say(line.key(answer, "1"), MORE)
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    promise = line.promise(first.call.ticket_id)
    assert (promise.target, promise.state, of(line, first).supervisor_asks) == ("supervisor", PromiseState.OPEN, 1)
    with line.work() as work:
        events = {each.event for each in work.notices.of_ticket(first.call.ticket_id)}
    assert (NoticeEvent.SUPERVISOR_WANTED in events) is not is_told, "who is yet to be told is told it of the case"


@pytest.mark.requirement("D-08")
def test_staff_take_a_repeat_call_out_again_with_its_words(line_on_both: Line) -> None:
    line = line_on_both
    first = line.told_call("CA1")
    called_again(line)
    with line.work() as work:
        own_id = work.tickets.merged_into(first.call.ticket_id)[0]
        own = work.tickets.get(own_id)
    assert own is not None
    act(line.hotline, line.ticket(first).case_number, taking_out(own.case_number, words="two people", actor="owner_1"))
    with line.work() as work:
        taken = work.tickets.get(own_id)
    assert taken is not None
    assert (taken.status, taken.problem) == (TicketStatus.OPEN, MORE)
    assert of(line, first).problem == "my parcel came broken"


def test_owner_and_whoever_is_offered_the_case_are_told_of_the_repeat(line: Line, tmp_path: Path) -> None:
    first = line.told_call("CA1")
    with_flows(line, FlowFiles(FLOWS_DIR, a_policy_dir(tmp_path / "policy", notices=True)))
    called_again(line)
    with line.work() as work:
        notices = work.notices.of_ticket(first.call.ticket_id)
    assert {each.member_id for each in notices if each.event is NoticeEvent.REPEAT_CALL} == {"owner_1", "deputy_1"}
    line.step(minutes=11)
    line.sweep()
    assert ["called again about it" in body for body in line.sender.to(DEPUTY)] == [True]


def test_who_refuses_recording_after_the_case_was_joined_leaves_no_voice_of_that_call(line: Line) -> None:
    line.told_call("CA1")
    kept = set(line.audio.files)
    answer = line.say(asked(line), "yes")
    line.run_jobs()
    assert set(line.audio.files) > kept, "stored before the case was joined"
    answer = line.say(answer, MORE)
    line.run_jobs()
    line.key(answer, "8")
    assert set(line.audio.files) == kept


def begun(line: Line, sid: str, words: str) -> CallAnswer:
    """Ring about another matter, and be on the line still, with words or without any."""
    story = line.reach("ask_story", carrier_call_id=sid)
    return line.say(story, words) if words else story


def hung_up(line: Line, *sids: str) -> None:
    """Let the carrier tell at last which calls are over."""
    for sid in sids:
        line.step(seconds=20)
        end_call(line.hotline, sid, CallEnd.CALLER_HUNG_UP)
    line.run_jobs()


@pytest.mark.requirement("S3-06")
@pytest.mark.parametrize("ends", [("CA1", "CA2"), ("CA2", "CA1")])
@pytest.mark.parametrize("has_older", [False, True])
def test_whose_line_dropped_is_asked_about_the_case_just_begun(
    line_on_both: Line, ends: tuple[str, str], has_older: bool
) -> None:
    line = line_on_both
    older = line.told_call("CA0") if has_older else None
    dropped = begun(line, "CA1", "my parcel came broken")
    line.step(seconds=15)
    again = line.say(line.key(asked(line), "1"), MORE)
    hung_up(line, *ends)
    case = of(line, dropped)
    assert (again.call.ticket_id, case.repeats) == (case.id, 1)
    assert case.problem.splitlines() == ["my parcel came broken", MORE]
    assert [promise.state for promise in line.promises(case.id)] == [PromiseState.OPEN]
    assert older is None or of(line, older).repeats == 0


@pytest.mark.requirement("S3-06")
def test_whose_line_dropped_before_a_word_is_asked_about_the_older_case(line_on_both: Line) -> None:
    line = line_on_both
    older = line.told_call("CA0")
    begun(line, "CA1", "")
    begun(line, "CA3", "")
    line.step(seconds=15)
    again = line.say(line.key(asked(line), "1"), MORE)
    hung_up(line, "CA1", "CA3", "CA2")
    assert (again.call.ticket_id, of(line, older).repeats) == (older.call.ticket_id, 1)
    assert of(line, older).problem.splitlines() == ["my parcel came broken", MORE]


def test_whose_line_dropped_before_a_word_and_who_has_no_other_case_is_asked_for_the_story(line: Line) -> None:
    begun(line, "CA1", "")
    assert node_of(line.reach("ask_story", carrier_call_id="CA2")) == "ask_story"


@pytest.mark.parametrize("keys", ["2", ""])
@pytest.mark.parametrize("is_first_over", [False, True])
@pytest.mark.parametrize("is_hung_up_on", [False, True])
def test_two_people_of_one_house_at_once_are_joined_by_no_silence_at_the_question(
    line_on_both: Line, keys: str, is_first_over: bool, is_hung_up_on: bool
) -> None:
    line = line_on_both
    one = begun(line, "CA1", "my parcel came broken")
    line.step(seconds=15)
    other = line.key(asked(line), keys) if keys else line.go_on(asked(line))
    if is_first_over:
        hung_up(line, "CA1")
    if is_hung_up_on:
        line.tell(other, CallerHungUp(utterance=line.spoken(other, "I fell in your shop")))
    else:
        line.say(other, "I fell in your shop")
    hung_up(line, "CA2", "CA1")
    fell = of(line, other)
    assert (fell.status, fell.problem) == (TicketStatus.OPEN, "I fell in your shop")
    assert (of(line, one).problem, of(line, one).repeats) == ("my parcel came broken", 0)
    assert [line.promise(case.id).state for case in (fell, of(line, one))] == [PromiseState.OPEN] * 2


@pytest.mark.requirement("D-08")
def test_who_talks_while_staff_take_their_call_out_is_told_the_number_of_the_case_that_is_theirs(line: Line) -> None:
    first = line.told_call("CA1")
    asking = asked(line)
    own = line.ticket(asking).case_number
    joined = line.say(line.key(asking, "1"), MORE)
    act(line.hotline, line.ticket(first).case_number, taking_out(own, words="two people", actor="owner_1"))
    assert digits_in(spoken(line.go_on(joined))) == own
