"""Calls by when they began, each with its case.

Knows: calls. Must not know: tables, how far a call has come (call_timeline.py).
"""

from voicebot.domain.call import Call
from voicebot.domain.case_number import written
from voicebot.service.hotline import Hotline
from voicebot.service.ports import CallQuery


def calls_from(hotline: Hotline, query: CallQuery) -> tuple[tuple[Call, str], ...]:
    """Return the calls of a stretch, each with the number of its case as people write it."""
    with hotline.look() as work:
        return tuple((call, written(case)) for call, case in work.calls.page(query))
