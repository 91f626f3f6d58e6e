"""Which talks of a case count, as a condition of a question.

Knows: the history. Must not know: what rests on a talk.
"""

from sqlalchemy import ColumnElement, FromClause, case, func, select

from voicebot.adapters.store import tables
from voicebot.service.history import Verb


def is_taken_back(talk: FromClause) -> ColumnElement[bool]:
    """Say of a talk that it was taken back, or one before it after all that came later.

    The last one is taken back each time, so as many lines follow it that take one back as there are talks from it on.
    """
    since = tables.history.alias("since")
    change = case((since.c.verb == Verb.COMPLAINANT_CALLED, 1), (since.c.verb == Verb.TALK_TAKEN_BACK, -1), else_=0)
    left = select(func.sum(change)).where(since.c.ticket_id == talk.c.ticket_id, since.c.row >= talk.c.row)
    return left.scalar_subquery() <= 0
