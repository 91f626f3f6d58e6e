"""Turns as conversations: an event in, instructions out; and for any order of events: never an exception, one wait."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.builders import call_facts
from tests.flow.sample_turns import Sample, samples
from tests.flow.small_flow import changed_files, joining_flow, offering_flow, project_texts, small_flow
from voicebot.domain.utterance import Utterance
from voicebot.flow.definition import Flow
from voicebot.flow.engine import TurnResult, start_session, take_turn
from voicebot.flow.events import (
    CallAnswered,
    CallerHungUp,
    CallResumed,
    CaseJoined,
    CaseKeptApart,
    FaultOccurred,
    FinishedBy,
    FlowEvent,
    HearingFailed,
    KeysPressed,
    NoInput,
    NoWindowLeft,
    NumberAccepted,
    NumberRefused,
    OfferedWindow,
    OwnerNotReached,
    OwnerSpoke,
    PromiseMade,
    PromptsPlayed,
    QuestionsFound,
    TimeUp,
    UtteranceHeard,
)
from voicebot.flow.instructions import CheckNumber, ConnectOwner, HangUp, JoinCase, Listen, MakePromise
from voicebot.flow.reader import parse_flow
from voicebot.flow.session import KnownCase, SpokenWindow

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SMALL, COMPLAINT = small_flow(), parse_flow(project_texts("complaint", "shared"))
MADE = PromiseMade(opens_at=NOW + timedelta(hours=3), closes_at=NOW + timedelta(hours=5), zone="UTC")
ACCEPTED = NumberAccepted(number="+12025550199", national_digits="202 555 0199")
REFUSED = NumberRefused(reason="premium")


def _heard(text: str, *, by: FinishedBy = FinishedBy.SILENCE) -> UtteranceHeard:
    return UtteranceHeard(utterance=Utterance(text=text), finished_by=by)


def _after(*events: FlowEvent, flow: Flow = SMALL, **facts: Any) -> TurnResult:
    """Play events from the beginning of a call; return the last turn."""
    result = TurnResult(session=start_session(flow, "en", call_facts(**facts)), instructions=())
    for event in events:
        result = take_turn(flow, result.session, event, NOW)
    return result


def _told(result: TurnResult) -> list[str]:
    """Return kinds of effects, then node and prompt keys of the wait."""
    *effects, wait = result.instructions
    names = [effect.kind for effect in effects]
    if isinstance(wait, Listen | HangUp):
        node = wait.node if isinstance(wait, Listen) else "hang_up"
        return [*names, f"{node}: {' '.join(prompt.key for prompt in wait.prompts)}".strip()]
    return [*names, wait.kind]


ANSWERED, TOLD = CallAnswered(), _heard("my parcel is lost")


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_turn_tells_what_its_sample_says(sample: Sample) -> None:
    assert sample.play().instructions == sample.told


def test_a_call_begins_with_the_first_question() -> None:
    assert _told(_after(ANSWERED)) == ["ask_story: greet_caller say_notice ask_story"]


def test_a_locale_that_the_flow_lacks_becomes_its_first() -> None:
    assert start_session(SMALL, "hr", call_facts()).locale == "en"


def test_an_answer_leads_on_and_its_words_stay_out_of_the_session() -> None:
    result = _after(ANSWERED, TOLD)
    assert _told(result) == ["ask_call: ask_call"]
    assert result.session.slots == {"story": "said"}
    assert "parcel" not in result.session.model_dump_json()


def test_a_closed_answer_fills_its_slot_by_name() -> None:
    assert _after(ANSWERED, TOLD, KeysPressed(keys="1")).session.slots["wants_call"] == "yes"


def test_a_promise_is_made_in_the_same_turn() -> None:
    asked = _after(ANSWERED, TOLD, KeysPressed(keys="1"))
    assert asked.instructions == (MakePromise(target="standard"),)
    made = take_turn(SMALL, asked.session, MADE, NOW)
    assert _told(made) == ["tell_window: promise_call"]
    assert made.session.window is not None
    assert made.session.slots["target"] == "standard"


def test_a_new_window_forgets_the_answer_to_the_one_before() -> None:
    asked = _after(ANSWERED, TOLD, KeysPressed(keys="1")).session
    answered = asked.model_copy(update={"slots": {"window": "yes"}})
    assert "window" not in take_turn(SMALL, answered, MADE, NOW).session.slots


def test_without_a_window_the_flow_says_what_next() -> None:
    assert _told(_after(ANSWERED, TOLD, KeysPressed(keys="1"), NoWindowLeft())) == ["hang_up:"]


def test_a_number_is_checked_in_the_same_turn() -> None:
    typed = [ANSWERED, TOLD, KeysPressed(keys="2"), KeysPressed(keys="2025550199")]
    assert _after(*typed).instructions == (CheckNumber(digits="2025550199"),)
    accepted = _after(*typed, ACCEPTED)
    assert accepted.session.slots["callback_number"] == "+12025550199"
    assert accepted.session.slots["callback_digits"] == "202 555 0199"
    assert _told(_after(*typed, REFUSED)) == ["ask_number: ask_number"]


def test_a_refused_number_is_asked_for_once_more_and_then_left() -> None:
    typed = KeysPressed(keys="900")
    result = _after(ANSWERED, TOLD, KeysPressed(keys="2"), typed, REFUSED, typed, REFUSED)
    assert _told(result) == ["hang_up:"]


JOINING = joining_flow()
KNOWN = KnownCase(window=SpokenWindow(opens_at=MADE.opens_at, closes_at=MADE.closes_at, zone="UTC"))


def _joining(answer: CaseJoined | CaseKeptApart) -> TurnResult:
    typed = (ANSWERED, TOLD, KeysPressed(keys="2"), KeysPressed(keys="2025550199"), ACCEPTED)
    assert _after(*typed, flow=JOINING, known_case=KNOWN).instructions == (JoinCase(),)
    return _after(*typed, answer, flow=JOINING, known_case=KNOWN)


def test_a_joined_case_gives_the_call_its_number_and_its_promise() -> None:
    session = _joining(CaseJoined(case_number="305719482", target="supervisor", standing=MADE)).session
    assert (session.node, session.facts.case_number, session.facts.known_case) == ("tell_window", "305719482", None)
    assert (session.window, session.slots["target"], session.slots["joined"]) == (KNOWN.window, "supervisor", "yes")


def test_a_joined_case_without_a_promise_leaves_the_call_without_a_window() -> None:
    session = _joining(CaseJoined(case_number="305719482")).session
    assert (session.window, "target" in session.slots) == (None, False)


@pytest.mark.parametrize("may_text", [True, False])
def test_who_wanted_no_texts_about_a_case_is_offered_none_once_it_is_joined(may_text: bool) -> None:
    typed = (ANSWERED, TOLD, KeysPressed(keys="2"), KeysPressed(keys="2025550199"), ACCEPTED)
    known = KNOWN.model_copy(update={"may_text": may_text})
    result = _after(*typed, CaseJoined(case_number="305719482"), flow=JOINING, known_case=known)
    assert result.session.facts.can_text is may_text


def test_a_case_that_cannot_be_joined_is_not_known_any_more() -> None:
    result = _joining(CaseKeptApart())
    assert _told(result) == ["make_promise"]
    assert (result.session.facts.known_case, result.session.slots["joined"]) == (None, "no")
    assert result.session.facts.case_number == call_facts().case_number


def test_first_silence_has_its_words_and_the_next_goes_on() -> None:
    assert _told(_after(ANSWERED, NoInput())) == ["ask_story: ask_story"]
    assert _told(_after(ANSWERED, NoInput(), NoInput())) == ["hang_up:"]


def test_silence_and_misunderstanding_count_together() -> None:
    result = _after(ANSWERED, NoInput(), _heard(""))
    assert (result.session.no_inputs, result.session.no_matches) == (1, 1)
    assert _told(result) == ["hang_up:"]


def test_a_second_failure_says_the_more_helpful_words() -> None:
    start = [ANSWERED, PromptsPlayed(), _heard("a"), _heard("b"), QuestionsFound()]
    first = _after(*start, _heard("[unk]"), flow=COMPLAINT)
    second = _after(*start, _heard("[unk]"), NoInput(), flow=COMPLAINT)
    third = _after(*start, _heard("[unk]"), NoInput(), _heard("[unk]"), flow=COMPLAINT)
    assert _told(first) == ["confirm_number: no_match_1_yes_no"]
    assert _told(second) == ["confirm_number: no_input_2_yes_no"]
    assert _told(third) == ["keep_answer", "announce_text: leave_open announce_text"]


def test_star_says_the_question_again_whatever_was_said_in_between() -> None:
    assert _told(_after(ANSWERED, TOLD, KeysPressed(keys="*"))) == ["ask_call: ask_call"]


def test_a_key_without_meaning_where_only_prompts_are_heard_changes_nothing() -> None:
    result = _after(ANSWERED, TOLD, KeysPressed(keys="1"), MADE, KeysPressed(keys="7"))
    assert _told(result) == ["tell_window: promise_call"]


@pytest.mark.requirement("S0-11")
def test_words_before_a_request_for_a_person_are_kept() -> None:
    said = Utterance(text="my parcel is lost")
    result = _after(ANSWERED, KeysPressed(keys="0", utterance=said))
    assert result.instructions == (MakePromise(target="standard"),)
    assert result.session.slots == {"story": "said"}


@pytest.mark.parametrize("event", [CallAnswered(), CallResumed(), HearingFailed()])
def test_after_a_break_the_same_question_is_put_in_the_same_words(event: FlowEvent) -> None:
    before = _after(ANSWERED, TOLD)
    after = take_turn(SMALL, before.session, event, NOW)
    assert after.instructions == before.instructions
    assert after.session == before.session


@pytest.mark.parametrize("kind", [CallResumed, HearingFailed])
@pytest.mark.requirement("S0-11")
def test_after_a_break_in_the_story_the_caller_goes_on_and_silence_ends_it(kind: type[CallResumed]) -> None:
    broken = _after(ANSWERED, kind(utterance=Utterance(text="my parcel")))
    assert _told(broken) == ["ask_story: go_on_speaking"]
    assert _told(take_turn(SMALL, broken.session, NoInput(), NOW)) == ["ask_call: ask_call"]
    assert _told(take_turn(SMALL, broken.session, _heard("is lost"), NOW)) == ["ask_call: ask_call"]


def test_a_break_before_the_first_question_begins_the_call() -> None:
    assert _told(_after(CallResumed())) == ["ask_story: greet_caller say_notice ask_story"]


def test_our_fault_leads_to_the_apology_without_what_was_still_to_be_said() -> None:
    session = start_session(COMPLAINT, "en", call_facts()).model_copy(update={"pending": ()})
    result = take_turn(COMPLAINT, session, FaultOccurred(), NOW)
    assert _told(result) == ["hang_up: apologise_failure say_short_goodbye"]


@pytest.mark.danger("endless silent calls")
def test_a_call_whose_time_is_up_is_ended_with_the_flow_s_words_or_without_any() -> None:
    assert _told(_after(ANSWERED, TimeUp(), flow=COMPLAINT)) == ["hang_up: tell_time_up"]
    result = _after(ANSWERED, TimeUp())
    assert (_told(result), result.session.is_over) == (["hang_up:"], True)


@pytest.mark.requirement("S0-11")
def test_hanging_up_ends_without_words_but_with_actions() -> None:
    told = [ANSWERED, PromptsPlayed(), _heard("a"), _heard("b"), QuestionsFound(), KeysPressed(keys="1"), NoInput()]
    result = _after(*told, MADE, CallerHungUp(), flow=COMPLAINT)
    assert _told(result) == ["confirm_promise", "hang_up:"]
    assert result.session.is_over


def test_hanging_up_before_the_first_question_is_an_end() -> None:
    result = _after(CallerHungUp())
    assert (_told(result), result.session.is_over) == (["hang_up:"], True)


@pytest.mark.parametrize("event", [CallAnswered(), TOLD, MADE, FaultOccurred(), CallerHungUp()])
def test_a_call_that_is_over_is_only_told_to_hang_up(event: FlowEvent) -> None:
    result = _after(ANSWERED, CallerHungUp(), event)
    assert result.instructions == (HangUp(),)


def _connecting() -> TurnResult:
    """Return the turn in which the owner's telephone rings for the caller."""
    return _after(CallAnswered(), KeysPressed(keys="1"), flow=COMPLAINT, is_owner_in=True)


