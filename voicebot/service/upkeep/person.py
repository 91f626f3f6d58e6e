"""Everything about one person, by their telephone number. It is looked at, taken along, and erased at their request.

Cases are erased by the one eraser (retention.py). What keeps the number outside any case goes after them, also a
request not to be texted, since without the number nobody can be texted. Rows and case numbers stay, so that counts stay
true. A case under a hold is never erased. One in which a call is owed only where somebody says that it is to be lost.

Whoever asks gets the cases that they may see, and is told how many others there are, never which. Where there are
others they erase nothing, since half a person would be left, and are told who may.

An export shows its maker no more than pages do. They read it before the person does, and it goes by mail and lies in
folders. So private numbers are marks in it and silent in voices, fields that the maker may not read are counted and
left out, and the page in it says so. The complainant has a right to all of it, also to the birth date that they told
us. So whoever may see originals may say that they want it as it was said, which is kept as a look at the original of
each case. What is left out somebody else has to hand out, who may read it. No form of it has a PIN.
Knows: cases, numbers, retention, who may see what. Must not know: tables, files, terminals.
Source: GDPR, article 15 (right of access), with its paragraph 4 (it must not harm others).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from voicebot.domain import ticket as life
from voicebot.domain.about import may_see
from voicebot.domain.access import AccessKind, Seen
from voicebot.domain.case_number import written
from voicebot.domain.permission import Permission, who_may
from voicebot.domain.phone import region_of, to_e164
from voicebot.domain.ticket import GOING_ON, CloseReason, Ticket
from voicebot.errors import Refused
from voicebot.service.answer.shown import private_stretches
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context, Hotline, HotlineRules, context_of
from voicebot.service.lookup import find_ticket, joined_into, ticket_of
from voicebot.service.ports import UnitOfWork
from voicebot.service.ports.person import Row
from voicebot.service.promise.withdraw import withdraw_owed
from voicebot.service.queries.access import keep_access
from voicebot.service.staff.field_access import field_access, field_access_of
from voicebot.service.staff.members import permissions_of
from voicebot.service.staff.readers import may_have, reader_of
from voicebot.service.upkeep.retention import check_reason, erase_case

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonCase:
    """A case of a person, with what was joined into it."""

    case: str
    """Case number as people write it."""
    opened_at: datetime
    status: str
    answers: int
    voices: int
    texts: int
    is_held: bool
    is_owed: bool
    """Whether a call is promised and not made."""
    is_at_rest: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonView:
    """What there is of a number."""

    number: str
    cases: tuple[PersonCase, ...]
    rows_beside: int
    """Rows that keep the number outside any case."""
    left_out: int
    """Cases that whoever asks may not see."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseExport:
    """A case as it is handed to the person."""

    case: str
    tables: dict[str, Sequence[Row]]
    audio_keys: tuple[str, ...]
    """Voices and files in the audio store."""
    silent: Mapping[str, Sequence[tuple[float, float]]] = field(default_factory=dict)
    """By audio key, from where to where a voice is silent in the export, in seconds."""
    fields_left_out: int = 0
    """Entries of fields that whoever took it along may not read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonExport:
    """Everything that is kept of a number."""

    number: str
    made_at: datetime
    cases: tuple[CaseExport, ...]
    beside: dict[str, Sequence[Row]]
    left_out: int = 0
    """Cases that whoever took it along may not see."""
    is_as_said: bool = False
    """Whether private numbers stand in it as they were said."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ErasureReceipt:
    """What was erased, without anything that tells of the person."""

    id: str
    at: datetime
    by: str
    cases: tuple[str, ...]
    promises_lost: int
    rows_beside: int
    waits_for_folders: tuple[str, ...]
    """Data folders of other machines that may hold a voice still and were asked to erase it."""


def read_person_number(rules: HotlineRules, typed: str) -> str:
    """Return the number in E.164 form. Raises: Refused when it is none."""
    number = to_e164(typed, region_of(rules.own_number) if rules.own_number else None)
    if number is None:
        raise Refused("that is no telephone number; write it with + and its country", code="person-number")
    return number


def view_person(hotline: Hotline, typed: str, *, by: str = "") -> PersonView:
    """Return what there is of a number, as its reader sees it, and whoever `by` names.

    Raises: Refused when it is no number, or nothing is kept of it.
    """
    number = read_person_number(hotline.rules, typed)
    with hotline.look() as work:
        held = {hold.ticket_id for hold in work.retention.holds()}
        shown, left_out = _shown(context_of(hotline, work), number, by)
        cases = [_case(work, ids, held) for ids in shown]
        rows = sum(len(rows) for _, rows in work.persons.rows_of_number(number))
    if not (cases or rows or left_out):
        raise Refused("nothing is kept of this number", code="person-unknown")
    return PersonView(number=number, cases=tuple(cases), rows_beside=rows, left_out=left_out)


