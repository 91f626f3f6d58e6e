"""Which column belongs to which class of what is kept, and what is left in its place. That is derived from the marks.

Every column marked personal, of every table whose rows belong to a case, is erased with its class, while a column that
nobody assigned goes with the words, so a new one is never forgotten. Rows stay, blanked, so that counts stay true.
Tables whose personal columns belong to no case are named in `NOT_OF_A_CASE` with the reason they stay.

Knows: the tables. Must not know: spans, when erasing is due.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, or_, select, true

from voicebot.adapters.store import tables
from voicebot.adapters.store.tables.case_field import case_fields
from voicebot.domain.retention import RetentionClass

NOT_OF_A_CASE: Mapping[str, str] = MappingProxyType(
    {
        "text_wishes": "a request not to be texted holds until the person takes it back",
        "call_refusals": "a number that wants no calls is left alone until it rings us itself",
        "adjustments": "they hold until consent is withdrawn, a case is erased at request, or no case has the number",
        "customers": "they go when no import has named them for as long as numbers are kept, or with a case erased",
        "customer_numbers": "they go with their customers",
        "contact": "a call or text is counted for one day, and its row is gone after two",
        "refused_contact": "staff may look for a week whom we turned away, then the row is gone",
        "calendar_feeds": "where somebody of the staff keeps their calendar is no matter of a case",
        "rota_changes": "why somebody of the staff was away is written by staff, about staff",
        "case_words": "they are made anew of what is left whenever something of the case is erased",
        "staff_identities": "who somebody of the staff is at the company's sign-in goes with their link",
        "staff_account": "whoever works here stays until the account is removed",
    }
)
"""Tables with personal columns that retention leaves alone, and why."""

_BY_NAME = {
    "audio_key": RetentionClass.AUDIO,
    "spool_name": RetentionClass.AUDIO,
    "file_key": RetentionClass.AUDIO,
    "media_sid": RetentionClass.AUDIO,
    "recording_sid": RetentionClass.AUDIO,
    "pin": RetentionClass.NUMBERS,
    "complainant_number": RetentionClass.NUMBERS,
    "caller_number": RetentionClass.NUMBERS,
    "written_from": RetentionClass.NUMBERS,
    "recipient": RetentionClass.NUMBERS,
    "body": RetentionClass.TEXTS,
}
_BY_TABLE = {"turns": RetentionClass.TRACES}
_BY_ROW: Mapping[RetentionClass, ColumnElement[bool]] = MappingProxyType(
    {RetentionClass.NUMBERS: case_fields.c.category == "", RetentionClass.WORDS: case_fields.c.category != ""}
)
"""Of what staff wrote down: who complains goes with the numbers, and what happened goes with the words."""

_BLANKS: Mapping[str, str] = MappingProxyType(
    {"words_json": "[]", "second_words_json": "[]", "instructions": "[]", "event": "{}", "session": "{}", "pin": "----"}
)
"""What is left where an empty text could not be read any more, but no PIN that can be keyed."""


def personal_columns(table: Table) -> tuple[Column[Any], ...]:
    """Return the columns of a table that tell of a person."""
    return tuple(column for column in table.columns if column.info.get("personal"))


def classes_of(column: Column[Any]) -> Collection[RetentionClass]:
    """Return with which class a personal column goes, or with which ones where that depends on the row."""
    if column.table is case_fields:
        return _BY_ROW.keys()
    return (_BY_TABLE.get(column.table.name) or _BY_NAME.get(column.name, RetentionClass.WORDS),)


def rows_of_class(table: Table, kind: RetentionClass) -> ColumnElement[bool]:
    """Return the condition under which what is personal in a row goes with the class."""
    return _BY_ROW[kind] if table is case_fields else true()


def rows_of_case(table: Table, ticket_id: str) -> ColumnElement[bool] | None:
    """Return the condition under which a row belongs to a case, or None for a table without a way to one."""
    if table is tables.tickets:
        return table.c.id == ticket_id
    if "ticket_id" in table.columns:
        return table.c.ticket_id == ticket_id
    if "call_id" in table.columns:
        return table.c.call_id.in_(select(tables.calls.c.id).where(tables.calls.c.ticket_id == ticket_id))
    return None


def blanks_of(table: Table, kind: RetentionClass) -> dict[str, str | None]:
    """Return what each column of a class becomes."""
    return {
        column.name: _BLANKS.get(column.name, None if column.nullable else "")
        for column in personal_columns(table)
        if kind in classes_of(column)
    }


def is_not_blank(table: Table, blanks: Mapping[str, str | None]) -> ColumnElement[bool]:
    """Return the condition under which a row still has something of these columns."""
    return or_(*(table.c[name].is_distinct_from(blank) for name, blank in blanks.items()))


def tables_of_cases() -> tuple[Table, ...]:
    """Return every table with personal columns whose rows belong to a case."""
    if not (tables.erasures.metadata is tables.pictures.metadata is tables.metadata):
        raise AssertionError("the tables are of two descriptions")
    return tuple(
        table for table in tables.metadata.sorted_tables if personal_columns(table) and table.name not in NOT_OF_A_CASE
    )
