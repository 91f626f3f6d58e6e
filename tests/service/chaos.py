"""Anything in any order: calls, repeats, callbacks, receipts, sweeps, time, and deaths between any two steps.

`Dying` wraps a port so that it raises `Death` (a BaseException, which nothing of ours catches) before or after its
action; what was not committed is gone, and the process that follows goes on from the database.
"""

import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Engine

from tests.builders import at
from tests.databases import copy_of
from tests.service.lines import CALLER, OTHER, Line
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.call import CallEnd, CallStatus
from voicebot.domain.promise import FIND_NUMBER, PromiseState
from voicebot.domain.ticket import AnswerState
from voicebot.flow.events import CallerHungUp, FinishedBy, KeysPressed, NoInput, PromptsPlayed, UtteranceHeard
from voicebot.flow.instructions import Listen
from voicebot.service.background.jobs import run_job
from voicebot.service.background.sweeps import run_due, watch_promises
from voicebot.service.call.stored_turn import CallAnswer, wait_at
from voicebot.service.call.stream import open_stream, resume_call
from voicebot.service.call.turn import end_call, take_call_turn
from voicebot.service.outbox.sms import record_receipt
from voicebot.service.ports import SmsBusy, SmsRefused, SmsUncertain, UnitOfWork
from voicebot.service.promise.keep import log_callback
from voicebot.service.ticket.actions import acknowledge

STATUSES = ("queued", "sending", "sent", "delivered", "undelivered", "failed")
KEYS = ("0", "1", "2", "5", "8", "#", "*")
DEATHS = st.sampled_from((None, None, None, 0, 1, 2, 3, 5, 8, 13))
"""At which step of an action the process dies, if at all; most actions have few."""
TROUBLES = st.sampled_from((None, SmsBusy(), SmsUncertain(), SmsUncertain(), SmsRefused(21408)))
CODES = st.sampled_from((None, 30006, 21610))


MOST_DEATHS = 400

BOTH_IN_LONG = pytest.mark.parametrize(
    "migrated_engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True
)
"""For what a database sees nothing new of: deaths within one process, which are a transaction that is rolled back, and
more examples of what a test beside them asks on both with the same statements.
"""


class Death(BaseException):
    """The process is gone."""


class Fate:
    """Decides at which of the coming steps the process dies: 0 is the next one, None never."""

    def __init__(self) -> None:
        self.dies_in: int | None = None
        self.committed = False

    def step(self) -> None:
        """Pass a point at which the process may die."""
        if self.dies_in is None:
            return
        self.dies_in -= 1
        if self.dies_in < 0:
            self.dies_in = None
            raise Death


class Dying:
    """A port whose every method is such a point, before and after its action."""

    def __init__(self, port: object, fate: Fate) -> None:
        self._port = port
        self._fate = fate

    def __getattr__(self, name: str) -> object:
        action = getattr(self._port, name)
        if not callable(action):
            return action

        def dying(*args: object, **kwargs: object) -> object:
            self._fate.step()
            result = action(*args, **kwargs)
            self._fate.step()
            return result

        return dying


class DyingWork:
    """A unit of work that may die before it begins, before it commits and just after."""

    def __init__(self, work: UnitOfWork, fate: Fate) -> None:
        self._work = work
        self._fate = fate

    def __enter__(self) -> "DyingWork":
        self._fate.step()
        self._work.__enter__()  # type: ignore[attr-defined]
        return self

    def __exit__(self, *problem: object) -> None:
        self._work.__exit__(*problem)  # type: ignore[attr-defined]

    def commit(self) -> None:
        """Commit, perhaps, and perhaps live."""
        self._fate.step()
        self._work.commit()
        self._fate.committed = True
        self._fate.step()

    def __getattr__(self, name: str) -> object:
        return getattr(self._work, name)


def work_until_killed(line: Line, dies_in: int) -> None:
    """Let a worker watch until it dies at the point that was set."""
    fate, unit_of_work = Fate(), line.hotline.unit_of_work
    dying: Any = partial(DyingWork, fate=fate)
    fate.dies_in = dies_in
    mortal = replace(line.hotline, unit_of_work=lambda: dying(unit_of_work()))
    while True:
        watch_promises(mortal)


def die_once(line: Line, dies_in: int) -> tuple[bool, bool]:
    """Let a worker look once and die at its nth step, at the latest as it ends.

    Returns whether it died, and whether anything was committed before.
    """
    whole, fate = line.hotline, Fate()
    fate.dies_in = dies_in
    sender: Any = Dying(whole.sms_sender, fate)
    dying: Any = partial(DyingWork, fate=fate)
    line.hotline = replace(whole, unit_of_work=lambda: dying(whole.unit_of_work()), sms_sender=sender)
    try:
        line.sweep()
    except Death:
        return True, fate.committed
    finally:
        line.hotline = whole
    return False, fate.committed