def test_the_owner_is_rung_and_what_comes_of_it_leads_on() -> None:
    (wait,) = _connecting().instructions
    assert isinstance(wait, ConnectOwner)
    assert [prompt.key for prompt in wait.prompts] == ["connect_owner"]
    assert _told(take_turn(COMPLAINT, _connecting().session, OwnerSpoke(), NOW)) == ["hang_up: say_short_goodbye"]


@pytest.mark.parametrize(("is_promised", "said"), [(True, "owner_not_reached"), (False, "owner_not_reached_owed")])
def test_a_call_is_said_to_stand_only_where_one_is_promised(is_promised: bool, said: str) -> None:
    event = OwnerNotReached(is_call_promised=is_promised)
    assert _told(take_turn(COMPLAINT, _connecting().session, event, NOW)) == [
        f"say_recording_notice: {said} say_recording_notice"
    ]


@pytest.mark.parametrize("event", [HearingFailed(), CallResumed(), NoInput()])
def test_whatever_else_comes_meanwhile_the_owner_is_still_what_is_waited_for(event: FlowEvent) -> None:
    ringing = _connecting()
    again = take_turn(COMPLAINT, ringing.session, event, NOW)
    assert [told.kind for told in again.instructions] == ["connect_owner"]


def test_who_hangs_up_while_it_rings_ends_the_call() -> None:
    over = take_turn(COMPLAINT, _connecting().session, CallerHungUp(), NOW)
    assert (over.session.is_over, over.instructions) == (True, (HangUp(),))


