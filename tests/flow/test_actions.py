"""What a node does besides speaking."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.builders import call_facts
from tests.flow.small_flow import changed_files, small_flow
from voicebot.flow.actions import ACTIONS, do_actions
from voicebot.flow.instructions import (
    CloseCase,
    ConfirmPromise,
    DestroyRecordings,
    Effect,
    KeepAnswer,
    KeepPace,
    LogConsent,
    MarkDanger,
    MarkListenFirst,
    RefuseCalls,
    ReopenCase,
    RequestSupervisor,
    TextOtherTimes,
    WithdrawCase,
)
from voicebot.flow.nodes import Keep, NodeAction, SayNode
from voicebot.flow.reader import parse_flow
from voicebot.flow.session import FlowSession, SpokenWindow

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
WINDOW = SpokenWindow(
    opens_at=datetime(2026, 11, 24, 9, tzinfo=UTC), closes_at=datetime(2026, 11, 24, 11, tzinfo=UTC), zone="UTC"
)
FLOW = small_flow()


def _session(**changes: Any) -> FlowSession:
    session = FlowSession(flow="small", flow_digest="x", locale="en", node="ask", facts=call_facts())
    return session.model_copy(update=changes)


def _done(session: FlowSession, **node: Any) -> tuple[FlowSession, tuple[Effect, ...]]:
    return do_actions(FLOW, session, node=SayNode(kind="say", go="end_call", **node), now=NOW)


def test_recording_is_allowed_with_the_digest_of_the_words_heard() -> None:
    session, (effect,) = _done(_session(is_recording_refused=True), do=(NodeAction.ALLOW_RECORDING,))
    assert (session.is_recorded, session.is_recording_refused) == (True, False)
    assert isinstance(effect, LogConsent)
    assert effect.is_recording_allowed
    assert len(effect.wording_version) == 16


def test_other_words_of_the_notice_are_another_version() -> None:
    other = parse_flow(changed_files("small/prompts.en.yaml", "We record what you say.", "We keep what you say."))
    versions = {ACTIONS[NodeAction.ALLOW_RECORDING](flow, _session(), NOW)[1] for flow in (FLOW, other)}
    assert len(versions) == 2


def test_refusal_is_logged_and_destroys() -> None:
    session, effects = _done(_session(is_recorded=True), do=(NodeAction.REFUSE_RECORDING,))
    assert (session.is_recorded, session.is_recording_refused) == (False, True)
    assert [type(effect) for effect in effects] == [LogConsent, DestroyRecordings]
    assert isinstance(effects[0], LogConsent)
    assert not effects[0].is_recording_allowed


def test_staying_unrecorded_logs_no_answer() -> None:
    session, effects = _done(_session(), do=(NodeAction.STAY_UNRECORDED,))
    assert (session.is_recording_refused, effects) == (True, ())


def test_each_request_for_a_person_is_counted() -> None:
    session, effects = _done(_session(supervisor_asks=1), do=(NodeAction.REQUEST_SUPERVISOR,))
    assert (session.supervisor_asks, effects) == (2, (RequestSupervisor(),))


@pytest.mark.requirement("V-07")
def test_words_of_danger_mark_the_case_and_ask_for_nobody() -> None:
    assert _done(_session(), do=(NodeAction.MARK_DANGER,)) == (_session(), (MarkDanger(),))


def test_a_number_can_be_left_open_and_forgotten() -> None:
    session, effects = _done(_session(), do=(NodeAction.LEAVE_NUMBER_OPEN,))
    assert (session.slots, effects) == ({"number_left_open": "yes"}, ())
    keyed = _session(slots={"callback_number": "+1", "callback_digits": "1", "typed_number": "1", "story": "said"})
    assert _done(keyed, do=(NodeAction.FORGET_NUMBER,))[0].slots == {"story": "said"}


def test_a_number_that_was_forgotten_is_not_read_back_again() -> None:
    said = _session(slots={"typed_number": "5550143"}, other_numbers=("5550142",), refused_numbers=("5550199",))
    session, _ = _done(said, do=(NodeAction.FORGET_NUMBER,))
    assert (session.refused_numbers, session.other_numbers) == (("5550199", "5550143"), ())
    assert _done(session, do=(NodeAction.FORGET_NUMBER,))[0].refused_numbers == session.refused_numbers


@pytest.mark.parametrize(
    ("value", "kept"),
    [("{caller_number}", "+12025550143"), ("{callback_number}", "+12025550199"), ("not_said", "not_said")],
)
def test_answers_are_kept_with_their_slots_filled(value: str, kept: str) -> None:
    keep = Keep(slot="callback_number", value=value, confirmed=False)
    session, effects = _done(_session(slots={"callback_number": "+12025550199"}), keep=(keep,))
    assert effects == (KeepAnswer(slot="callback_number", value=kept, is_confirmed=False),)
    assert session.slots["callback_number"] == kept


@pytest.mark.parametrize("value", ["{caller_number}", "{callback_number}"])
def test_a_number_that_nobody_knows_is_not_kept(value: str) -> None:
    """An empty one would count as a number to ring."""
    keep = Keep(slot="callback_number", value=value)
    session, effects = _done(_session(facts=call_facts(caller_number=None)), keep=(keep,))
    assert effects == ()
    assert "callback_number" not in session.slots


@pytest.mark.parametrize(("answer", "is_confirmed"), [("yes", True), ("later", False), ("", False)])
def test_the_promise_is_confirmed_with_the_words_of_its_prompt(answer: str, is_confirmed: bool) -> None:
    _, effects = _done(_session(window=WINDOW, slots={"window": answer}), confirm_promise="promise_call")
    words = "We will call you tomorrow between nine and eleven in the morning."
    assert effects == (ConfirmPromise(words=words, is_confirmed_by_caller=is_confirmed),)


def test_without_a_window_nothing_is_confirmed() -> None:
    assert _done(_session(), confirm_promise="promise_call")[1] == ()


def test_every_action_is_known() -> None:
    assert set(ACTIONS) == set(NodeAction)


@pytest.mark.parametrize(
    ("action", "effect"),
    [
        (NodeAction.CLOSE_CASE, CloseCase()),
        (NodeAction.REOPEN_CASE, ReopenCase()),
        (NodeAction.REFUSE_CALLS, RefuseCalls()),
    ],
)
def test_what_a_complainant_says_of_their_case_is_told_on(action: NodeAction, effect: Effect) -> None:
    assert _done(_session(), do=(action,)) == (_session(), (effect,))


def test_a_case_is_marked_to_be_listened_to_first() -> None:
    session, effects = _done(_session(), do=(NodeAction.LISTEN_FIRST,))
    assert (session, effects) == (_session(), (MarkListenFirst(),))


def test_other_times_can_be_texted() -> None:
    assert _done(_session(), do=(NodeAction.TEXT_OTHER_TIMES,)) == (_session(), (TextOtherTimes(),))


def test_who_has_heard_a_promise_is_offered_nothing_any_more() -> None:
    session, _ = _done(_session(window=WINDOW, offers=(WINDOW,), offered_at=NOW), confirm_promise="promise_call")
    assert (session.offers, session.offered_at, session.window) == ((), None, WINDOW)


def test_slower_and_more_time_hold_for_the_rest_of_the_call() -> None:
    session, effects = _done(_session(), do=(NodeAction.SLOW_DOWN, NodeAction.GIVE_TIME))
    assert (session.is_slow, session.is_patient, effects) == (True, True, ())


def test_the_pace_is_kept_for_the_number_as_the_caller_agreed() -> None:
    assert _done(_session(is_slow=True), do=(NodeAction.KEEP_PACE,))[1] == (KeepPace(),)


def test_nobody_steps_back_over_a_refusal_to_be_recorded() -> None:
    session, _ = _done(_session(trail=("ask_story",)), do=(NodeAction.REFUSE_RECORDING,))
    assert session.trail == ()


def test_a_question_that_is_left_open_takes_back_nothing_that_was_said_before() -> None:
    """Who steps back to their story and presses pound has told it, and the history says nothing else."""
    left = Keep(slot="story", value="not_said", confirmed=False)
    assert _done(_session(slots={"story": "said"}), keep=(left,)) == (_session(slots={"story": "said"}), ())
    session, effects = _done(_session(), keep=(left,))
    assert (session.slots, len(effects)) == ({"story": "not_said"}, 1)


def test_where_other_windows_are_offered_the_one_that_stands_is_not_said_anew() -> None:
    later = WINDOW.model_copy(update={"opens_at": WINDOW.closes_at})
    session, effects = _done(_session(window=WINDOW, offers=(later,)), confirm_promise="promise_call")
    assert (session.offers, effects) == ((), ())


def test_who_gives_a_case_up_is_known_to_have_done_so() -> None:
    session, effects = _done(_session(), do=(NodeAction.WITHDRAW_CASE,))
    assert (session.slots, effects) == ({"withdrawn": "yes"}, (WithdrawCase(),))


def test_that_the_status_was_told_is_remembered() -> None:
    assert _done(_session(), do=(NodeAction.NOTE_STATUS_TOLD,))[0].slots == {"status_told": "yes"}
