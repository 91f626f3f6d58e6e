"""A whole hotline for tests: the real store, flow and policy, fakes at every other port, a clock that is stepped."""

import json
import weakref
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine, event

from tests import quick_yaml
from tests.databases import with_known_statements
from tests.fakes import FakeJobs, FakePromptAudio, FakeRecognisers, FakeSpool
from tests.fakes_carrier_books import FakeListing, FakeNumbers
from tests.fakes_outside import (
    FakeAudioStore,
    FakeCalendars,
    FakeCalls,
    FakeCarrier,
    FakeIds,
    FakeSmsSender,
    SteppedClock,
)
from tests.service.told_before import as_before
from tests.webhooks import FakeWebhookSender
from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.store import SqlVitals, open_reader, open_store
from voicebot.domain.call import Call, CallEnd
from voicebot.domain.case_task import CaseTask, TaskKind
from voicebot.domain.promise import Promise
from voicebot.domain.sms import Sms
from voicebot.domain.ticket import Ticket
from voicebot.domain.utterance import Utterance, Word
from voicebot.flow.events import FinishedBy, FlowEvent, KeysPressed, NoInput, PromptsPlayed, UtteranceHeard
from voicebot.flow.instructions import Listen
from voicebot.flow.policy import Policy
from voicebot.service.background.jobs import run_job
from voicebot.service.background.sweeps import run_due
from voicebot.service.call.incoming import IncomingCall, answer_call
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call, take_call_turn
from voicebot.service.hotline import Hotline, HotlineRules, context_of
from voicebot.service.outbox.text_channel import TextChannel
from voicebot.service.ports import UnitOfWork
from voicebot.service.staff.decision import act
from voicebot.service.ticket.heard import keep_heard
from voicebot.service.ticket.tasks import NewTask, asking

Found = TypeVar("Found")

FLOWS_DIR = Path(__file__).resolve().parents[2] / "flows"
OWN = "+12025550100"
CALLER = "+12025550143"
OTHER = "+12025550177"
OWNER, DEPUTY, SUPERVISOR = "+12025550161", "+12025550162", "+12025550163"
SECOND_SUPERVISOR, QUALITY, AREA, EXECUTIVE = "+12025550164", "+12025550165", "+12025550166", "+12025550167"

RULES = HotlineRules(
    company="Harbour Goods",
    own_number=OWN,
    flow_name="complaint",
    callback_countries=frozenset({"US"}),
    gate_exceptions=("+1202555",),
    public_url="https://hotline.example",
    calendar_origins=frozenset({"https://calendar.example"}),
)


