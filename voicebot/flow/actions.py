"""What a node does besides speaking, which is the session and the effects that follow.

Knows: actions, slots, facts. Must not know: links, events.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime

from voicebot.flow.condition_names import Condition
from voicebot.flow.conditions import CONDITIONS
from voicebot.flow.definition import Flow
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
from voicebot.flow.nodes import EndNode, Keep, ListenNode, NodeAction, SayNode
from voicebot.flow.prompts import SLOT, render_prompt
from voicebot.flow.session import FlowSession
from voicebot.flow.understanding import SAID

NOT_SAID = "not_said"
"""Value of a slot of free speech whose question was left open. It takes no words back that were said before."""
KEPT_SLOTS = frozenset({"caller_number", "callback_number", "asked_case"})
"""Slots that the value of a kept answer may have."""

Done = tuple[FlowSession, tuple[Effect, ...]]
"""The session afterwards, and the effects in order."""


def do_actions(flow: Flow, session: FlowSession, *, node: SayNode | ListenNode | EndNode, now: datetime) -> Done:
    """Return what reaching a node does, before it speaks."""
    done: list[Effect] = []
    for action in node.do:
        session, effects = ACTIONS[action](flow, session, now)
        done += effects
    for keep in node.keep:
        session, effects = _keep(session, keep)
        done += effects
    if node.confirm_promise is not None and session.window is not None:
        if not CONDITIONS[Condition.STANDING_APART](session):
            done.append(_confirm_promise(flow, session, key=node.confirm_promise, now=now))
        # A promise that was heard stands. A question before it would make another one, or offer what is gone.
        session = session.model_copy(update={"offers": (), "offered_at": None}).without_steps()
    return session, tuple(done)


def _allow_recording(flow: Flow, session: FlowSession, now: datetime) -> Done:
    effect = LogConsent(is_recording_allowed=True, wording_version=_wording(flow, session, now))
    return session.model_copy(update={"is_recorded": True, "is_recording_refused": False}), (effect,)


def _refuse_recording(flow: Flow, session: FlowSession, now: datetime) -> Done:
    effect = LogConsent(is_recording_allowed=False, wording_version=_wording(flow, session, now))
    return _stay_unrecorded(flow, session, now)[0], (effect, DestroyRecordings())


def _stay_unrecorded(_flow: Flow, session: FlowSession, _now: datetime) -> Done:
    refused = {"is_recorded": False, "is_recording_refused": True}
    return session.model_copy(update=refused).without_steps(), ()  # what was asked to be kept is over


def _request_supervisor(_flow: Flow, session: FlowSession, _now: datetime) -> Done:
    return session.model_copy(update={"supervisor_asks": session.supervisor_asks + 1}), (RequestSupervisor(),)


def _mark_danger(_flow: Flow, session: FlowSession, _now: datetime) -> Done:
    return session, (MarkDanger(),)


def _listen_first(_flow: Flow, session: FlowSession, _now: datetime) -> Done:
    return session, (MarkListenFirst(),)


def _slow_down(_flow: Flow, session: FlowSession, _now: datetime) -> Done:
    return session.model_copy(update={"is_slow": True}), ()


def _give_time(_flow: Flow, session: FlowSession, _now: datetime) -> Done:
    return session.model_copy(update={"is_patient": True}), ()


def _keep_pace(_flow: Flow, session: FlowSession, _now: datetime) -> Done:
    return session, (KeepPace(),)


def _leave_number_open(_flow: Flow, session: FlowSession, _now: datetime) -> Done:
    return _with_slots(session, number_left_open="yes"), ()


def _forget_number(_flow: Flow, session: FlowSession, _now: datetime) -> Done:
    forgotten = {"callback_number", "callback_digits", "typed_number"}
    slots = {name: value for name, value in session.slots.items() if name not in forgotten}
    refused = (*session.refused_numbers, *filter(None, (session.slots.get("typed_number"),)))
    return session.model_copy(update={"slots": slots, "other_numbers": (), "refused_numbers": refused}), ()


def _text_other_times(_flow: Flow, session: FlowSession, _now: datetime) -> Done:
    return session, (TextOtherTimes(),)


def _close_case(_flow: Flow, session: FlowSession, _now: datetime) -> Done:
    return session, (CloseCase(),)


def _reopen_case(_flow: Flow, session: FlowSession, _now: datetime) -> Done:
    return session, (ReopenCase(),)


def _refuse_calls(_flow: Flow, session: FlowSession, _now: datetime) -> Done:
    return session, (RefuseCalls(),)


def _withdraw_case(_flow: Flow, session: FlowSession, _now: datetime) -> Done:
    return _with_slots(session, withdrawn="yes"), (WithdrawCase(),)


def _note_status_told(_flow: Flow, session: FlowSession, _now: datetime) -> Done:
    return _with_slots(session, status_told="yes"), ()


ACTIONS: dict[NodeAction, Callable[[Flow, FlowSession, datetime], Done]] = {
    NodeAction.ALLOW_RECORDING: _allow_recording,
    NodeAction.REFUSE_RECORDING: _refuse_recording,
    NodeAction.STAY_UNRECORDED: _stay_unrecorded,
    NodeAction.REQUEST_SUPERVISOR: _request_supervisor,
    NodeAction.MARK_DANGER: _mark_danger,
    NodeAction.LISTEN_FIRST: _listen_first,
    NodeAction.SLOW_DOWN: _slow_down,
    NodeAction.GIVE_TIME: _give_time,
    NodeAction.KEEP_PACE: _keep_pace,
    NodeAction.LEAVE_NUMBER_OPEN: _leave_number_open,
    NodeAction.FORGET_NUMBER: _forget_number,
    NodeAction.TEXT_OTHER_TIMES: _text_other_times,
    NodeAction.CLOSE_CASE: _close_case,
    NodeAction.REOPEN_CASE: _reopen_case,
    NodeAction.REFUSE_CALLS: _refuse_calls,
    NodeAction.WITHDRAW_CASE: _withdraw_case,
    NodeAction.NOTE_STATUS_TOLD: _note_status_told,
}


def _keep(session: FlowSession, keep: Keep) -> Done:
    values = {
        "caller_number": session.facts.caller_number or "",
        "callback_number": session.slots.get("callback_number", ""),
        "asked_case": session.slots.get("asked_case", ""),
    }
    value = SLOT.sub(lambda slot: values.get(slot.group(1), ""), keep.value)
    is_said = keep.value == NOT_SAID and session.slots.get(keep.slot) == SAID
    if is_said or (keep.value and not value):
        return session, ()
    effect = KeepAnswer(slot=keep.slot, value=value, is_confirmed=keep.confirmed)
    return _with_slots(session, **{keep.slot: value}), (effect,)


def _confirm_promise(flow: Flow, session: FlowSession, *, key: str, now: datetime) -> ConfirmPromise:
    words = render_prompt(flow, session, key=key, now=now).text
    return ConfirmPromise(words=words, is_confirmed_by_caller=session.slots.get("window") == "yes")


def _wording(flow: Flow, session: FlowSession, now: datetime) -> str:
    """Digest of the exact words of the notice."""
    notice = render_prompt(flow, session, key=flow.file.recording_notice, now=now)
    return hashlib.sha256(notice.text.encode()).hexdigest()[:16]


def _with_slots(session: FlowSession, **slots: str) -> FlowSession:
    return session.model_copy(update={"slots": {**session.slots, **slots}})