def survive(line: Line) -> int:
    """Kill a worker at every step until one gets through, and let another one take up what they left.

    Each dies one step further, and the next one at its first step once something was committed. Returns how many died.
    """
    dies_in = deaths = 0
    while (died := die_once(line, dies_in))[0]:
        deaths += 1
        assert deaths < MOST_DEATHS, "a worker never gets through"
        dies_in = 0 if died[1] else dies_in + 1
    for _ in range(8):
        line.sweep()
        line.step(minutes=2)
    return deaths


class Chaos(RuleBasedStateMachine):
    """What must hold whatever happens; `migrated_file` and `definitions` are set by the test."""

    migrated_file: Path
    definitions: FlowFiles
    calls = Bundle("calls")

    @initialize(target=calls)
    def begin(self) -> str:
        """Open a hotline on a fresh database; one call stands at the story, where most can be lost."""
        self._folder = tempfile.TemporaryDirectory()
        self.engine: Engine = copy_of(self.migrated_file, Path(self._folder.name) / "voicebot.db")
        self.line = Line(self.engine, self.definitions, at("Wednesday 18 November 2026 10:00:00"))
        self.fate = Fate()
        whole, fate = self.line.hotline, self.fate
        self.dying = replace(
            whole,
            unit_of_work=lambda: DyingWork(whole.unit_of_work(), fate),  # type: ignore[arg-type, return-value]
            sms_sender=Dying(whole.sms_sender, fate),  # type: ignore[arg-type]
            audio=Dying(whole.audio, fate),  # type: ignore[arg-type]
            spool=Dying(whole.spool, fate),  # type: ignore[arg-type]
        )
        self.answered = {"CA0"}
        self.line.go_to(self.line.ring(CALLER, "CA0"), "ask_story")
        return "CA0"

    def teardown(self) -> None:
        """Close what was opened."""
        self.engine.dispose()
        self._folder.cleanup()

    def mortal(self, action: Callable[[], object], dies: int | None) -> bool:
        """Do something that a death may interrupt at its step `dies`; tell whether it lived."""
        self.fate.dies_in = dies
        whole, self.line.hotline = self.line.hotline, self.dying
        try:
            action()
        except Death:
            return False
        finally:
            self.line.hotline = whole
            self.fate.dies_in = None
        return True

    @rule(target=calls, number=st.integers(0, 1), caller=st.sampled_from((CALLER, OTHER, "anonymous")), dies=DEATHS)
    def ring(self, number: int, caller: str, dies: int | None) -> str:
        """Ring; the same number again is a webhook delivered twice."""
        if self.mortal(lambda: self.line.ring(caller, f"CA{number}"), dies):
            self.answered.add(f"CA{number}")
        return f"CA{number}"

    @rule(
        carrier_id=calls,
        back=st.sampled_from((0, 0, 0, 1, 2)),
        what=st.sampled_from(("say", "say", "keys", "silence", "hang_up")),
        key=st.sampled_from(KEYS),
        dies=DEATHS,
    )
    def turn(self, carrier_id: str, back: int, what: str, key: str, dies: int | None) -> None:
        """Answer the present wait, or one that was answered before."""
        answer = self._wait(carrier_id, back)
        if answer is None:
            return
        event = {
            "say": lambda: UtteranceHeard(utterance=self._speech(answer), finished_by=FinishedBy.SILENCE),
            "keys": lambda: KeysPressed(keys=key),
            "silence": lambda: PromptsPlayed() if _only_plays(answer) else NoInput(),
            "hang_up": lambda: CallerHungUp(utterance=self._speech(answer)),
        }[what]()
        self.mortal(lambda: take_call_turn(self.line.hotline, answer.call.id, answer.turn_number, event), dies)

    @rule(carrier_id=calls, dies=DEATHS)
    def stream(self, carrier_id: str, dies: int | None) -> None:
        """Open the stream that is offered, or fetch what comes after a lost one."""
        answer = self._wait(carrier_id, 0)
        if answer is None:
            return
        token = answer.call.stream_token
        if token is None:
            self.mortal(lambda: resume_call(self.line.hotline, answer.call.id), dies)
        else:
            self.mortal(lambda: open_stream(self.line.hotline, answer.call.id, token, carrier_id), dies)

    @rule(
        carrier_id=calls,
        what=st.sampled_from(("hung up", "failed", "receipt", "receipt", "called", "seen")),
        number=st.integers(1, 4),
        status=st.sampled_from(STATUSES),
        code=CODES,
        dies=DEATHS,
    )
    def outside(self, carrier_id: str, what: str, number: int, status: str, code: int | None, dies: int | None) -> None:
        """Let carrier or staff say something: a call is over, a text arrived (perhaps one of later), we called."""
        actions: dict[str, Callable[[], object]] = {
            "hung up": lambda: end_call(self.line.hotline, carrier_id, CallEnd.CALLER_HUNG_UP),
            "failed": lambda: end_call(self.line.hotline, carrier_id, CallEnd.CARRIER),
            "receipt": lambda: record_receipt(self.line.hotline, f"SM{number:032x}", status, code),
            "called": lambda: log_callback(self.line.hotline, case, reason="spoke", actor="owner_1"),
            "seen": lambda: acknowledge(self.line.hotline, case, actor="owner_1"),
        }
        answer = self._wait(carrier_id, 0)
        case = "" if answer is None else self.line.ticket(answer).case_number
        if case or what not in ("called", "seen"):
            self.mortal(actions[what], dies)

    @rule(minutes=st.sampled_from((1, 5, 30, 90, 300)))
    def pass_time(self, minutes: int) -> None:
        """Let time pass."""
        self.line.clock.step(timedelta(minutes=minutes))

    @rule(is_job=st.booleans(), trouble=TROUBLES, arrives=st.booleans(), dies=DEATHS)
    def worker(self, is_job: bool, trouble: Exception | None, arrives: bool, dies: int | None) -> None:
        """Let the worker look once, or run the oldest job (a death loses it, as the worst queue would).

        The first text that it sends may meet trouble, and arrive all the same.
        """
        self.line.sender.trouble = [] if trouble is None else [trouble]
        self.line.sender.keeps_uncertain = arrives
        if is_job and self.line.jobs.waiting:
            job = self.line.jobs.waiting.pop(0)
            self.mortal(lambda: run_job(self.line.hotline, *job), dies)
        else:
            self.mortal(lambda: run_due(self.line.hotline), dies)

    @invariant()
    def holds(self) -> None:
        """Check what must hold at every moment."""
        if not hasattr(self, "line"):
            return
        with self.line.work() as work:
            tickets = work.tickets.all()
            live = {carrier_id: work.calls.by_carrier_id(carrier_id) for carrier_id in self.answered}
            assert None not in live.values(), "a call that was answered is lost"
            joined = Counter(ticket.merged_into for ticket in tickets if ticket.merged_into)
            assert len({call.ticket_id for call in live.values() if call}) == len(self.answered) - joined.total()
            for ticket in tickets:
                assert ticket.owner_id
                calls = 0 if ticket.merged_into else 1 + joined[ticket.id]
                assert len(work.calls.of_ticket(ticket.id)) == calls, "two calls, one ticket, or a ticket without one"
                promises = work.promises.of_ticket(ticket.id)
                open_ones = [promise for promise in promises if promise.state is PromiseState.OPEN]
                assert len(open_ones) <= 1
                assert max((promise.attempt for promise in promises), default=1) <= 2
                breaches = [breach.promise_id for breach in work.promises.breaches_of_ticket(ticket.id)]
                assert len(breaches) == len(set(breaches)), "a promise is broken once"
                ends = [sms for sms in work.sms.of_ticket(ticket.id) if sms.purpose.startswith("call_end")]
                assert len(ends) <= max(1, calls), "a call leaves more than one text"
        self._nothing_sent_twice()

    def _nothing_sent_twice(self) -> None:
        """Check that each row of the outbox left at most once; two warnings may say the same words."""
        with self.line.work() as work:
            texts = [sms for ticket in work.tickets.all() for sms in work.sms.of_ticket(ticket.id)]
        wanted = Counter((sms.recipient, sms.body) for sms in texts)
        assert not Counter(self.line.sender.sent) - wanted, "a text was sent twice"

    def settle(self) -> None:
        """Let the world come to rest without further deaths, then check that nothing was lost."""
        self.fate.dies_in = None
        self.line.sender.trouble = []
        for _ in range(6):
            self.line.clock.step(timedelta(minutes=6))
            self.line.sweep()
        with self.line.work() as work:
            for ticket in work.tickets.all():
                assert (work.tickets.by_case_number(ticket.case_number) or ticket).merged_into is None
                for call in work.calls.of_ticket(ticket.id):
                    assert call.status is CallStatus.ENDED, "a lost call is ended by a sweep"
                if ticket.merged_into:
                    assert not (work.promises.of_ticket(ticket.id))
                    assert not (work.sms.of_ticket(ticket.id))
                    continue
                targets = {promise.target for promise in work.promises.of_ticket(ticket.id)}
                assert bool(targets - {FIND_NUMBER}) == (ticket.complainant_number is not None), "somebody is to call"
                ends = [sms for sms in work.sms.of_ticket(ticket.id) if sms.purpose.startswith("call_end")]
                was_refused = any(entry.verb == "text_impossible" for entry in work.tickets.history(ticket.id))
                calls = len(work.calls.of_ticket(ticket.id))
                assert 1 <= len(ends) <= calls or was_refused, "a call leaves one text, or the owner is told why not"
            for name in ("SPOOLED", "AWAITING_TRANSCRIPT"):
                assert not work.tickets.answers_in_state(AnswerState[name], 10)
        assert self.line.spool.files == {}, "voice was left behind"
        self._nothing_sent_twice()

    def _wait(self, carrier_id: str, back: int) -> CallAnswer | None:
        with self.line.work() as work:
            call = work.calls.by_carrier_id(carrier_id)
        return None if call is None else wait_at(self.line.hotline, call.id, max(0, call.turn_number - back))

    def _speech(self, answer: CallAnswer) -> object:
        return self.line.spoken(answer, "my parcel came broken", seconds=0.4)


def _only_plays(answer: CallAnswer) -> bool:
    return isinstance(answer.wait, Listen) and answer.wait.no_input_after_s is None