class Line:
    """One hotline with its ports within reach."""

    def __init__(self, engine: Engine, flows: FlowFiles, at: datetime) -> None:
        self.engine = engine
        self.clock = SteppedClock(at)
        self.ids = FakeIds()
        self.sender = FakeSmsSender()
        self.carrier = FakeCarrier()
        self.calls = FakeCalls()
        self.calendars = FakeCalendars()
        self.listing = FakeListing()
        self.numbers = FakeNumbers()
        self.webhooks = FakeWebhookSender()
        self.audio = FakeAudioStore()
        self.spool = FakeSpool()
        self.jobs = FakeJobs()
        self.recognisers = FakeRecognisers()
        reader = _reader_of(engine)
        self.hotline = Hotline(
            rules=RULES,
            unit_of_work=open_store(engine, self.jobs.on),
            look=open_store(reader, self.jobs.on),
            look_at_original=open_store(reader, self.jobs.on, is_original=True),
            clock=self.clock,
            ids=self.ids,
            flows=flows,
            recognisers=self.recognisers,
            prompts=FakePromptAudio(),
            audio=self.audio,
            spool=self.spool,
            sms_sender=self.sender,
            carrier=self.carrier,
            calls=self.calls,
            vitals=SqlVitals(engine),
            calendars=self.calendars,
            listing=self.listing,
            numbers=self.numbers,
            webhooks=self.webhooks,
            staff_channels=(TextChannel(),),
        )
        self.as_built = self.hotline

    @property
    def jobs_waiting(self) -> list[tuple[str, str]]:
        """Jobs enqueued and not run."""
        return self.jobs.waiting

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self.hotline.flows.current_policy()

    def use(self, **ports: object) -> None:
        """Put other things at some ports: `use(audio=…, spool=…)`."""
        for name, port in ports.items():
            setattr(self, name, port)
        self.hotline = replace(self.hotline, **ports)  # type: ignore[arg-type]

    def work(self) -> UnitOfWork:
        """Open a unit of work."""
        return self.hotline.unit_of_work()

    def step(self, **amount: float) -> None:
        """Step the clock: `step(minutes=5)`."""
        self.clock.step(timedelta(**amount))

    def run_jobs(self) -> None:
        """Run every job that is enqueued, and those that these enqueue."""
        self.jobs.drain(lambda job, subject_id: run_job(self.hotline, job, subject_id))

    def ring(self, caller: str = CALLER, carrier_call_id: str = "CA1") -> CallAnswer:
        """Ring the hotline."""
        return answer_call(self.hotline, IncomingCall(carrier_call_id=carrier_call_id, caller=caller, called=OWN))

    def tell(self, answer: CallAnswer, event: FlowEvent) -> CallAnswer:
        """Answer a wait."""
        return take_call_turn(self.hotline, answer.call.id, answer.turn_number, event)

    def key(self, answer: CallAnswer, keys: str) -> CallAnswer:
        """Press keys."""
        return self.tell(answer, KeysPressed(keys=keys))

    def say(self, answer: CallAnswer, words: str, *, seconds: float = 2.0) -> CallAnswer:
        """Say words: the spool holds their voice, as listening would have left it."""
        utterance = self.spoken(answer, words, seconds=seconds)
        return self.tell(answer, UtteranceHeard(utterance=utterance, finished_by=FinishedBy.SILENCE))

    def spoken(self, answer: CallAnswer, words: str, *, seconds: float = 2.0) -> Utterance:
        """Return words as an utterance whose voice lies in the spool, if this wait keeps voices."""
        timed = tuple(
            Word(text=word, start_s=at * 0.4, end_s=at * 0.4 + 0.3, confidence=0.9)
            for at, word in enumerate(words.split())
        )
        if not (isinstance(answer.wait, Listen) and answer.wait.store_audio):
            return Utterance(words=timed, text=words)
        name = f"{answer.call.id}-{answer.turn_number}.ulaw"
        self.spool.append(name, self.recognisers.voice.says(words, seconds))
        return Utterance(words=timed, text=words, duration_s=seconds, spool_name=name)

    def go_on(self, answer: CallAnswer) -> CallAnswer:
        """Let a wait for nothing but its prompts pass; at any other wait stay silent."""
        is_played = isinstance(answer.wait, Listen) and answer.wait.no_input_after_s is None
        return self.tell(answer, PromptsPlayed(uncut=True) if is_played else NoInput())

    def go_to(self, answer: CallAnswer, node: str) -> CallAnswer:
        """Go on silently until the flow stands at a node; on the way to a story, a known number has another matter."""
        for _ in range(30):
            if node_of(answer) == node:
                return answer
            is_other_matter = (node_of(answer), node) == ("ask_matter", "ask_story")
            answer = self.key(answer, "2") if is_other_matter else self.go_on(answer)
        raise AssertionError(f"{node} was never reached; the call stands at {node_of(answer)}")

    def reach(self, node: str, caller: str = CALLER, carrier_call_id: str = "CA1") -> CallAnswer:
        """Ring and go on silently until the flow stands at a node, for tests of what comes then."""
        what = ("reach", node, caller, carrier_call_id)
        return as_before(self, what, lambda: self.go_to(self.ring(caller, carrier_call_id), node))

    def ticket(self, answer: CallAnswer) -> Ticket:
        """Read the call's ticket."""
        with self.work() as work:
            ticket = work.tickets.get(answer.call.ticket_id)
        assert ticket is not None
        return ticket

    def change_ticket(self, answer: CallAnswer, **changes: object) -> None:
        """Change the call's ticket behind everybody's back."""
        changed = replace(self.ticket(answer), **changes)  # type: ignore[arg-type]
        with self.work() as work:
            work.tickets.save(changed)
            work.commit()

    def texts(self, answer: CallAnswer) -> list[Sms]:
        """Read the texts of the call's ticket."""
        with self.work() as work:
            return list(work.sms.of_ticket(answer.call.ticket_id))

    def call(self, answer: CallAnswer) -> Call:
        """Read the call."""
        with self.work() as work:
            call = work.calls.get(answer.call.id)
        assert call is not None
        return call

    def promise(self, ticket_id: str) -> Promise:
        """Read the newest promise of a case."""
        with self.work() as work:
            return work.promises.of_ticket(ticket_id)[-1]

    def promises(self, ticket_id: str) -> list[Promise]:
        """Read every promise of a case, oldest first."""
        with self.work() as work:
            return list(work.promises.of_ticket(ticket_id))

    def sweep(self) -> None:
        """Let the worker look once, then run what it enqueued."""
        run_due(self.hotline)
        self.run_jobs()

    def settle(self) -> None:
        """Let the moment pass in which late words may still change the text that a call leaves, then send it."""
        self.step(seconds=5)
        self.sweep()

    def told_call(self, carrier_call_id: str = "CA1", caller: str = CALLER, *, is_heard: bool = True) -> CallAnswer:
        """Take a whole call: story, remedy, number, text and window accepted, then the caller hangs up.

        A number that is known already speaks of another matter, so that each such call has a case of its own.
        Its owner has listened to it, unless a test is about that.
        """
        return as_before(
            self, (carrier_call_id, caller, is_heard), lambda: self._tell(carrier_call_id, caller, is_heard=is_heard)
        )

    def _tell(self, carrier_call_id: str, caller: str, *, is_heard: bool) -> CallAnswer:
        answer = self.go_to(self.ring(caller, carrier_call_id), "ask_story")
        answer = self.say(answer, "my parcel came broken")
        answer = self.say(answer, "a refund please")
        answer = self.go_to(answer, "tell_case_number")
        end_call(self.hotline, carrier_call_id, CallEnd.CALLER_HUNG_UP)
        self.run_jobs()
        if is_heard:
            keep_heard(self.hotline, self.ticket(answer).case_number, actor="owner_1")
        return answer

    def verbs(self, ticket_id: str) -> list[str]:
        """Return what the history of a case says happened."""
        with self.work() as work:
            return [entry.verb for entry in work.tickets.history(ticket_id)]


