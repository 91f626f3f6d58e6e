"""The list of cases as a page. It says what is owed in words, how far away it is, and whose it is.

Knows: lines of the list, instants. Must not know: routes, tables.
"""

from dataclasses import dataclass
from enum import StrEnum

from voicebot.domain.case_number import read_case_number
from voicebot.domain.category import Categories
from voicebot.domain.instants import Instants, length
from voicebot.domain.next_date import DateKind
from voicebot.domain.staff import StaffMember
from voicebot.service.ports import CaseLine, CaseQuery
from voicebot.service.queries.case_list import CasePage
from voicebot.service.wording.names import who_said, worded

PER_PAGE = 50
FAR = 10
"""Pages from which on one is asked for beside the case that ends or begins this one. Before, it is found by its number
as soon, and the address stays short."""


class Show(StrEnum):
    """Which cases."""

    MINE = "mine"
    OPEN = "open"
    ALL = "all"


_LABELS = {Show.MINE: "Mine", Show.OPEN: "Open", Show.ALL: "All"}
_COUNTED = {Show.MINE: "open cases of yours", Show.OPEN: "open cases", Show.ALL: "cases in all"}
_COUNTED_ONE = {Show.MINE: "open case of yours", Show.OPEN: "open case", Show.ALL: "case in all"}
_EMPTY = {
    Show.MINE: "None of the open cases is yours.",
    Show.OPEN: "No case is open: nobody waits for a call.",
    Show.ALL: "No cases yet.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """A choice above the list."""

    name: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedCase:
    """A line and what the page says of it in words."""

    line: CaseLine
    urgency: str
    """Name of a style, one of missed, soon, ahead or quiet."""
    due: str
    """`in 12 min`, `8 min overdue`. It is empty when nothing is owed."""
    due_what: str
    due_at: str
    due_machine: str
    who: str
    words: str
    has_words: bool
    is_mine: bool
    status: str
    told: str
    next_date: str
    """What is next in the case, and when. It is empty in one that is over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListPage:
    """The page."""

    lines: tuple[ListedCase, ...]
    filters: tuple[Filter, ...]
    show: str
    kind: str
    """What the address says of the kind of complaint, empty where all kinds are shown."""
    kinds: tuple[Filter, ...]
    """Kinds to choose from. Empty where the policy has none."""
    counted: str
    zone: str
    read_at: str
    empty: str
    is_first: bool
    """True while there has never been any case."""
    own_number: str
    number: int
    pages: int

    @property
    def newer(self) -> bool:
        """Whether a page comes before this one."""
        return self.number > 1

    @property
    def older(self) -> bool:
        """Whether a page comes after this one."""
        return self.number < self.pages

    @property
    def first(self) -> str | None:
        """Return the case before which the page before this one ends, None where its number is enough."""
        return self.lines[0].line.case if self.lines and self.number > FAR else None

    @property
    def last(self) -> str | None:
        """Return the case behind which the page after this one begins, None where its number is enough."""
        return self.lines[-1].line.case if self.lines and self.number >= FAR else None


NO_KIND = "-"
"""Stands in the address for cases whose kind of complaint nobody has said. No kind has such an id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceInList:
    """Which page is asked for."""

    page: int = 1
    behind: str = ""
    """Case that ended the page before it, as somebody may have typed it. Empty where the page's number says all."""
    before: str = ""
    """Case that began the page after it."""


def query_of(show: Show, *, kind: str, place: PlaceInList, member: StaffMember) -> CaseQuery:
    """Return which cases the page shows, where `kind` is as the address has it."""
    return CaseQuery(
        category=None if not kind else kind.removeprefix(NO_KIND),
        is_open=show is not Show.ALL,
        owner_id=member.id if show is Show.MINE else None,
        limit=PER_PAGE,
        offset=(place.page - 1) * PER_PAGE,
        behind=read_case_number(place.behind),
        before=read_case_number(place.before),
    )


def list_page(
    found: CasePage,
    *,
    show: Show,
    kinds: tuple[Filter, ...] = (),
    number: int,
    member: StaffMember,
    instants: Instants,
    has_any: bool,
    own_number: str,
) -> ListPage:
    """Return the page for what was found."""
    kind = next((each for each in kinds if each.is_chosen and each.name), None)
    of_kind = f" Only: {kind.label}." if kind else ""
    return ListPage(
        kind=kind.name if kind else "",
        kinds=kinds,
        lines=tuple(_listed(line, member=member, instants=instants) for line in found.lines),
        filters=tuple(Filter(name=one, label=_LABELS[one], is_chosen=one is show) for one in Show),
        show=show,
        counted=f"{found.total:,} {(_COUNTED_ONE if found.total == 1 else _COUNTED)[show]}.{of_kind}",
        zone=instants.zone,
        read_at=instants.brief(instants.now),
        empty=_empty(show, has_any=has_any, is_narrowed=kind is not None),
        is_first=not has_any,
        own_number=own_number,
        number=number,
        pages=max(1, -(-found.total // PER_PAGE)),
    )


def kinds_of(categories: Categories, kind: str) -> tuple[Filter, ...]:
    """Return the choices of kinds, one that the policy dropped among them where it is chosen."""
    if not categories and not kind:
        return ()
    names = {"": "All kinds", **{each.id: each.said for each in categories.values()}, NO_KIND: "No kind yet"}
    return tuple(
        Filter(name=name, label=names.get(name, name), is_chosen=name == kind) for name in dict.fromkeys((*names, kind))
    )


def _empty(show: Show, *, has_any: bool, is_narrowed: bool) -> str:
    if has_any and is_narrowed:
        return "No such case is of this kind of complaint."
    return _EMPTY[show] if has_any else _EMPTY[Show.ALL]


def _told(line: CaseLine, instants: Instants) -> str:
    """Say when somebody is told next, where one whose time has come is told by the worker in a moment."""
    if line.told_at is None:
        return ""
    return instants.until(line.told_at) if line.told_at > instants.now else "in a moment"


def _listed(line: CaseLine, *, member: StaffMember, instants: Instants) -> ListedCase:
    at = line.deadline_at
    words = " ".join(line.problem.split())
    return ListedCase(
        line=line,
        urgency=_urgency(line, instants),
        due="" if at is None else instants.due(at),
        due_what=_what(line, instants),
        due_at="" if at is None else _by(line, instants),
        due_machine="" if at is None else instants.machine(at),
        who=who_said(line.name, line.number_end),
        words=words or "Nothing in words; the case says whether there is a voice to hear.",
        has_words=bool(words),
        is_mine=line.owner_id == member.id,
        status=worded(line.status),
        next_date=_next_date(line, instants),
        told=_told(line, instants),
    )


def _next_date(line: CaseLine, instants: Instants) -> str:
    date = line.next_date
    return "" if date is None else f"{_DATES[date.kind]} {instants.brief(date.at)}"


_DATES = {
    DateKind.CALL: "next: call by",
    DateKind.DECISION: "next: decide by",
    DateKind.COMPLAINANT: "next: we wait for them until",
    DateKind.CLOSING: "next: closed unless they say no by",
}


def _urgency(line: CaseLine, instants: Instants) -> str:
    if line.deadline_at is None:
        return "quiet"
    if line.is_missed or line.deadline_at <= instants.now:
        return "missed"
    is_open = line.window_opens_at is not None and line.window_opens_at <= instants.now
    return "soon" if is_open else "ahead"


def _what(line: CaseLine, instants: Instants) -> str:
    if line.deadline_at is not None:
        is_call = line.deadline != "find a number"
        if line.is_missed and is_call:
            return "promised call, missed"
        return f"{worded(line.deadline)}{_window(line, instants) if is_call else ''} by"
    if line.called_at is not None:
        return f"called {length(instants.now - line.called_at)} ago"
    return "no call is promised"


def _window(line: CaseLine, instants: Instants) -> str:
    """Say how the window stands, since a colour alone does not say it (WCAG 1.4.1)."""
    opens_at = line.window_opens_at
    if opens_at is None or (line.deadline_at is not None and line.deadline_at <= instants.now):
        return ""
    return ", window open," if opens_at <= instants.now else f", opens {instants.bare(opens_at)},"


def _by(line: CaseLine, instants: Instants) -> str:
    if line.deadline_at is None:
        return ""
    if line.is_missed and line.window_opens_at is not None:
        return f"since {instants.brief(line.deadline_at)}; new window from {instants.brief(line.window_opens_at)}"
    return f"since {instants.brief(line.deadline_at)}" if line.is_missed else instants.brief(line.deadline_at)
