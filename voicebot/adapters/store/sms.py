"""Texts to be sent, their receipts, opt-outs and texts received, as rows.

A text read to be changed is held until the transaction ends, so that two receipts arriving together cannot move a
final state back.

Knows: the tables sms, receipts, text_wishes, inbound_sms. Must not know: ranks, error classes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, literal, select, true, update

from voicebot.adapters.store import tables
from voicebot.adapters.store.rows import Heed, Rows, heed_nothing, hold, insert_once, is_one_of, whole_rows
from voicebot.adapters.store.tables.adjustment import adjustments
from voicebot.adapters.store.tables.texts import text_wishes
from voicebot.domain.sms import Sms, SmsState
from voicebot.domain.text_request import KeptTextRequest
from voicebot.service.ports.sms import TextStanding

_ANSWERED = (SmsState.DELIVERED, SmsState.UNDELIVERED, SmsState.FAILED)
_NOT_TAKEN_UP = (SmsState.WAITING, SmsState.SUPPRESSED)


Standings = dict[tuple[str, str], TextStanding]
"""By recipient and sender."""


class SmsRows:
    """Fulfils `service.ports.SmsOutbox`."""

    def __init__(
        self, connection: Connection, *, heed: Heed = heed_nothing, standings: Standings | None = None
    ) -> None:
        """`standings` is what this transaction has read of them, shared with who writes what they rest on."""
        self._connection = connection
        self._standings: Standings = {} if standings is None else standings
        self._sms = Rows(connection, tables.sms, Sms, heed=heed)

    def add(self, sms: Sms) -> bool:
        """Insert once, unique on `purpose`, and return False when that text exists already.

        A new text's state is as old as it.
        """
        return self._sms.add_once(replace(sms, state_at=sms.state_at or sms.created_at))

    def save(self, sms: Sms) -> None:
        """Update what changed."""
        self._standings.clear()
        self._sms.save(sms)

    def get(self, sms_id: str) -> Sms | None:
        """Return the text, held until the transaction ends, or None."""
        return self._sms.get(sms_id, is_locked=True)

    def by_sid(self, message_sid: str) -> Sms | None:
        """Return the text with the carrier's sid, held until the transaction ends, or None."""
        found = self._sms.select().where(tables.sms.c.message_sid == message_sid)
        return self._sms.first(found.with_for_update())

    def of_purpose(self, purpose: str) -> Sms | None:
        """Return the text of a purpose, or None."""
        return self._sms.only(_OF_PURPOSE, purpose=purpose)

    def claim(self, sms_id: str, now: datetime) -> Sms | None:
        """Move a due text from WAITING to SENDING, and return None when somebody else did or it is not due."""
        claimed = self._connection.execute(_CLAIM, {"wanted": sms_id, "now": now})
        return self._sms.get(sms_id) if claimed.rowcount == 1 else None

    def due(self, now: datetime, limit: int) -> Sequence[Sms]:
        """Return waiting texts whose time has come, the longest due first."""
        return self._sms.every(_DUE, now=now, most=limit)

    def stuck(self, states: Iterable[SmsState], before: datetime, limit: int) -> Sequence[Sms]:
        """Return texts whose state is one of these and has not changed since before the instant."""
        return self._sms.every(_stuck(frozenset(states)), before=before, most=limit)

    def of_ticket(self, ticket_id: str) -> Sequence[Sms]:
        """Return a ticket's texts, oldest first."""
        return self._sms.every(_OF_TICKET, ticket_id=ticket_id)

    def count_to(self, recipient: str, since: datetime, *, kind: str = "") -> int:
        """Count texts to a number, written at or after the instant, that were taken up, that is not waiting, not
        suppressed.
        """
        statement = COUNT_TO
        if kind:
            statement = statement.where(tables.sms.c.purpose.startswith(f"{kind}:", autoescape=True))
        return int(self._connection.scalar(statement, {"recipient": recipient, "since": since}) or 0)

    def add_receipt(self, message_sid: str, status: str, error_code: int | None, at: datetime) -> bool:
        """Keep the raw receipt, unique on (sid, status), and return False for a repeat.

        Until this unit ends, a rival that asks for `receipts` of the sid waits. Then it either sees this one, or the
        text whose sid it is about to store is found here by `by_sid`.
        """
        hold(self._connection, f"receipts:{message_sid}")
        receipt = {"message_sid": message_sid, "status": status, "error_code": error_code, "at": at}
        return insert_once(self._connection, tables.receipts, receipt)

    def receipts(self, message_sid: str) -> Sequence[tuple[str, int | None]]:
        """Return status and error code of every receipt kept for the sid, in the order they came.

        Ask after saving the sid, since a receipt that arrives meanwhile waits, then finds the text.
        """
        hold(self._connection, f"receipts:{message_sid}")
        rows = self._connection.execute(_RECEIPTS, {"message_sid": message_sid})
        return [(row.status, row.error_code) for row in rows]

    def receipt_times(self, message_sid: str) -> Sequence[tuple[datetime, str, int | None]]:
        """Return instant, status and error code of every receipt kept for the sid, in the order they came."""
        rows = self._connection.execute(_RECEIPTS, {"message_sid": message_sid})
        return [(row.at, row.status, row.error_code) for row in rows]

    def opted_out(self, recipient: str, sender: str) -> bool:
        """Tell whether the newest request of this recipient is to get no texts from this sender."""
        return bool(self._connection.scalar(_NEWEST_REQUEST, {"recipient": recipient, "sender": sender}))

    def standing_of(self, recipient: str, sender: str) -> TextStanding:
        """Return by one statement what this recipient wants of texts, and how our last one ended."""
        if (recipient, sender) not in self._standings:
            self._standings[recipient, sender] = self._read_standing(recipient, sender)
        return self._standings[recipient, sender]

    def _read_standing(self, recipient: str, sender: str) -> TextStanding:
        rows = self._connection.execute(_STANDING, {"recipient": recipient, "sender": sender}).all()
        return TextStanding(
            is_out=bool(rows[0].is_out),
            agreed=frozenset(row.kind for row in rows if row.kind is not None),
            last_error=None if rows[0].state == SmsState.DELIVERED else rows[0].error_code,
        )

    def add_text_request(self, request: KeptTextRequest) -> bool:
        """Insert once, unique on its sid, while the requests of one pair are written one after the other."""
        self._standings.clear()
        hold(self._connection, f"requests:{request.recipient}")
        row = {field.name: getattr(request, field.name) for field in fields(request)}
        return insert_once(self._connection, text_wishes, row)

    def knows_text_request(self, message_sids: Sequence[str]) -> bool:
        """Tell whether one of these texts was a request."""
        return self._connection.scalar(_REQUESTS_OF, {"sids": list(message_sids)}) is not None

    def knows_inbound(self, message_sid: str) -> bool:
        """Tell whether a text with this sid came."""
        sid = tables.inbound_sms.c.message_sid
        return self._connection.scalar(select(sid).where(sid == message_sid)) is not None

    def add_inbound(self, message_sid: str, at: datetime) -> bool:
        """Remember that a text came, unique on its sid, whatever becomes of it, and return False for a repeat."""
        return insert_once(self._connection, tables.inbound_sms, {"message_sid": message_sid, "at": at})


