"""Other cases from the same number, and those that were joined or split, beside a case. Each stands there once.

So nobody who rings again is a stranger.

Source: console.md 1.5 (a repeat caller was a stranger).
Knows: a case's view, instants. Must not know: how a page looks.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from voicebot.domain.case_number import written
from voicebot.domain.instants import Instants
from voicebot.domain.ticket import Ticket
from voicebot.service.history import Verb
from voicebot.service.queries.case_view import MOST_OTHERS, CaseView
from voicebot.service.wording.names import first_words, worded

LONG_NUMBER = len("482-719-300")
"""How a line of what was taken out begins."""
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
    how: str
    """How it is related beside its number, empty where it is not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherCases:
    """The panel. It is not there without a case."""

    said: str
    cases: tuple[OtherCase, ...]
    number: str
    """What to search by for the rest. Empty when all are shown."""
    related: tuple[tuple[str, str], ...]
    """Numbers of the cases that this one has to do with by joining or splitting alone, and how. A number is empty where
    it leads here.
    """


def other_cases(view: CaseView, instants: Instants) -> OtherCases | None:
    """Return the panel, or None where there is no other case."""
    shown, has_more = view.others[:MOST_OTHERS], len(view.others) > MOST_OTHERS
    ways = tuple(_related_to(view))
    cases = tuple(_line(each, instants, how=dict(ways).get(written(each.case_number), "")) for each in shown)
    listed = {each.case for each in cases}
    related = tuple((number, how) for number, how in ways if number not in listed)
    if not cases and not related:
        return None
    return OtherCases(
        said=_said(len(view.others)),
        cases=cases,
        number=(view.ticket.complainant_number or "") if has_more else "",
        related=related,
    )


def _said(count: int) -> str:
    if not count:
        return "Cases that this one has to do with"
    said = f"More than {MOST_OTHERS}" if count > MOST_OTHERS else str(count)
    return f"{said} other {'case' if count == 1 else 'cases'} from this number"


def _related_to(view: CaseView) -> Iterator[tuple[str, str]]:
    """Yield each related case once, by its number, empty where that leads here, and how it is related."""
    for number in view.joined:
        yield "", f"{written(number)} was joined into this one"
    split = {line.after for line in view.history if line.verb == Verb.PART_GIVEN}
    came = {line.after for line in view.history if line.verb == Verb.CASE_TAKEN_IN} - set(view.joined) - split
    yield from ((written(number), "has a part that was split off") for number in sorted(split))
    out = {line.after[:LONG_NUMBER] for line in view.history if line.verb == Verb.CASE_TAKEN_OUT}
    for number in sorted(came):
        was_out = written(number) in out
        yield written(number), "was joined here, and taken out again" if was_out else "is where this was split off from"


def _line(ticket: Ticket, instants: Instants, *, how: str) -> OtherCase:
    return OtherCase(
        case=written(ticket.case_number),
        status=worded(ticket.status),
        opened=instants.said(ticket.opened_at),
        words=first_words(ticket.demand or ticket.problem, FIRST_WORDS),
        locale=ticket.locale,
        how=how,
    )