@pytest.mark.parametrize("event", [MADE, NoWindowLeft(), ACCEPTED, REFUSED, OwnerSpoke(), OwnerNotReached()])
def test_an_answer_that_nobody_waits_for_changes_nothing(event: FlowEvent) -> None:
    result = _after(ANSWERED, TOLD, event)
    assert _told(result) == ["ask_call: ask_call"]
    assert result.session.window is None


def test_a_caller_event_while_an_effect_waits_asks_for_it_again() -> None:
    assert _after(ANSWERED, TOLD, KeysPressed(keys="1"), NoInput()).instructions == (MakePromise(target="standard"),)


def test_a_question_without_words_for_failure_is_put_again() -> None:
    flow = parse_flow(changed_files("small/flow.yaml", "    no_input: {prompts: [ask_story], go: end_call}\n", ""))
    assert _told(_after(ANSWERED, NoInput(), flow=flow)) == ["ask_story: ask_story"]


@pytest.mark.parametrize(
    "event", [CallResumed(has_spoken=True), CallResumed(utterance=Utterance(duration_s=3, spool_name="call-1.ulaw"))]
)
def test_a_voice_kept_before_the_break_is_enough_to_be_asked_to_go_on(event: CallResumed) -> None:
    assert _told(_after(ANSWERED, event)) == ["ask_story: go_on_speaking"]