def export_person(hotline: Hotline, typed: str, *, reason: str, by: str, is_as_said: bool = False) -> PersonExport:
    """Return everything of a number that whoever asks may see, without any PIN. On each case stays who it was, and why.

    With `is_as_said` private numbers stand in it as they were said.
    Raises: Refused as `view_person`, without a reason, and when somebody wants it as it was said who may not see that.
    """
    check_reason(reason)
    number = view_person(hotline, typed, by=by).number
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        if is_as_said:
            _refuse_original(context, by)
        for root, *_ in _shown(context, number, by)[0]:
            note_case(work, root, Verb.PERSON_EXPORTED, at=context.now, actor=by, after=reason.strip())
        work.commit()
    with (hotline.look_at_original if is_as_said else hotline.look)() as work:
        context = context_of(hotline, work)
        shown, left_out = _shown(context, number, by)
        export = PersonExport(
            number=number,
            made_at=context.now,
            cases=tuple(_export(context, ids[0], each, by) for ids in shown for each in ids),
            beside=dict(work.persons.rows_of_number(number)),
            left_out=left_out,
            is_as_said=is_as_said,
        )
    _keep_looks(hotline, export, by)
    log.info("person_exported", by=by, cases=len(shown), left_out=left_out, is_as_said=is_as_said)
    return export


def _refuse_original(context: Context, by: str) -> None:
    for who in {context.work.reader.id, by}:
        if Permission.SEE_ORIGINAL not in permissions_of(context.work, context.policy, who):
            raise Refused(
                f"private numbers as they were said are for {who_may(Permission.SEE_ORIGINAL)}: take it along with "
                "marks, or ask one of them",
                code="original-barred",
            )


def _keep_looks(hotline: Hotline, export: PersonExport, by: str) -> None:
    kinds = (AccessKind.EXPORT, AccessKind.ORIGINAL) if export.is_as_said else (AccessKind.EXPORT,)
    seen = (Seen(case=each.case, at=export.made_at, staff_id=by, kind=kind) for each in export.cases for kind in kinds)
    keep_access(hotline, *seen)


def erase_person(hotline: Hotline, typed: str, *, reason: str, actor: str, also_open: bool = False) -> ErasureReceipt:
    """Erase all that tells of a person, in every case of their number, and whatever keeps the number itself.

    `also_open` gives up calls that are owed, and closes their cases as withdrawn.
    Raises: Refused as `view_person`, when somebody may not see all of it, a hold lies on a case, a call is owed, or
    something is on its way. Then nothing was erased, or it is to be run again for what is left.
    """
    view = view_person(hotline, typed, by=actor)
    if view.left_out:
        raise _not_theirs(hotline, view)
    _refuse(view, also_open=also_open)
    lost = _give_up(hotline, view, actor=actor) if also_open else 0
    waits = {folder for each in view.cases for folder in erase_case(hotline, each.case, reason=reason, actor=actor)}
    with hotline.unit_of_work() as work:
        work.customers.forget_numbers({view.number})
        work.persons.forget_number(view.number)
        receipt = ErasureReceipt(
            id=hotline.ids.new_id(),
            at=context_of(hotline, work).now,
            by=actor,
            cases=tuple(each.case for each in view.cases),
            promises_lost=lost,
            rows_beside=view.rows_beside,
            waits_for_folders=tuple(sorted(waits)),
        )
        work.commit()
    log.info("person_erased", receipt=receipt.id, by=actor, cases=len(receipt.cases), promises_lost=lost)
    return receipt


def _not_theirs(hotline: Hotline, view: PersonView) -> Refused:
    with hotline.look() as work:
        context = context_of(hotline, work)
        tickets = [ticket_of(work, each) for each in work.persons.case_ids(view.number)]
        people = {each.id: each for each in (*context.policy.staff, *work.staff.all())}
        may = [
            each.name
            for each in people.values()
            if Permission.RUN_HOTLINE in permissions_of(work, context.policy, each.id)
            and all(may_have(context, ticket, each.id) for ticket in tickets)
        ]
    cure = f"ask {' or '.join(may)}" if may else "give an administrator's login to somebody who may see all of them"
    return Refused(
        f"cases of this number may not be shown to you or to who does it ({view.left_out}), so nothing was erased: "
        f"{cure}",
        code="person-left-out",
    )


