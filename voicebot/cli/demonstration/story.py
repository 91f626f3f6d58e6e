"""The case as lines of a story: what two readings of the casebook differ in, told once and in order.

Knows: the casebook. Must not know: terminals.
"""

from dataclasses import dataclass
from datetime import datetime

from voicebot.cli.demonstration.casebook import Case
from voicebot.domain.case_number import written
from voicebot.domain.promise import Promise
from voicebot.domain.sms import Sms, SmsState
from voicebot.domain.ticket import Answer, AnswerState
from voicebot.domain.utterance import Utterance
from voicebot.flow.policy import Policy


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the story: who (or what) it is about, and what happened."""

    who: str
    """caller, hotline, case, promise, text, breach or ladder."""
    text: str


_Keyed = tuple[tuple[str, ...], Line]
"""A line and what makes it the same line when it is read again."""


class Storyteller:
    """Remembers what was told; `policy` puts names to staff and steps."""

    def __init__(self, policy: Policy, caller: str) -> None:
        self._names = {member.phone: member.name for member in policy.staff} | {caller: "the caller"}
        self._staff = {member.id: member.name for member in policy.staff}
        self._told: set[tuple[str, ...]] = set()

    def news(self, case: Case) -> list[Line]:
        """Return what the case holds that was not told yet."""
        lines = [
            *self._ticket(case),
            *self._utterances(case),
            *self._answers(case),
            *self._promises(case),
            *self._misses(case),
            *self._texts(case),
        ]
        return [line for key, line in lines if self._is_new(key)]

    def _is_new(self, key: tuple[str, ...]) -> bool:
        if key in self._told:
            return False
        self._told.add(key)
        return True

    def _ticket(self, case: Case) -> list[_Keyed]:
        ticket, owner = case.ticket, self._staff.get(case.ticket.owner_id, case.ticket.owner_id)
        born = Line("case", f"{written(ticket.case_number)} is open, before a word was said; {owner} is responsible")
        return [(("ticket",), born)]

    def _utterances(self, case: Case) -> list[_Keyed]:
        return [
            (("utterance", str(number)), Line("caller", _told_utterance(utterance)))
            for number, utterance in case.utterances.items()
        ]

    def _answers(self, case: Case) -> list[_Keyed]:
        done = [answer for answer in case.answers if answer.state is AnswerState.DONE and answer.text]
        return [(("answer", answer.id), Line("case", _told_answer(answer))) for answer in done]

    def _promises(self, case: Case) -> list[_Keyed]:
        return [
            (("promise", promise.id, promise.words), Line("promise", _told_promise(promise)))
            for promise in case.promises
            if promise.words or promise.attempt > 1
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
                    f"{_plain(step.step)}: {self.told_to(step.told)}",
                ),
            )
            for step in case.steps
        ]
        return [*breaches, *steps]

    def _texts(self, case: Case) -> list[_Keyed]:
        lines: list[_Keyed] = []
        for sms in case.texts:
            if sms.state not in {SmsState.WAITING, SmsState.SENDING}:
                lines.append((("text", sms.id), Line("text", f"to {self.name_of(sms)}: {sms.body}")))
            if sms.state is SmsState.DELIVERED:
                lines.append((("delivered", sms.id), Line("receipt", f"delivered to {self.name_of(sms)}")))
        return lines

    def told_to(self, told: str) -> str:
        return ", ".join(self._staff.get(member, member) for member in told.split(",")) or "nobody"

    def name_of(self, sms: Sms) -> str:
        """Return who a text goes to, by name and not by number."""
        return self._names.get(sms.recipient, "somebody unknown")


def _told_answer(answer: Answer) -> str:
    return f"{_plain(answer.slot)} kept: its words, and {answer.duration_s:.1f} s of voice to listen to"


def _told_utterance(utterance: Utterance) -> str:
    sure = utterance.confidence
    return f"“{utterance.text}”" + ("" if sure is None else f" ({sure:.0%} sure)")


def _told_promise(promise: Promise) -> str:
    kind = "a call" if promise.attempt == 1 else "a new window, with the apology: a call"
    return f"{kind} between {_clock(promise.window_opens_at)} and {_clock(promise.window_closes_at)}"


def _clock(at: datetime) -> str:
    return f"{at:%H:%M}"


def _plain(name: str) -> str:
    return name.replace("_", " ")