_LAST_SETTLED = (
    select(tables.sms.c.state, tables.sms.c.error_code)
    .where(tables.sms.c.recipient == bindparam("recipient"), is_one_of(tables.sms.c.state, _ANSWERED))
    .order_by(tables.sms.c.created_at.desc(), tables.sms.c.id)
    .limit(1)
    .subquery("last_settled")
)
COUNT_TO = select(func.count()).where(
    tables.sms.c.recipient == bindparam("recipient"),
    tables.sms.c.created_at >= bindparam("since"),
    tables.sms.c.state.not_in(_NOT_TAKEN_UP),
)
_NEWEST_REQUEST = (
    select(text_wishes.c.is_out)
    .where(text_wishes.c.recipient == bindparam("recipient"), text_wishes.c.sender == bindparam("sender"))
    .where(~text_wishes.c.is_overtaken)
    .order_by(text_wishes.c.row.desc())
    .limit(1)
)
_ALWAYS = select(literal(1).label("one")).subquery()
_STANDING = select(
    _NEWEST_REQUEST.scalar_subquery().label("is_out"),
    adjustments.c.kind,
    _LAST_SETTLED.c.state,
    _LAST_SETTLED.c.error_code,
).select_from(
    _ALWAYS.outerjoin(adjustments, adjustments.c.number == bindparam("recipient")).outerjoin(_LAST_SETTLED, true())
)
"""One row at least, since whoever opted out need have agreed on nothing, and got nothing from us."""
_REQUESTS_OF = (
    select(text_wishes.c.row).where(text_wishes.c.message_sid.in_(bindparam("sids", expanding=True))).limit(1)
)
_DUE = (
    whole_rows(tables.sms, Sms)
    .where(tables.sms.c.state == SmsState.WAITING, tables.sms.c.not_before <= bindparam("now"))
    .order_by(tables.sms.c.not_before, tables.sms.c.created_at)
    .limit(bindparam("most"))
)
_CLAIM = (
    update(tables.sms)
    .where(
        tables.sms.c.id == bindparam("wanted"),
        tables.sms.c.state == SmsState.WAITING,
        tables.sms.c.not_before <= bindparam("now"),
    )
    .values(state=SmsState.SENDING, state_at=bindparam("now"))
)
_OF_PURPOSE = whole_rows(tables.sms, Sms).where(tables.sms.c.purpose == bindparam("purpose"))
_OF_TICKET = (
    whole_rows(tables.sms, Sms)
    .where(tables.sms.c.ticket_id == bindparam("ticket_id"))
    .order_by(tables.sms.c.created_at, tables.sms.c.id)
)
_RECEIPTS = (
    select(tables.receipts.c.at, tables.receipts.c.status, tables.receipts.c.error_code)
    .where(tables.receipts.c.message_sid == bindparam("message_sid"))
    .order_by(tables.receipts.c.at, tables.receipts.c.status)
)


@cache
def _stuck(states: frozenset[SmsState]) -> Select[Any]:
    return (
        whole_rows(tables.sms, Sms)
        .where(is_one_of(tables.sms.c.state, states), tables.sms.c.state_at < bindparam("before"))
        .order_by(tables.sms.c.state_at)
        .limit(bindparam("most"))
    )
