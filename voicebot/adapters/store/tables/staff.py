"""The table of those who may log in. The columns that only Flask-Security reads stand here too.

Knows: names, types, constraints. Must not know: who reads or writes.
"""

from sqlalchemy import Boolean, Column, Integer, String, Table

from voicebot.adapters.store.columns import StateName, UtcInstant
from voicebot.adapters.store.tables.shared import PERSONAL, metadata
from voicebot.domain.staff import MOST_EMAIL_LENGTH, MOST_NAME_LENGTH, Role

staff_account = Table(
    "staff_account",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("email", String(MOST_EMAIL_LENGTH), nullable=False, unique=True, info=PERSONAL),
    Column("name", String(MOST_NAME_LENGTH), nullable=False, info=PERSONAL),
    Column("role", StateName(Role), nullable=False),
    Column("staff_id", String(64), nullable=False, unique=True),
    Column("is_active", Boolean, nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("session_key", String(64), nullable=False, unique=True),
    Column("added_at", UtcInstant, nullable=False),
    Column("last_login_at", UtcInstant),
    Column("last_login_from", String(64), info=PERSONAL),
    Column("login_before_at", UtcInstant),
    Column("login_before_from", String(64), info=PERSONAL),
    Column("login_count", Integer),
    Column("second_factor_at", UtcInstant),
)
"""`last_login_*` tell of the newest login, `login_before_*` of the one before it, which a person is shown.
`second_factor_at` stands here too, because each request asks for it.
"""
