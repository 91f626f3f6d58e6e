"""`voicebot tickets called` logs a call with what came of it and what comes next, as on the page of a case.

What comes next is asked for at a terminal where no option says it. For a script what is due stands as it is.
Knows: the terminal, steps of a case. Must not know: what a step changes.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

import click

from voicebot.cli.login_name import login_name
from voicebot.cli.ticket_steps import UNHEARD
from voicebot.cli.ticket_windows import chosen_window, list_windows
from voicebot.domain.promise import CallOutcome, Promise
from voicebot.domain.ticket import CloseReason, NotComplaint, Ruling, ToldBy
from voicebot.service.decision.waiting import waiting_for
from voicebot.service.hotline import Hotline
from voicebot.service.promise.choose import choosing
from voicebot.service.promise.keep import calling
from voicebot.service.staff.decision import Step
from voicebot.service.ticket.ending import answering, closing, dismissing
from voicebot.service.ticket.heard import act_heard
from voicebot.service.ticket.wrap_up import NextStep

Kind = TypeVar("Kind", bound=StrEnum)
Command = TypeVar("Command", bound=Callable[..., object])


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrapped:
    """A call as it was logged at the terminal."""

    hotline: Hotline
    case: str
    words: str
    actor: str
    window: int | None
    until: datetime | None
    decided: str | None
    why: str | None
    kind: str | None
    rule_told: bool
    is_second: bool
    unheard: str

    def asked(self, given: str | None, kinds: type[Kind], *, what: str) -> Kind:
        """Return what an option said, or what somebody answers now."""
        choices = click.Choice([kind.value for kind in kinds])
        return kinds(given or click.prompt(what, type=choices))

    def day(self) -> date:
        """Return until when we wait."""
        day: datetime = self.until or click.prompt("Until which day", type=click.DateTime(["%Y-%m-%d"]))
        return day.date()

    def opens_at(self) -> datetime:
        """Return when the chosen window opens."""
        number = self.window
        if number is None:
            list_windows(self.hotline, self.case)
            number = click.prompt("Which window", type=int)
        return chosen_window(self.hotline, self.case, number)


def _window(call: Wrapped) -> Step:
    return choosing(call.opens_at(), words=call.words, actor=call.actor)


def _waits(call: Wrapped) -> Step:
    return waiting_for(call.words, until=call.day(), actor=call.actor)


def _answered(call: Wrapped) -> Step:
    ruling = call.asked(call.decided, Ruling, what="What was decided")
    return answering(
        ruling=ruling,
        told_by=ToldBy.CALL,
        words=call.words,
        actor=call.actor,
        is_rule_told=call.rule_told,
        unheard=call.unheard,
    )


def _closed(call: Wrapped) -> Step:
    reason = call.asked(call.why, CloseReason, what="Why it is closed")
    return closing(reason=reason, words=call.words, actor=call.actor, unheard=call.unheard)


def _dismissed(call: Wrapped) -> Step:
    kind = call.asked(call.kind, NotComplaint, what="What it is instead")
    return dismissing(kind=kind, words=call.words, actor=call.actor, unheard=call.unheard)


_FOLLOWING: Mapping[NextStep, Callable[[Wrapped], Step | None]] = MappingProxyType(
    {
        NextStep.STANDS: lambda _call: None,
        NextStep.WINDOW: _window,
        NextStep.WAITS: _waits,
        NextStep.ANSWERED: _answered,
        NextStep.CLOSED: _closed,
        NextStep.NOT_A_COMPLAINT: _dismissed,
    }
)


def called_command(open_hotline: Callable[[], Hotline]) -> click.Command:
    """Return the command, which opens the hotline when it is run."""

    @click.command("called")
    @click.argument("case")
    @click.option("--reason", "words", default="", help="Who was reached and what was said; a talk needs it.")
    @_one_of("--outcome", CallOutcome, "What came of it; only a talk keeps the promise.", default="reached")
    @click.option("--stand-in", default="", help="A supervisor was promised: why you called instead.")
    @click.option("--second", "is_second", is_flag=True, help="You spoke with them, too, minutes after a colleague.")
    @click.option("--by", "actor", default=login_name, help="Who called (staff id); default: your login.")
    @_one_of("--next", NextStep, "What comes next; without it what is due stands, unless it is asked for.")
    @click.option(
        "--ask/--no-ask", "asks", default=_is_terminal, help="Ask what comes next; the default at a terminal."
    )
    @click.option("--window", type=int, help="With --next window: its number in the list of `move`.")
    @click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="With --next waits: the day.")
    @_one_of("--decided", Ruling, "With --next answered: what was decided.")
    @click.option("--rule-told", is_flag=True, help="With --next answered: you named the day that closes the case.")
    @_one_of("--why", CloseReason, "With --next closed: why.")
    @_one_of("--kind", NotComplaint, "With --next not_a_complaint: what it is instead.")
    @UNHEARD
    def called(outcome: str, stand_in: str, following: str | None, *, asks: bool, **given: Any) -> None:
        """Log that the complainant of CASE was called, and what comes next, either both or neither."""
        call = Wrapped(hotline=open_hotline(), **given)
        step = call.asked(following, NextStep, what="What comes next") if following or asks else NextStep.STANDS
        click.echo(_log(call, CallOutcome(outcome), step, stand_in=stand_in))

    return called


def _log(call: Wrapped, outcome: CallOutcome, following: NextStep, *, stand_in: str) -> str:
    """Log the call with what comes next, and return what that changed."""
    kept: list[Promise | None] = []
    log = calling(
        outcome=outcome,
        reason=call.words,
        actor=call.actor,
        stand_in=stand_in,
        is_second=call.is_second,
        kept=kept.append,
    )
    step = _FOLLOWING[following](call)
    act_heard(call.hotline, call.case, *((log,) if step is None else (log, step)))
    promise = kept[0] if kept else None
    if promise is not None:
        return f"Logged: the promise is {promise.state}. Nobody else is told about it."
    if outcome is CallOutcome.REACHED:
        return "Logged." if step is None else "Logged, with what comes next."
    return (
        "Logged as an attempt. The promise still waits for a talk."
        if step is None
        else "Logged as an attempt, with what comes next."
    )


def _is_terminal() -> bool:
    """Tell whether somebody sits there who can be asked, since a script is asked nothing."""
    return sys.stdin.isatty()


def _one_of(
    option: str, kinds: type[StrEnum], said: str, *, default: str | None = None
) -> Callable[[Command], Command]:
    choice = click.Choice([kind.value for kind in kinds])
    name = "following" if option == "--next" else option.removeprefix("--")
    return click.option(option, name, type=choice, default=default, show_default=True, help=said)