def _reader_of(engine: Engine) -> Engine:
    """Open the same database for those who only look; closed with the engine, or when nobody has that any more.

    The pool says when that is. An event of the engine itself makes each of its statements dearer (engine.py). But a
    pool has nothing to say that has no connection then, since nobody wrote, or since the last one broke.
    """
    reader = with_known_statements(
        open_reader(engine.url.render_as_string(hide_password=False), statement_timeout_ms=0)
    )
    event.listen(engine, "close", lambda *_: reader.dispose())
    weakref.finalize(engine, reader.dispose)
    return reader


def node_of(answer: CallAnswer) -> str:
    """Return where the flow stands; `hang_up` at the end."""
    return answer.wait.node if isinstance(answer.wait, Listen) else "hang_up"


def finds(hotline: Hotline, find: Callable[..., Found], *limit: int) -> Found:
    """Let one sweep look now, and return what it finds."""
    with hotline.unit_of_work() as work:
        return find(context_of(hotline, work), *limit)


def with_flows(line: Line, flows: FlowFiles) -> None:
    """Give the hotline other flows and policy."""
    line.hotline = replace(line.hotline, flows=flows)


def settled(policy_dir: Path) -> FlowFiles:
    """Return the shipped flow with a policy that changes no more: looking whether it did was a thirtieth of a test."""
    return FlowFiles(FLOWS_DIR, policy_dir, look_every_s=3600.0)


