"""A case as lines of a story. It has what two readings of the case reader differ in, told once and in order.

Where two cases are under way, a line about one of them begins with the name of its caller.

Knows: the case_reader. Must not know: terminals.
"""

from dataclasses import dataclass
from datetime import datetime

from voicebot.cli.demo.case_reader import Case
from voicebot.domain.case_number import written
from voicebot.domain.promise import Promise, PromiseState
from voicebot.domain.sms import Sms, SmsState
from voicebot.domain.staff_call import ResultKey, StaffCall, StaffCallState
from voicebot.domain.ticket import AnswerState, TicketStatus
from voicebot.flow.policy import Policy


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the story, with who (or what) it is about, and what happened."""

    who: str
    """caller, hotline, case, promise, text, breach, ladder or owner."""
    text: str


_NAMED = frozenset({"case", "promise", "breach", "ladder", "warning"})
"""Lines that do not say by themselves whose case they are about."""
_QUESTIONS = {"story": "what happened", "remedy": "what would put it right"}
_NOT_LEFT = {SmsState.WAITING, SmsState.SENDING}
_Keyed = tuple[tuple[str, ...], Line]
"""A line and what makes it the same line when it is read again."""


class Storyteller:
    """Remembers what was told, where `policy` puts names to staff and steps."""

    def __init__(self, policy: Policy, *, caller: str, name: str) -> None:
        self.caller = name
        """How the demo calls whose case this is."""
        self._names = {member.phone: member.name for member in policy.staff} | {caller: name}
        self._staff = {member.id: member.name for member in policy.staff}
        self._told: set[tuple[str, ...]] = set()

    def news(self, case: Case) -> list[Line]:
        """Return what the case holds that was not told yet."""
        lines = [
            *self._ticket(case),
            *self._utterances(case),
            *self._answers(case),
            *self._promises(case, apologised=False),
            *self._misses(case),
            *self._promises(case, apologised=True),
            *self._calls_back(case),
            *self._wrap_up(case),
        ]
        return [self._named(line) for key, line in lines if self._is_new(key)] + self._texts(case)

    def _named(self, line: Line) -> Line:
        return Line(line.who, f"{self.caller}: {line.text}") if line.who in _NAMED else line

    def _is_new(self, key: tuple[str, ...]) -> bool:
        if key in self._told:
            return False
        self._told.add(key)
        return True

    def _ticket(self, case: Case) -> list[_Keyed]:
        ticket, owner = case.ticket, self._staff.get(case.ticket.owner_id, case.ticket.owner_id)
        opened = Line("case", f"{written(ticket.case_number)} is open before a word is said; {owner} is responsible")
        return [(("ticket",), opened)]

    def _utterances(self, case: Case) -> list[_Keyed]:
        return [
            (("utterance", str(number)), Line("caller", f"“{utterance.text}”"))
            for number, utterance in case.utterances.items()
        ]

    def _answers(self, case: Case) -> list[_Keyed]:
        return [
            (
                ("answer", answer.id),
                Line("case", f"{_QUESTIONS[answer.slot]}: words and {answer.duration_s:.0f} s of voice are kept"),
            )
            for answer in case.answers
            if answer.state is AnswerState.DONE and answer.text and answer.slot in _QUESTIONS
        ]

    def _promises(self, case: Case, *, apologised: bool) -> list[_Keyed]:
        wanted = [promise for promise in case.promises if (promise.attempt > 1) is apologised]
        return [
            (("promise", promise.id, promise.words), Line("promise", _told_promise(promise)))
            for promise in wanted
            if promise.words or apologised
        ]

    def _misses(self, case: Case) -> list[_Keyed]:
        breaches = [
            (("breach", breach.id), Line("breach", f"the window closed at {_clock(breach.at)} and nobody had called"))
            for breach in case.breaches
        ]
        broken = {breach.id for breach in case.breaches}
        steps = [
            (
                ("step", step.subject_id, step.step),
                Line(
                    "ladder" if step.subject_id in broken else "warning",
                    f"{_plain(step.step)}; told {self.told_to(step.told)}",
                ),
            )
            for step in case.steps
        ]
        return [*breaches, *steps]

    def _calls_back(self, case: Case) -> list[_Keyed]:
        return [
            (("call back", call.id, text), Line("owner", text))
            for call in case.calls_back
            for text in _told_call(call, self._staff.get(call.member_id, call.member_id))
        ] + [
            (("kept", promise.id), Line("promise", f"kept: {promise.kept_reason}"))
            for promise in case.promises
            if promise.state is PromiseState.KEPT
        ]

    def _wrap_up(self, case: Case) -> list[_Keyed]:
        ticket = case.ticket
        if ticket.status is not TicketStatus.ANSWERED or ticket.closes_at is None:
            return []
        told = f"{ticket.ruling}, told by {ticket.told_by}"
        return [(("answered",), Line("case", f"{told}; closed on {ticket.closes_at:%d %B} unless we hear a no"))]

    def _texts(self, case: Case) -> list[Line]:
        """Tell of texts that left or arrived, where the same words to several people are one line."""
        left = [sms for sms in case.texts if sms.state not in _NOT_LEFT and self._is_new(("text", sms.id))]
        arrived = [sms for sms in case.texts if sms.state is SmsState.DELIVERED and self._is_new(("delivered", sms.id))]
        bodies = dict.fromkeys(sms.body for sms in left)
        lines = [
            Line("text", f"to {self.names_of([sms for sms in left if sms.body == body])}: {body}") for body in bodies
        ]
        return [*lines, Line("receipt", f"delivered to {self.names_of(arrived)}")] if arrived else lines

    def names_of(self, texts: list[Sms]) -> str:
        """Return who texts go to, by name and not by number."""
        names = dict.fromkeys(self.name_of(sms.recipient) for sms in texts)
        return " and ".join(names)

    def name_of(self, number: str) -> str:
        """Return who has a telephone number."""
        return self._names.get(number, "somebody unknown")

    def told_to(self, told: str) -> str:
        """Return the names of the staff whom a step told."""
        return ", ".join(self._staff.get(member, member) for member in told.split(",")) or "nobody"


def _told_call(call: StaffCall, name: str) -> list[str]:
    """Return how far a call back has come, sentence by sentence."""
    told = [
        (call.dialled_at is not None, f"the telephone of {name} rings"),
        (_was_taken(call), f"{name} hears what it is about and presses 1: the complainant's telephone rings"),
        (call.was_bridged, f"both are connected, and talk for {call.talk_s} s"),
        (call.keyed == ResultKey.SPOKE, f"{name} keys 1: spoken with the complainant"),
    ]
    return [text for is_so, text in told if is_so]


def _was_taken(call: StaffCall) -> bool:
    return call.state is StaffCallState.TAKEN or bool(call.dial_status)


def _told_promise(promise: Promise) -> str:
    kind = "a call" if promise.attempt == 1 else "a new window, with the apology: a call"
    return f"{kind} between {_clock(promise.window_opens_at)} and {_clock(promise.window_closes_at)}"


def _clock(at: datetime) -> str:
    return f"{at:%H:%M}"


def _plain(name: str) -> str:
    return name.replace("_", " ")
