"""Other cases from the same number, beside a case, so that nobody who rings again is a stranger.

Source: console.md 1.5 (a repeat caller was a stranger).
Knows: a case's view, instants. Must not know: how a page looks.
"""

from dataclasses import dataclass

from voicebot.domain.case_number import written
from voicebot.domain.instants import Instants
from voicebot.domain.ticket import Ticket
from voicebot.service.queries.case_view import MOST_OTHERS, CaseView
from voicebot.web.console.wording import worded

FIRST_WORDS = 90
"""Characters of what such a case is about."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherCase:
    """One line."""

    case: str
    status: str
    opened: str
    words: str
    locale: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherCases:
    """The panel. It is not there without a case."""

    said: str
    cases: tuple[OtherCase, ...]
    number: str
    """What to search by for the rest. Empty when all are shown."""


def other_cases(view: CaseView, instants: Instants) -> OtherCases | None:
    """Return the panel, or None where there is no other case."""
    if not view.others:
        return None
    shown, has_more = view.others[:MOST_OTHERS], len(view.others) > MOST_OTHERS
    count = f"More than {MOST_OTHERS}" if has_more else str(len(shown))
    return OtherCases(
        said=f"{count} other {'case' if len(view.others) == 1 else 'cases'} from this number",
        cases=tuple(_line(each, instants) for each in shown),
        number=(view.ticket.complainant_number or "") if has_more else "",
    )


def _line(ticket: Ticket, instants: Instants) -> OtherCase:
    words = " ".join((ticket.demand or ticket.problem).split())
    return OtherCase(
        case=written(ticket.case_number),
        status=worded(ticket.status),
        opened=instants.said(ticket.opened_at),
        words=words if len(words) <= FIRST_WORDS else f"{words[:FIRST_WORDS].rsplit(' ', 1)[0]} …",
        locale=ticket.locale,
    )
