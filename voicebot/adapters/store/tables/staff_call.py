"""Tables of calls to staff about a case, and of numbers that want no calls.

Knows: names, types, constraints. Must not know: who reads or writes.
"""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from voicebot.adapters.store.columns import StateName
from voicebot.adapters.store.tables.shared import PERSONAL, id_column, instant_column, link_column, metadata
from voicebot.domain.staff_call import StaffCallKind, StaffCallState, TalkRecording

staff_calls = Table(
    "staff_calls",
    metadata,
    id_column(),
    Column("purpose", String(200), nullable=False, unique=True),
    Column("kind", StateName(StaffCallKind), nullable=False),
    link_column("tickets", "ticket_id"),
    Column("promise_id", String(64)),
    Column("member_id", String(64), nullable=False),
    Column("ordered_by", String(64), nullable=False),
    instant_column("ordered_at"),
    Column("state", StateName(StaffCallState), nullable=False),
    instant_column("state_at"),
    instant_column("not_before"),
    Column("tries", Integer, nullable=False),
    instant_column("dialled_at", is_optional=True),
    Column("carrier_call_id", String(64), unique=True),
    Column("dial_status", String(40), nullable=False),
    Column("was_bridged", Boolean, nullable=False),
    Column("agreed", Boolean, nullable=False),
    Column("refused", Boolean, nullable=False),
    Column("answered_by", String(40), nullable=False),
    instant_column("answered_at", is_optional=True),
    Column("waited_s", Integer, nullable=False),
    Column("talk_s", Integer, nullable=False),
    Column("keyed", String(4), nullable=False),
    Column("result", Text, nullable=False),
    instant_column("ended_at", is_optional=True),
    Column("recording", StateName(TalkRecording), nullable=False, server_default=TalkRecording.NONE),
)
_IS_TO_RECORD = staff_calls.c.recording == TalkRecording.WANTED
Index("ix_staff_calls_record", staff_calls.c.id, sqlite_where=_IS_TO_RECORD, postgresql_where=_IS_TO_RECORD)
Index("ix_staff_calls_ticket", staff_calls.c.ticket_id)
Index("ix_staff_calls_due", staff_calls.c.state, staff_calls.c.not_before)
Index("ix_staff_calls_member", staff_calls.c.member_id, staff_calls.c.dialled_at)
Index("ix_staff_calls_dialled_at", staff_calls.c.dialled_at)
_IS_LIVE_CALLBACK = (staff_calls.c.kind == StaffCallKind.CALLBACK) & staff_calls.c.ended_at.is_(None)
Index(
    "uq_staff_calls_one_callback",
    staff_calls.c.ticket_id,
    unique=True,
    sqlite_where=_IS_LIVE_CALLBACK,
    postgresql_where=_IS_LIVE_CALLBACK,
)

call_refusals = Table(
    "call_refusals",
    metadata,
    Column("number", String(20), primary_key=True, info=PERSONAL),
    instant_column("at"),
)
