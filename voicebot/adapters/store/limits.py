"""What defences remember, as rows.

Knows: the tables text_let_go, silent_call, alarm. Must not know: limits, what a danger is.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, select

from voicebot.adapters.store.rows import hold, insert_once
from voicebot.adapters.store.sms import COUNT_TO
from voicebot.adapters.store.tables.limits import alarms, silent_calls, texts_let_go
from voicebot.service.ports.limits import TextCounts

KEPT_FOR = timedelta(days=7)
"""Limits look back one day, and a text that is tried again was given up long before."""


class LimitRows:
    """Fulfils `service.ports.Limits`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold_texts(self) -> None:
        """Hold the count of texts until the transaction ends."""
        hold(self._connection, "texts_let_go")

    def record_text_sent(self, sms_id: str, *, prefix: str, region: str, at: datetime) -> bool:
        """Insert once, and return False when the text had left before. What nobody counts any more goes on the way."""
        self._connection.execute(delete(texts_let_go).where(texts_let_go.c.at < at - KEPT_FOR))
        row = {"sms_id": sms_id, "prefix": prefix, "region": region, "at": at}
        return insert_once(self._connection, texts_let_go, row)

    def was_text_sent(self, sms_id: str) -> bool:
        """Tell whether the text left before."""
        return self._connection.scalar(_SENT, {"sms_id": sms_id}) is not None

    def count_texts(self, since: datetime, *, number: str, prefix: str, region: str) -> TextCounts:
        """Count texts at or after the instant, all by one question, each count by an index of its own."""
        told = {"since": since, "recipient": number, "prefix": prefix, "region": region}
        return TextCounts(**self._connection.execute(_COUNTS, told).mappings().one())

    def add_silent(self, call_id: str, due_at: datetime) -> None:
        """Insert once."""
        insert_once(self._connection, silent_calls, {"call_id": call_id, "due_at": due_at})

    def is_silent(self, call_id: str) -> bool:
        """Tell whether the call waits to be settled."""
        found = select(silent_calls.c.call_id).where(silent_calls.c.call_id == call_id)
        return self._connection.scalar(found) is not None

    def silent_due(self, now: datetime, limit: int) -> Sequence[str]:
        """Return calls to be settled by now, longest due first."""
        return list(self._connection.scalars(_SILENT_DUE, {"now": now, "most": limit}))

    def end_silent(self, call_id: str) -> bool:
        """Delete, and return False when it was gone already."""
        done = self._connection.execute(delete(silent_calls).where(silent_calls.c.call_id == call_id))
        return done.rowcount == 1

    def alarm_once(self, name: str, at: datetime) -> bool:
        """Insert once, and return False when it stood already."""
        return insert_once(self._connection, alarms, {"name": name, "at": at})


_IN_ALL = select(func.count()).select_from(texts_let_go).where(texts_let_go.c.at >= bindparam("since"))
_COUNTS = select(
    COUNT_TO.scalar_subquery().label("to_number"),
    _IN_ALL.where(texts_let_go.c.prefix == bindparam("prefix")).scalar_subquery().label("to_prefix"),
    _IN_ALL.where(texts_let_go.c.region == bindparam("region")).scalar_subquery().label("to_region"),
    _IN_ALL.scalar_subquery().label("in_all"),
)
_SILENT_DUE = (
    select(silent_calls.c.call_id)
    .where(silent_calls.c.due_at <= bindparam("now"))
    .order_by(silent_calls.c.due_at)
    .limit(bindparam("most"))
)
_SENT = select(texts_let_go.c.sms_id).where(texts_let_go.c.sms_id == bindparam("sms_id"))