def with_rules(line: Line, **changes: object) -> None:
    """Change the hotline's rules for one test."""
    line.hotline = replace(line.hotline, rules=replace(line.hotline.rules, **changes))  # type: ignore[arg-type]


NO_NOTICES = 'spec: "1"\n'
"""Tests of ladders and alarms count what staff are told, and want nothing else to be."""


LATE_LIST = 'spec: "1"\nmorning_list: {at: "23:59"}\ndrill: never\n'
"""Nor do they want a morning list or a drill, whatever the hour at which they run."""


def a_policy_dir(folder: Path, *, notices: bool = False, **phones: str) -> Path:
    """Write the default policy with phones for its staff; `executive_1=""` leaves one out.

    Staff are told of what happens on a case only with `notices`, and nobody is rung for who asks for a person.
    """
    folder.mkdir(parents=True, exist_ok=True)
    numbers = {
        "owner_1": OWNER,
        "deputy_1": DEPUTY,
        "supervisor_1": SUPERVISOR,
        "supervisor_2": SECOND_SUPERVISOR,
        "quality_1": QUALITY,
        "area_1": AREA,
        "executive_1": EXECUTIVE,
    } | phones
    for path in (FLOWS_DIR / "policy").glob("*.yaml"):
        lines = path.read_text().splitlines()
        (folder / path.name).write_text("\n".join(_with_phone(line, numbers) for line in lines) + "\n")
    levels = folder / "service_levels.yaml"
    levels.write_text(levels.read_text().replace("person_for: 60 seconds", "person_for: never"))
    (folder / "watch.yaml").write_text(LATE_LIST)
    (folder / "notices.yaml").write_text((FLOWS_DIR / "policy" / "notices.yaml").read_text() if notices else NO_NOTICES)
    return folder


def without_budgets(policy_dir: Path) -> Path:
    """Let as many call and write as like, for crowds of one block of numbers; return the folder."""
    levels = policy_dir / "service_levels.yaml"
    told = quick_yaml.load(levels.read_text())
    told["limits"]["calls"] = {"per_number": {}, "per_prefix": {}, "withheld": {}, "in_all": {}, "places_for_others": 0}
    told["limits"]["texts_received"] = {"per_number": {}, "per_prefix": {}, "in_all": {}}
    levels.write_text(quick_yaml.dump(told))
    return policy_dir


def close_for_a_quarter(line: Line, folder: Path) -> None:
    """Let the firm be closed from today on, for longer than windows are looked for."""
    calendar = a_policy_dir(folder) / "calendar.yaml"
    days = (line.clock.at.date() + timedelta(days=ahead) for ahead in range(110))
    closed = quick_yaml.load(calendar.read_text()) | {"special_days": [{"on": day, "hours": "closed"} for day in days]}
    calendar.write_text(quick_yaml.dump(closed))
    with_flows(line, settled(folder))


def with_shared_number(line: Line, folder: Path, number: str) -> None:
    """Let the policy name a number that many people share."""
    policy_dir = a_policy_dir(folder / "policy")
    levels = policy_dir / "service_levels.yaml"
    told = quick_yaml.load(levels.read_text())
    told["limits"]["calls"]["named_numbers"] = [{"number": number}]
    levels.write_text(quick_yaml.dump(told))
    with_flows(line, settled(policy_dir))


def _with_phone(line: str, numbers: dict[str, str]) -> str:
    found = next((number for staff_id, number in numbers.items() if f"{{id: {staff_id}," in line), None)
    return line if found is None else line.replace('phone: ""', f"phone: {json.dumps(found)}")


def a_late_task(line: Line) -> CaseTask:
    """Take a call, ask the deputy something about its case, and return the task."""
    case = line.ticket(line.told_call())
    new = NewTask(kind=TaskKind.CONSULT, to="deputy_1", words="does branch five have the part")
    assert act(line.hotline, case.case_number, asking(new, actor="owner_1"))
    with line.work() as work:
        (task,) = work.case_tasks.of_ticket(case.id)
    return task
