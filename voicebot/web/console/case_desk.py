"""What the forms of a case's page offer, such as windows with room, people to give it to, what can be decided now.

Knows: a case's view, who is on the staff, wording. Must not know: routes, how a form is read.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from textwrap import shorten

from voicebot.domain.case_number import written
from voicebot.domain.case_task import CaseTask, is_task_open
from voicebot.domain.decision_term import TermState
from voicebot.domain.instants import Instants
from voicebot.domain.permission import Permission
from voicebot.domain.promise import PromiseState, is_overdue
from voicebot.domain.rota import Rota
from voicebot.domain.staff import StaffMember
from voicebot.domain.ticket import CloseReason, Ticket, TicketStatus, is_open, is_over
from voicebot.service.decision.explain import LONGEST_WHY
from voicebot.service.hotline import Hotline
from voicebot.service.promise.choose import windows_for
from voicebot.service.promise.take_back import is_shown_by_call, last_talk
from voicebot.service.queries.case_view import AnswerView, CaseView
from voicebot.service.staff.members import everybody
from voicebot.service.staff.readers import those_who_may
from voicebot.service.staff.rota import view_rota
from voicebot.service.wording import names as wording
from voicebot.web.console.case_steps import SecondLook
from voicebot.web.console.panels.category import CategoryPanel, category_panel
from voicebot.web.console.rota_page import duty_said

Option = tuple[str, str]
"""What is sent, and what is read."""

LONGEST_GIST = 80
"""Characters by which staff know one piece from another."""

_BY_HAND = (CloseReason.AGREED, CloseReason.WITHDRAWN, CloseReason.NOT_REACHED, CloseReason.NO_DECISION)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseDesk:
    """What can be done with the case as it stands."""

    category: CategoryPanel | None
    """What kind of complaint it is. None where the policy has no kinds."""
    is_open: bool
    is_going_on: bool
    may_reopen: bool
    has_number: bool
    needs_stand_in: bool
    """A supervisor was promised, and this member is none."""
    unheard: str
    """What nobody has listened to, in words. Empty where nothing is left to be heard."""
    may_end_unheard: bool
    """This member may end the case all the same, and says why."""
    is_promised: bool
    """A promised call lies ahead, so that one can say that it comes later."""
    taken_back: str
    """The last talk, in words, where this member may take it back. Empty where there is none."""
    offer_end: str
    """What the button says that ends the offer to a second person. Empty where there is none."""
    is_waiting: bool
    """The time to decide rests until the complainant answers."""
    decide_by: str
    """When the decision is due, in words. It is empty where none is, or its time rests."""
    windows: tuple[Option, ...]
    longest_why: int
    decision_kinds: tuple[Option, ...]
    """Kinds of case by which a decision is due."""
    beside: tuple[Option, ...]
    """Other cases of the same number, with which this one may be joined."""
    joined: tuple[Option, ...]
    """Cases that were joined into this one, and may be taken out."""
    parts: tuple[Option, ...]
    """What was said, piece by piece, where more than one piece can be split."""
    task_kinds: tuple[Option, ...]
    tasks: tuple[Option, ...]
    """What is still to be done."""
    everybody: tuple[Option, ...]
    may_be_about: tuple[Option, ...]
    """Whom of the staff it may complain about, whoever that is now first."""
    people: tuple[Option, ...]
    looks: tuple[Option, ...]
    """What may be said about "we cannot help"."""
    outcomes: tuple[Option, ...]
    rulings: tuple[Option, ...]
    tellings: tuple[Option, ...]
    closings: tuple[Option, ...]
    kinds: tuple[Option, ...]


def case_desk(
    hotline: Hotline,
    view: CaseView,
    *,
    member: StaffMember,
    may: Collection[Permission],
    instants: Instants,
    missing: Collection[str],
) -> CaseDesk:
    """Return what the page offers to this member, where `missing` are ids of answers whose voice is not to be found."""
    has_say = Permission.OVERRULE in may
    ticket, staff = view.ticket, everybody(hotline)
    may_promise = is_open(ticket) and ticket.complainant_number is not None
    windows = windows_for(hotline, written(ticket.case_number)) if may_promise else ()
    kinds = hotline.flows.current_policy().categories
    colleagues = tuple(_colleagues(view_rota(hotline), those_who_may(hotline, ticket, staff), instants))
    return CaseDesk(
        category=category_panel(view, kinds, instants=instants),
        is_open=is_open(ticket),
        is_going_on=not is_over(ticket),
        may_reopen=ticket.status in (TicketStatus.ANSWERED, TicketStatus.CLOSED, TicketStatus.NOT_A_COMPLAINT),
        has_number=ticket.complainant_number is not None,
        needs_stand_in=bool(ticket.supervisor_asks) and not has_say,
        unheard=", ".join(_unheard(view, missing)),
        may_end_unheard=has_say,
        is_promised=any(one.state is PromiseState.OPEN and not is_overdue(one, instants.now) for one in view.promises),
        taken_back=_taken_back(view, member, instants, has_say=has_say),
        offer_end=_offer_end(view.ticket.offered_to, member.id),
        is_waiting=view.term is not None and view.term.state is TermState.WAITING,
        decide_by="" if view.term is None or view.term.due_at is None else instants.said(view.term.due_at),
        longest_why=LONGEST_WHY,
        decision_kinds=_decision_kinds(hotline, view),
        windows=tuple((each.opens_at.isoformat(), instants.window(each.opens_at, each.closes_at)) for each in windows),
        task_kinds=tuple(wording.TASKS.items()),
        tasks=tuple((task.id, _task(task, view, instants)) for task in view.tasks if is_task_open(task)),
        everybody=colleagues,
        may_be_about=tuple(_may_be_about(ticket, staff)),
        people=tuple(each for each in colleagues if each[0] != ticket.owner_id),
        beside=tuple((written(one.case_number), _beside(one, instants)) for one in view.open_beside),
        joined=tuple((written(number), written(number)) for number in view.joined),
        parts=tuple((each.answer.id, _part(each, instants)) for each in view.answers) if is_open(ticket) else (),
        looks=_looks(view),
        outcomes=tuple(wording.OUTCOMES.items()),
        rulings=tuple(wording.RULINGS.items()),
        tellings=tuple(wording.TELLINGS.items()),
        closings=tuple((reason, wording.CLOSINGS[reason]) for reason in _BY_HAND),
        kinds=tuple(wording.KINDS.items()),
    )


def _may_be_about(ticket: Ticket, staff: Sequence[StaffMember]) -> Iterator[Option]:
    yield from ((one.id, one.name) for one in staff if one.id == ticket.about_id)
    yield "", "nobody of the staff"
    yield from ((one.id, one.name) for one in staff if one.id != ticket.about_id)


def _colleagues(rota: Rota, staff: Sequence[StaffMember], instants: Instants) -> Iterator[Option]:
    """Yield who may have the case with whether they are there, those on duty first."""

    there = {person.id for person in rota.on_duty(instants.now)}
    for one in sorted(staff, key=lambda one: one.id in there, reverse=True):
        person = rota.person(one.id)
        yield one.id, one.name if person is None else f"{one.name}, {duty_said(rota, person, instants)}"


def _unheard(view: CaseView, missing: Collection[str]) -> Iterator[str]:
    left = set(view.unheard).difference(missing)
    return (wording.worded(each.answer.slot) for each in view.answers if each.answer.id in left)


def _taken_back(view: CaseView, member: StaffMember, instants: Instants, *, has_say: bool) -> str:
    talk = last_talk(view.history) if is_open(view.ticket) else None
    if talk is None or not (has_say or talk.actor == member.id) or is_shown_by_call(talk, view.staff_calls):
        return ""
    return f"{view.names.get(talk.actor, talk.actor)}, {instants.said(talk.at)}: {_short(talk.after)}"


def _offer_end(offered_to: str | None, member_id: str) -> str:
    if offered_to is None:
        return ""
    return "No, thanks: I do not take it" if offered_to == member_id else "Take the offer back"


def _beside(ticket: Ticket, instants: Instants) -> str:
    said = _short(ticket.problem) or "nothing in words"
    return f"{written(ticket.case_number)}, opened {instants.said(ticket.opened_at)}: {said}"


def _part(each: AnswerView, instants: Instants) -> str:
    said = _short(each.shown) or "no words yet"
    return f"{wording.worded(each.answer.slot)}, {instants.said(each.answer.at)}: {said}"


def _task(task: CaseTask, view: CaseView, instants: Instants) -> str:
    name = view.names.get(task.assignee_id, task.assignee_id)
    return f"{name}, until {instants.said(task.due_at)}: {_short(task.words)}"


def _short(text: str) -> str:
    return shorten(text, width=LONGEST_GIST, placeholder=" …")


def _decision_kinds(hotline: Hotline, view: CaseView) -> tuple[Option, ...]:
    if view.term is None:
        return ()
    targets = hotline.flows.current_policy().decisions.targets
    return tuple((name, wording.worded(name)) for name in targets if name != view.term.target)


def _looks(view: CaseView) -> tuple[Option, ...]:
    ticket = view.ticket
    if not is_open(ticket) or ticket.refusal_confirmed_by is not None:
        return ()
    if ticket.refusal_asked_by is None:
        return ((SecondLook.ASK, "We cannot help: I ask for a second look"),)
    return (
        (SecondLook.CONFIRM, "I have looked: we cannot help"),
        (SecondLook.OVERRULE, "I have looked: we can help"),
    )
