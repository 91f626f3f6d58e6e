"""A call that never was. In it everything a first caller would wait for is done once, in a transaction that is never
kept.

What a process does for the first time it does slowly. It loads tables of numbers and holidays, compiles statements and
fills caches. Measured on a busy machine (November 2026), the first answer took 96 ms, those after it 20.
Knows: use cases of a call. Must not know: routes.
"""

import contextvars
from contextlib import nullcontext
from dataclasses import replace
from typing import Any, cast

import structlog

from voicebot.errors import VoicebotError
from voicebot.flow.events import PromptsPlayed
from voicebot.flow.instructions import HangUp
from voicebot.service.call.incoming import IncomingCall, answer_call
from voicebot.service.call.turn import take_call_turn
from voicebot.service.failure_log import log_failure
from voicebot.service.hotline import Hotline
from voicebot.service.ports import UnitOfWork

MOST_TURNS = 40
SILENCE = bytes(8_000)
"""Half a second of 16-bit PCM at 8 kHz."""

log = structlog.get_logger(__name__)


class _NeverKept:
    """A unit of work that does everything but commit."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    def __getattr__(self, name: str) -> Any:
        return getattr(self._work, name)

    def commit(self) -> None:
        """Keep nothing."""


def rehearse_first_call(hotline: Hotline) -> None:
    """Answer a caller without a number who says nothing, to the end, and hear a moment of silence. Keep nothing.

    What cannot be rehearsed (the database is away) the first caller will wait for. It is no reason not to start.
    """
    try:
        contextvars.copy_context().run(_rehearse, hotline)
    except VoicebotError as problem:
        log_failure(log.info, "not_rehearsed", problem)


def _rehearse(hotline: Hotline) -> None:
    _hear(hotline)
    with hotline.unit_of_work() as work:
        never_kept = cast("UnitOfWork", _NeverKept(work))
        _let_ring(replace(hotline, unit_of_work=lambda: nullcontext(never_kept)))


def _let_ring(hotline: Hotline) -> None:
    caller_id = f"rehearsal {hotline.ids.new_id()}"
    answer = answer_call(hotline, IncomingCall(carrier_call_id=caller_id, caller="", called=hotline.rules.own_number))
    while not isinstance(answer.wait, HangUp) and answer.turn_number < MOST_TURNS:
        answer = take_call_turn(hotline, answer.call.id, answer.turn_number, PromptsPlayed(uncut=True))


def _hear(hotline: Hotline) -> None:
    locale = hotline.flows.current_flow(hotline.rules.flow_name).locales[0]
    if hotline.recognisers.supports(locale):
        recogniser = hotline.recognisers.make(locale, None)
        recogniser.accept(SILENCE)
        recogniser.finish()