def _refuse(view: PersonView, *, also_open: bool) -> None:
    if held := [each.case for each in view.cases if each.is_held]:
        raise Refused(f"a hold lies on {', '.join(held)}; lift it first, if that is right", code="case-held")
    if not also_open and (owed := [each.case for each in view.cases if each.is_owed]):
        raise Refused(
            f"a call is owed in {', '.join(owed)}; make it first, or say --also-open: then nobody calls, nobody is "
            "told, and the case is closed as withdrawn",
            code="person-owed",
        )
    if busy := [each.case for each in view.cases if not (each.is_at_rest or each.is_owed)]:
        raise _busy(", ".join(busy))


def _give_up(hotline: Hotline, view: PersonView, *, actor: str) -> int:
    """Give up what is owed in these cases and close them, all or none. Return how many calls that was.

    Raises: Refused when something else is on its way in one of them.
    """
    with hotline.unit_of_work() as work:
        context, lost = context_of(hotline, work), 0
        for case in view.cases:
            root = find_ticket(work, case.case)
            work.tickets.hold(root.id)
            ids = (root.id, *joined_into(work, root.id))
            lost += sum(_is_owed(work, each) for each in ids)
            for each in ids:
                withdraw_owed(context, each)
            _close(context, ticket_of(work, root.id), actor)
            if any(work.retention.case(each) is None for each in ids):
                raise _busy(case.case)
        work.commit()
        return lost


def _busy(cases: str) -> Refused:
    return Refused(f"something is on its way in {cases}; try again later", code="case-not-at-rest")


def _close(context: Context, ticket: Ticket, actor: str) -> None:
    if ticket.status in GOING_ON:
        reason = CloseReason.WITHDRAWN
        context.work.tickets.save(life.close(ticket, reason, at=context.now))
        note_case(context.work, ticket.id, Verb.CASE_CLOSED, at=context.now, actor=actor, after=str(reason))


def _shown(context: Context, number: str, by: str) -> tuple[list[list[str]], int]:
    """Return the cases of a number that both readers may see, and how many others there are."""
    work = context.work
    readers = (work.reader, reader_of(work, context.policy, by))
    groups = _by_root(work, number)
    shown = [
        ids
        for ids in groups
        if all(may_see(ticket, reader) for ticket in (ticket_of(work, each) for each in ids) for reader in readers)
    ]
    return shown, len(groups) - len(shown)


def _by_root(work: UnitOfWork, number: str) -> list[list[str]]:
    """Return the cases of a number, each with what was joined into it."""
    groups: list[list[str]] = []
    for ticket_id in work.persons.case_ids(number):
        if ticket_of(work, ticket_id).merged_into is None:
            groups.append([])
        groups[-1].append(ticket_id)
    return groups


def _case(work: UnitOfWork, ids: Sequence[str], held: set[str]) -> PersonCase:
    root = ticket_of(work, ids[0])
    return PersonCase(
        case=written(root.case_number),
        opened_at=root.opened_at,
        status=root.status,
        answers=sum(len(work.tickets.answers(each)) for each in ids),
        voices=sum(len(work.retention.audio_keys(each)) for each in ids),
        texts=sum(len(work.sms.of_ticket(each)) for each in ids),
        is_held=any(each in held for each in ids),
        is_owed=any(_is_owed(work, each) for each in ids),
        is_at_rest=all(work.retention.case(each) is not None for each in ids),
    )


def _is_owed(work: UnitOfWork, ticket_id: str) -> bool:
    return work.promises.open_of_ticket(ticket_id) is not None


def _export(context: Context, root_id: str, ticket_id: str, by: str) -> CaseExport:
    work = context.work
    left_out = _closed_entries(context, root_id, ticket_id, by)
    answers = work.tickets.answers(ticket_id)
    return CaseExport(
        case=written(ticket_of(work, ticket_id).case_number),
        tables=dict(work.persons.rows_of_case(ticket_id, leave_out=left_out)),
        audio_keys=tuple(work.retention.audio_keys(ticket_id)),
        silent={each.audio_key: private_stretches(each) for each in answers if each.audio_key is not None},
        fields_left_out=len(left_out),
    )


def _closed_entries(context: Context, root_id: str, ticket_id: str, by: str) -> frozenset[str]:
    """Return ids of entries in fields that one of both readers may not read in the case that goes on."""
    root, entries = ticket_of(context.work, root_id), context.work.fields.of_ticket(ticket_id)
    readers = (field_access(context, root, context.work.reader), field_access_of(context, root, by))
    return frozenset(each.id for each in entries if not all(reader.may_read(each) for reader in readers))
