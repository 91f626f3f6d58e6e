"""One case as a page. It has the promise with its clock first, then what was said, then everything that explains it.

Knows: a case's view, instants, wording. Must not know: routes, forms.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from voicebot.domain.case_number import written
from voicebot.domain.case_task import CaseTask
from voicebot.domain.instants import Instants
from voicebot.domain.permission import Permission
from voicebot.domain.private.spans import has_mark
from voicebot.domain.staff import StaffMember
from voicebot.domain.ticket import is_open
from voicebot.service.queries.case_view import CaseView
from voicebot.service.queries.deadline import Deadline
from voicebot.service.staff.decision import StaffAction, actions_of
from voicebot.service.wording import names as wording
from voicebot.service.wording import policy as policy_wording
from voicebot.web.console.call_back_rows import under_way_said
from voicebot.web.console.panels.adjustments import AdjustmentPanel, adjustment_panel
from voicebot.web.console.panels.before_call import facts_of, flags_of, last_note, last_try, warnings_of
from voicebot.web.console.panels.customer import CustomerPanel, customer_panel
from voicebot.web.console.panels.lead_case import LeadPanel, lead_panel
from voicebot.web.console.panels.other_cases import OtherCases, other_cases
from voicebot.web.console.panels.timeline import Row, TimeLine, timeline
from voicebot.web.console.panels.words import SpokenAnswer, answers_of
from voicebot.web.console.promise_clock import PromiseClock, promise_clock


@dataclass(frozen=True, kw_only=True, slots=True)
class CasePageView:
    """The page, in the order of its parts."""

    case: str
    customer: CustomerPanel
    adjusted: AdjustmentPanel
    owner: str
    owner_away: str
    """Until when the owner is away, empty while they are not."""
    here: str
    """Who else has the case open, empty when nobody does."""
    clock: PromiseClock
    facts: tuple[tuple[str, str], ...]
    lead: LeadPanel
    others: OtherCases | None
    """Other cases from the same number, and those that it was joined with or split from."""
    number: str | None
    warnings: tuple[str, ...]
    flags: tuple[str, ...]
    """What somebody should know before they ring, in a few words each."""
    last_try: str
    """Who tried last to reach the complainant, and what came of it. It is empty when nobody did."""
    last_note: Row | None
    under_way: str
    """Which call about the case goes on at this moment. It is empty when none does."""
    problem: str
    demand: str
    locale: str
    answers: tuple[SpokenAnswer, ...]
    has_mark: bool
    """Whether something private is shown as a mark."""
    has_voice: bool
    """Whether any of them was spoken, since what was written was never heard."""
    tasks: tuple[Row, ...]
    deadlines: tuple[Row, ...]
    timeline: TimeLine
    accesses: tuple[Row, ...] | None
    """Who saw the case and heard its voices. None for who may not read that."""
    seen: int
    news: str
    """What a colleague did last, empty when it was this member or nobody."""
    is_open: bool
    is_mine: bool
    is_seen: bool
    zone: str


def case_page(
    view: CaseView,
    *,
    member: StaffMember,
    may: Collection[Permission],
    instants: Instants,
    missing: Collection[str] = (),
    is_whole: bool = False,
) -> CasePageView:
    """Return the page of a case as this member sees it, where `missing` are ids of answers whose voice is not to be
    found, and `is_whole` shows what the machine noted, too.
    """
    ticket = view.ticket
    return CasePageView(
        case=written(ticket.case_number),
        customer=customer_panel(view, instants),
        adjusted=adjustment_panel(view, instants),
        owner=view.owner,
        owner_away=wording.away_said(view.owner_away_until, instants),
        here=wording.here_said([name for member_id, name in view.here.items() if member_id != member.id]),
        clock=promise_clock(view, instants),
        facts=tuple(facts_of(view, instants)),
        lead=lead_panel(view, instants),
        others=other_cases(view, instants),
        number=ticket.complainant_number,
        warnings=tuple(warnings_of(view, missing)),
        flags=tuple(flags_of(view)),
        last_try=last_try(view, instants),
        last_note=last_note(view, instants),
        under_way=under_way_said(view, instants),
        problem=ticket.problem,
        demand=ticket.demand,
        locale=ticket.locale,
        answers=tuple(answers_of(view, instants, missing=missing, member_id=member.id)),
        has_mark=_has_mark(view),
        has_voice=any(not each.is_written for each in view.answers),
        tasks=tuple(_task(task, view, instants) for task in view.tasks),
        deadlines=tuple(_deadline(due, instants) for due in view.deadlines),
        timeline=timeline(view, instants, is_whole=is_whole),
        accesses=tuple(_accesses(view, instants)) if Permission.SEE_LOOKS in may else None,
        seen=view.actions_seen,
        news=_news(view, member, instants),
        is_open=is_open(ticket),
        is_mine=ticket.owner_id == member.id,
        is_seen=any(entry.verb == StaffAction.ACKNOWLEDGED for entry in view.history),
        zone=view.zone,
    )


def _has_mark(view: CaseView) -> bool:
    told = (view.ticket.problem, view.ticket.demand, *(each.shown for each in view.answers))
    noted = (*(entry.after for entry in view.history), *(sms.body for sms in view.texts))
    return any(has_mark(text) for text in (*told, *noted))


def _news(view: CaseView, member: StaffMember, instants: Instants) -> str:
    done = actions_of(view.history)
    if not done or done[-1].actor == member.id:
        return ""
    last = done[-1]
    return f"{instants.bare(last.at)}: {view.names.get(last.actor, last.actor)} {wording.verb_said(last.verb)}."


def _task(task: CaseTask, view: CaseView, instants: Instants) -> Row:
    who, by = (view.names.get(each, each) for each in (task.assignee_id, task.asked_by))
    amount = "" if task.amount is None else f", amount {task.amount}"
    more = [f"{by} asks {who}{amount}, until {instants.said(task.due_at)}"]
    if task.late_at is not None:
        more.append(f"late: told {instants.said(task.late_at)}")
    if task.done_at is not None:
        more.append(f"done {instants.said(task.done_at)}: {task.result}")
    said = wording.task_said(task.kind)
    return Row(what=f"{said[0].upper()}{said[1:]}", at=instants.said(task.asked_at), more=tuple(more), words=task.words)


def _deadline(due: Deadline, instants: Instants) -> Row:
    why = tuple(policy_wording.why_said(line) for line in due.why)
    return Row(what=policy_wording.due_said(due.what), at=instants.said(due.at), away=instants.due(due.at), more=why)


def _accesses(view: CaseView, instants: Instants) -> Iterable[Row]:
    """Yield accesses, newest first."""
    asked = {each.answer.id: wording.worded(each.answer.slot) for each in view.answers}
    for access in reversed(view.accesses):
        name = view.names.get(access.staff_id, access.staff_id)
        of = f": {asked.get(access.answer_id, 'an answer')}" if access.answer_id else ""
        yield Row(what=f"{name} {wording.LOOKS[access.kind]}{of}", at=instants.exact(access.at))