def test_a_call_that_is_answered_again_is_asked_again_not_told_to_go_on() -> None:
    asked = _after(ANSWERED)
    again = take_turn(SMALL, asked.session, ANSWERED, NOW)
    assert again.instructions == asked.instructions


def test_an_announcement_answered_by_keys_without_meaning_is_said_three_times_at_most() -> None:
    told = [ANSWERED, TOLD, KeysPressed(keys="1"), MADE]
    meaningless = KeysPressed(keys="7")
    for times in (1, 2):
        assert _told(_after(*told, *[meaningless] * times)) == ["tell_window: promise_call"]
    assert _told(_after(*told, *[meaningless] * 3)) == ["hang_up:"]


def test_a_question_that_a_sound_stopped_is_put_again_whole_before_silence_answers_it() -> None:
    asked = _after(ANSWERED)
    again = take_turn(SMALL, asked.session, NoInput(was_cut=True), NOW)
    assert again.instructions == (asked.session.listen.model_copy(update={"barge_in": False}),)  # type: ignore[union-attr]
    assert again.session.no_inputs == 0
    after = take_turn(SMALL, again.session, NoInput(was_cut=True), NOW)
    assert after.session.no_inputs == 1, "put again once only, however it ended"


# --- not understood, question after question

RULE = "on_fault: end_call\non_not_understood: {after_questions: 2, go: promise_call}"
PATIENT = parse_flow(
    changed_files("small/flow.yaml", "on_fault: end_call", RULE)
    | {
        "small/flow.yaml": changed_files("small/flow.yaml", "on_fault: end_call", RULE)["small/flow.yaml"].replace(
            "no_match: {go: end_call}", "no_match: {prompts: [ask_call, ask_call], go: ask_number}"
        )
    }
)
UNCLEAR = _heard("[unk]")


