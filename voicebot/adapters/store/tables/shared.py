"""What every table uses. It is the one `metadata`, the mark of personal columns, and columns that all of them have.

Knows: naming of constraints. Must not know: any table.
"""

from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    MetaData,
    String,
)

from voicebot.adapters.store.columns import UtcInstant

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)

PERSONAL = {"personal": True}


def id_column(name: str = "id", *, is_key: bool = True) -> Column[str]:
    return Column(name, String(64), primary_key=is_key, nullable=False)


def link_column(target: str, name: str, *, is_optional: bool = False) -> Column[str]:
    link = ForeignKey(f"{target}.id", deferrable=True, initially="DEFERRED")
    return Column(name, String(64), link, nullable=is_optional)


def instant_column(name: str, *, is_optional: bool = False) -> Column[Any]:
    return Column(name, UtcInstant, nullable=is_optional)
