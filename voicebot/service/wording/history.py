"""What a line of the history changed, in words for staff.

Knows: how the history writes windows, answers and people. Must not know: pages, terminals.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from voicebot.domain.case_number import read_case_number, written
from voicebot.domain.instants import Instants
from voicebot.domain.ticket import HistoryEntry
from voicebot.service.history import LIFTS, OF_OWNERS
from voicebot.service.staff.decision import StaffAction
from voicebot.service.wording.names import tried_said, worded

_SPAN = re.compile(r"(\d{4}-\d\d-\d\dT[^/]+)/(\d{4}-\d\d-\d\dT.+)")
"""How a window stands in the history (domain/promise.py, written_span)."""

_FILLED = re.compile(r"^(\w+)=")
"""How a line of an answer begins, such as `may_text=yes`."""

_CASE = re.compile(r"\b\d{9}\b")
_NAME = re.compile(r"[A-Za-z0-9_]+")


def detail_said(entry: HistoryEntry, instants: Instants, names: Mapping[str, str]) -> str:
    """Say what a line of the history changed, with windows on the company's clock, people by name, staff word for
    word.
    """
    if entry.verb == StaffAction.TAKEN_OVER:
        return f"from {names.get(entry.before, entry.before)}"
    if entry.verb in OF_OWNERS:
        return f"from {names.get(entry.before, entry.before)} to {names.get(entry.after, entry.after)}"
    if entry.verb == StaffAction.TRIED:
        return tried_said(entry.after)
    if entry.verb == StaffAction.CATEGORISED:
        return " → ".join(worded(kind) or "none" for kind in (entry.before, entry.after))
    if entry.verb in set(StaffAction) | LIFTS:
        return entry.after
    parts = (_detail(part, instants, names) for part in (entry.before, entry.after) if part)
    return " → ".join(parts)


def _numbered(digits: re.Match[str]) -> str:
    """Return a case number as people read it, and other nine digits as they are."""
    return digits[0] if read_case_number(digits[0]) is None else written(digits[0])


def _detail(part: str, instants: Instants, names: Mapping[str, str]) -> str:
    span = _SPAN.fullmatch(part)
    if span is None:
        plain = _FILLED.sub(r"\1: ", part)
        return _CASE.sub(_numbered, _NAME.sub(lambda name: names.get(name[0]) or worded(name[0]), plain))
    opens_at, closes_at = (datetime.fromisoformat(at) for at in span.groups())
    return instants.window(opens_at, closes_at)
