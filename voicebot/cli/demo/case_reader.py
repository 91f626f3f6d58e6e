"""What the database holds of the demo's cases. It is read in short transactions that lock nobody out, never written.

Knows: the store's repositories. Must not know: how it is shown.
"""

from dataclasses import dataclass, field
from typing import Self

from sqlalchemy.exc import OperationalError

from voicebot.adapters.store.call import CallRows
from voicebot.adapters.store.engine import open_engine
from voicebot.adapters.store.promise import PromiseRows
from voicebot.adapters.store.sms import SmsRows
from voicebot.adapters.store.staff_call import StaffCallRows
from voicebot.adapters.store.ticket import TicketRows
from voicebot.domain.call import Call, Turn
from voicebot.domain.escalation import StepTaken
from voicebot.domain.promise import Breach, Promise
from voicebot.domain.sms import Sms
from voicebot.domain.staff_call import StaffCall
from voicebot.domain.ticket import Answer, Ticket
from voicebot.domain.utterance import WORDS, Utterance
from voicebot.flow.instructions import INSTRUCTIONS, HangUp, Listen, Prompt


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """Everything stored about one case of the demo, at one moment."""

    ticket: Ticket
    call: Call
    turns: tuple[Turn, ...] = ()
    answers: tuple[Answer, ...] = ()
    promises: tuple[Promise, ...] = ()
    breaches: tuple[Breach, ...] = ()
    steps: tuple[StepTaken, ...] = ()
    texts: tuple[Sms, ...] = ()
    calls_back: tuple[StaffCall, ...] = ()
    prompts: dict[str, str] = field(default_factory=dict)
    """Prompt key → words, as the call's turns last said them."""
    utterances: dict[int, Utterance] = field(default_factory=dict)
    """Turn number → what the caller said to bring that turn about."""

    @property
    def promise(self) -> Promise | None:
        """The promise that the caller heard, or None before it was made."""
        first = [promise for promise in self.promises if promise.attempt == 1]
        return first[-1] if first else None


class CaseReader:
    """Reads the demo's database."""

    def __init__(self, database_url: str) -> None:
        self._engine = open_engine(database_url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()

    def read(self, caller: str) -> Case | None:
        """Return a caller's case as it stands, or None before there is one, or while the database is busy."""
        try:
            with self._engine.connect() as connection:
                tickets, calls = TicketRows(connection), CallRows(connection)
                found = _first_of(caller, tickets, calls)
                if found is None:
                    return None
                ticket, call = found
                promises, turns = PromiseRows(connection), tuple(calls.turns(call.id))
                answers = tuple(tickets.answers(ticket.id))
                return Case(
                    ticket=ticket,
                    call=call,
                    turns=turns,
                    answers=answers,
                    promises=tuple(promises.of_ticket(ticket.id)),
                    breaches=tuple(promises.breaches_of_ticket(ticket.id)),
                    steps=tuple(promises.steps(ticket.id)),
                    texts=tuple(SmsRows(connection).of_ticket(ticket.id)),
                    calls_back=tuple(StaffCallRows(connection).of_ticket(ticket.id)),
                    prompts=spoken_prompts(turns),
                    utterances=heard_utterances(answers),
                )
        except OperationalError:
            return None


def _first_of(caller: str, tickets: TicketRows, calls: CallRows) -> tuple[Ticket, Call] | None:
    first_calls = [(ticket, call) for ticket in tickets.all() for call in calls.of_ticket(ticket.id)[:1]]
    return next(((ticket, call) for ticket, call in first_calls if call.caller_number == caller), None)


def spoken_prompts(turns: tuple[Turn, ...]) -> dict[str, str]:
    """Return the words of every prompt that the turns may have played, the latest wording of a key last."""
    return {prompt.key: prompt.text for turn in turns for prompt in _prompts(turn)}


def heard_utterances(answers: tuple[Answer, ...]) -> dict[int, Utterance]:
    """Return what was kept of the caller's words, by the number of the turn that they led to."""
    return {
        answer.turn_number + 1: Utterance(text=answer.text, words=WORDS.validate_json(answer.words_json))
        for answer in answers
        if answer.text
    }


def _prompts(turn: Turn) -> tuple[Prompt, ...]:
    found: tuple[Prompt, ...] = ()
    for instruction in INSTRUCTIONS.validate_json(turn.instructions):
        if isinstance(instruction, Listen | HangUp):
            found += instruction.prompts
        if isinstance(instruction, Listen) and instruction.speech is not None:
            spoken_meanwhile = (instruction.speech.pause_prompt, instruction.speech.warn_prompt)
            found += tuple(prompt for prompt in spoken_meanwhile if prompt is not None)
    return found