def test_a_second_question_running_that_is_not_understood_twice_ends_the_questions() -> None:
    to_number = [ANSWERED, TOLD, *[UNCLEAR] * 3]
    assert _told(_after(*to_number, flow=PATIENT)) == ["ask_number: ask_number"]
    again = _after(*to_number, UNCLEAR, flow=PATIENT)
    assert _told(again) == ["ask_number: ask_call"]
    ended = take_turn(PATIENT, again.session, UNCLEAR, NOW)
    assert _told(ended) == ["make_promise"]
    assert ended.exits == ("on_not_understood",)
    assert ended.session.are_questions_over


def test_an_answer_in_between_begins_the_count_anew() -> None:
    to_number = [ANSWERED, TOLD, UNCLEAR, UNCLEAR, _heard("no")]
    assert _told(_after(*to_number, UNCLEAR, UNCLEAR, flow=PATIENT)) == ["ask_number: ask_call"]


def test_a_flow_without_the_rule_asks_every_question() -> None:
    assert _after(ANSWERED, TOLD, UNCLEAR).exits == ("ask_call.no_match",)


OFFERING = offering_flow()
OFFERED = MADE.model_copy(
    update={
        "offers": tuple(
            OfferedWindow(opens_at=NOW + timedelta(hours=hours), closes_at=NOW + timedelta(hours=hours + 2))
            for hours in (3, 5)
        )
    }
)
SECOND = PromiseMade(opens_at=NOW + timedelta(hours=5), closes_at=NOW + timedelta(hours=7), zone="UTC")


def test_windows_to_choose_from_are_said_until_one_is_promised() -> None:
    heard = [ANSWERED, TOLD, KeysPressed(keys="1"), OFFERED]
    asked = _after(*heard, flow=OFFERING)
    assert _told(asked) == ["offer_windows: offer_first offer_second"]
    assert [offer.opens_at for offer in asked.session.offers] == [offer.opens_at for offer in OFFERED.offers]
    chosen = _after(*heard, KeysPressed(keys="2"), flow=OFFERING)
    assert chosen.instructions == (MakePromise(target="standard", chosen_at=SECOND.opens_at),)
    told = take_turn(OFFERING, chosen.session, SECOND, NOW).session
    window = SpokenWindow(**SECOND.model_dump(include={"opens_at", "closes_at", "zone"}))
    assert (told.window, told.offers, told.slots["window"]) == (window, (), "yes")
    again = _after(ANSWERED, TOLD, KeysPressed(keys="1"), OFFERED, KeysPressed(keys="3"), SECOND, flow=OFFERING)
    assert (again.session.offers, again.session.offered_at) == ((), None)


def test_who_asked_for_a_person_and_reached_nobody_is_told_why() -> None:
    ringing = _after(CallAnswered(), TOLD, KeysPressed(keys="0"), flow=COMPLAINT, may_ask_for_person=True).session
    told = [take_turn(COMPLAINT, ringing, OwnerNotReached(was_rung=was_rung), NOW) for was_rung in (True, False)]
    assert [each.session.slots["person"] for each in told] == ["rang", "out"]
