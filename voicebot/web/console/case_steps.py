"""What staff decide on a case's page, read from its forms, be it steps of a case, or a sentence that says what is
missing.

A call is logged with what comes next, and both are one deed. The other forms decide one thing each.
Knows: fields of forms, steps. Must not know: routes, what a step changes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from voicebot.domain.case_task import TaskKind
from voicebot.domain.permission import Permission
from voicebot.domain.promise import CallOutcome, Promise
from voicebot.domain.ticket import CloseReason, NotComplaint, Ruling, ToldBy
from voicebot.errors import Refused
from voicebot.service.decision.explain import explaining
from voicebot.service.decision.kind import being_of_kind
from voicebot.service.decision.waiting import waiting_for, waiting_no_longer
from voicebot.service.promise.choose import choosing, giving_number, running_late
from voicebot.service.promise.keep import calling
from voicebot.service.promise.take_back import taking_back
from voicebot.service.staff.decision import Step
from voicebot.service.ticket.about import complaining_about
from voicebot.service.ticket.category import categorising
from voicebot.service.ticket.ending import answering, closing, dismissing, reopening
from voicebot.service.ticket.lead_case import following, following_no_more
from voicebot.service.ticket.offer import ending_offer
from voicebot.service.ticket.refusal import asking_refusal, confirming_refusal, overruling_refusal
from voicebot.service.ticket.splitting import joining, splitting, taking_out
from voicebot.service.ticket.tasks import NewTask, asking, finishing
from voicebot.service.ticket.wrap_up import NextStep, next_step

Choice = TypeVar("Choice", bound=StrEnum)


class SecondLook(StrEnum):
    """What is said about a case in which we cannot help."""

    ASK = "ask"
    CONFIRM = "confirm"
    OVERRULE = "overrule"


@dataclass(frozen=True, kw_only=True, slots=True)
class Filled:
    """A form as it was sent."""

    fields: Mapping[str, str]
    actor: str
    seen: int | None

    def text(self, name: str) -> str:
        """Return what was typed, or empty text for nothing."""
        return self.fields.get(name, "")

    def choice(self, name: str, kinds: type[Choice], *, what: str) -> Choice:
        """Return what was chosen. Raises: Refused when it is none of the choices there are."""
        asked = self.text(name)
        if asked not in set(kinds):
            raise Refused(f"{what} is missing: choose one of the list", code="close-unknown")
        return kinds(asked)

    def ticked(self, name: str) -> tuple[str, ...]:
        """Return which of several boxes were ticked, where their fields are called `name.value`."""
        return tuple(field.removeprefix(f"{name}.") for field in self.fields if field.startswith(f"{name}."))

    def day(self, name: str) -> date:
        """Return the day that was chosen. Raises: Refused when none was."""
        try:
            return date.fromisoformat(self.text(name))
        except ValueError as problem:
            raise Refused("the day until which we wait is missing: choose one", code="waiting-past") from problem

    def window(self) -> datetime:
        """Return when the chosen window opens. Raises: Refused when none was chosen."""
        try:
            opens_at = datetime.fromisoformat(self.text("window"))
        except ValueError as problem:
            raise Refused("when we call is missing: choose one of the windows", code="window-full") from problem
        if opens_at.tzinfo is None:
            raise Refused("when we call is missing: choose one of the windows", code="window-full")
        return opens_at


def wrapped_up(form: Filled, *, kept: Callable[[Promise | None], object] = lambda _promise: None) -> tuple[Step, ...]:
    """Read what came of a call, and what comes next, where `kept` is told of the promise that the call kept.

    Raises: Refused when either is missing.
    """
    asked = form.text("outcome")
    if asked not in set(CallOutcome):
        raise Refused("logging a call needs what came of it: choose one of the outcomes", code="outcome-missing")
    called = calling(
        outcome=CallOutcome(asked),
        reason=form.text("reason"),
        actor=form.actor,
        stand_in=form.text("stand_in"),
        is_second=bool(form.text("second")),
        seen=form.seen,
        kept=kept,
    )
    following = _FOLLOWING[next_step(form.text("next"))](form, form.text("reason"))
    return (called,) if following is None else (called, following)


def _told_in_call(form: Filled, words: str) -> Step:
    return answering(
        ruling=form.choice("ruling", Ruling, what="what was decided"),
        told_by=ToldBy.CALL,
        words=words,
        actor=form.actor,
        is_rule_told=bool(form.text("rule_told")),
        unheard=form.text("unheard"),
        seen=form.seen,
    )


def _chosen(form: Filled, words: str) -> Step:
    is_our_fault = bool(form.text("our_fault"))
    return choosing(form.window(), words=words, actor=form.actor, is_our_fault=is_our_fault, seen=form.seen)


def _closed(form: Filled, words: str) -> Step:
    reason = form.choice("close_reason", CloseReason, what="why it is closed")
    unheard = form.text("unheard")
    return closing(reason=reason, words=words, actor=form.actor, unheard=unheard, seen=form.seen)


def _waits(form: Filled, words: str) -> Step:
    return waiting_for(words, until=form.day("until"), actor=form.actor, seen=form.seen)


def _dismissed(form: Filled, words: str) -> Step:
    kind = form.choice("kind", NotComplaint, what="what it is instead of a complaint")
    unheard = form.text("unheard")
    return dismissing(kind=kind, words=words, actor=form.actor, unheard=unheard, seen=form.seen)


_FOLLOWING: Mapping[NextStep, Callable[[Filled, str], Step | None]] = MappingProxyType(
    {
        NextStep.STANDS: lambda _form, _words: None,
        NextStep.WINDOW: _chosen,
        NextStep.WAITS: _waits,
        NextStep.ANSWERED: _told_in_call,
        NextStep.CLOSED: _closed,
        NextStep.NOT_A_COMPLAINT: _dismissed,
    }
)


def _decided(form: Filled) -> Step:
    return answering(
        ruling=form.choice("ruling", Ruling, what="what was decided"),
        told_by=form.choice("told_by", ToldBy, what="how it was told"),
        words=form.text("text"),
        actor=form.actor,
        is_rule_told=bool(form.text("rule_told")),
        unheard=form.text("unheard"),
        seen=form.seen,
    )


def _second_look(form: Filled) -> Step:
    steps = {
        SecondLook.ASK: asking_refusal,
        SecondLook.CONFIRM: confirming_refusal,
        SecondLook.OVERRULE: overruling_refusal,
    }
    look = form.choice("look", SecondLook, what="what you say")
    return steps[look](words=form.text("text"), actor=form.actor, seen=form.seen)


def _reopened(form: Filled) -> Step:
    return reopening(words=form.text("text"), actor=form.actor, seen=form.seen)


def _number(form: Filled) -> Step:
    return giving_number(form.text("number"), words=form.text("text"), actor=form.actor, seen=form.seen)


def _late(form: Filled) -> Step:
    return running_late(words=form.text("text"), actor=form.actor, seen=form.seen)


def _delay(form: Filled) -> Step:
    return explaining(form.text("text"), actor=form.actor, seen=form.seen)


def _joined(form: Filled) -> Step:
    return joining(form.text("other"), words=form.text("text"), actor=form.actor, seen=form.seen)


def _follows(form: Filled) -> Step:
    return following(form.text("other"), words=form.text("text"), actor=form.actor, seen=form.seen)


def _taken_out(form: Filled) -> Step:
    return taking_out(form.text("joined"), words=form.text("text"), actor=form.actor, seen=form.seen)


def _task(form: Filled) -> Step:
    amount = form.text("amount").strip()
    if amount and not (amount.isascii() and amount.isdecimal() and len(amount) < 9):
        raise Refused("an amount is a whole number, without signs", code="task-amount")
    new = NewTask(
        kind=form.choice("task", TaskKind, what="what is to be done"),
        to=form.text("to"),
        words=form.text("text"),
        amount=int(amount) if amount else None,
        until=form.day("until") if form.text("until") else None,
        tells_complainant=bool(form.text("thank")),
    )
    return asking(new, actor=form.actor, seen=form.seen)


def _task_done(form: Filled) -> Step:
    return finishing(form.text("done"), words=form.text("text"), actor=form.actor, seen=form.seen)


def _split(form: Filled) -> Step:
    return splitting(form.ticked("answer"), words=form.text("text"), actor=form.actor, seen=form.seen)


@dataclass(frozen=True, kw_only=True, slots=True)
class StepForm:
    """One form, with where it is sent, how it is read, and what is said when it is done."""

    path: str
    read: Callable[[Filled], Step]
    said: str
    needed: Permission = Permission.DECIDE
    """What somebody needs to be permitted."""


STEP_FORMS = (
    StepForm(path="late", read=_late, said="Moved by us, and the complainant is told.", needed=Permission.SERVE),
    StepForm(path="delay", read=_delay, said="Kept. The complainant reads it if the decision is late."),
    StepForm(
        path="waiting",
        read=lambda form: _waits(form, form.text("text")),
        said="The time to decide rests until the case comes back.",
        needed=Permission.SERVE,
    ),
    StepForm(
        path="waiting-over",
        read=lambda form: waiting_no_longer(actor=form.actor, seen=form.seen),
        said="The time to decide runs again.",
        needed=Permission.SERVE,
    ),
    StepForm(
        path="offer-ended",
        read=lambda form: ending_offer(actor=form.actor, seen=form.seen),
        said="The case is offered to nobody else. Its owner stays.",
        needed=Permission.SERVE,
    ),
    StepForm(
        path="decision-kind",
        read=lambda form: being_of_kind(form.text("target"), actor=form.actor, seen=form.seen),
        said="Noted. The decision is due by that kind.",
    ),
    StepForm(
        path="category",
        read=lambda form: categorising(form.text("category"), actor=form.actor, seen=form.seen),
        said="Noted, and told to whom that kind of complaint names.",
    ),
    StepForm(path="decided", read=_decided, said="Noted. The case waits for the complainant's yes or no."),
    StepForm(path="closed", read=lambda form: _closed(form, form.text("text")), said="The case is closed."),
    StepForm(
        path="no-complaint",
        read=lambda form: _dismissed(form, form.text("text")),
        said="Noted: no complaint. Nothing is owed; it can be opened again.",
    ),
    StepForm(path="reopened", read=_reopened, said="The case is open again, and a call is owed."),
    StepForm(path="second-look", read=_second_look, said="Noted."),
    StepForm(
        path="window",
        read=lambda form: _chosen(form, form.text("text")),
        said="The call is promised for that time, and the complainant is told.",
        needed=Permission.SERVE,
    ),
    StepForm(
        path="talk-back",
        read=lambda form: taking_back(words=form.text("text"), actor=form.actor, seen=form.seen),
        said="Taken back. What the talk kept is owed again.",
        needed=Permission.SERVE,
    ),
    StepForm(path="number", read=_number, said="The number stands on the case.", needed=Permission.SERVE),
    StepForm(
        path="about",
        read=lambda form: complaining_about(form.text("about"), actor=form.actor, seen=form.seen),
        said="Noted. Whoever a case is about does not see it.",
    ),
    StepForm(path="task", read=_task, said="Asked, and told at once. The case stays with its owner."),
    StepForm(path="task-done", read=_task_done, said="Done, and whoever asked is told."),
    StepForm(
        path="joined",
        read=_joined,
        said="Joined. This is the case that goes on; it can be taken apart again here.",
        needed=Permission.SERVE,
    ),
    StepForm(
        path="follows",
        read=_follows,
        said="It follows that case now, and keeps all that is its own.",
        needed=Permission.SERVE,
    ),
    StepForm(
        path="follows-none",
        read=lambda form: following_no_more(actor=form.actor, seen=form.seen),
        said="It follows none now.",
        needed=Permission.SERVE,
    ),
    StepForm(
        path="taken-out",
        read=_taken_out,
        said="Two cases again, each with a call and its own time to decide.",
        needed=Permission.SERVE,
    ),
    StepForm(
        path="split",
        read=_split,
        said="Split. The new case is linked under “Before you call”.",
        needed=Permission.SERVE,
    ),
)
"""Every form that decides one thing."""
