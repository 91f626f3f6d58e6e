"""Whatever tells of a person goes with some class, in every table that the code knows."""

import json

import pytest
from sqlalchemy import Table

from voicebot.adapters.store import tables
from voicebot.adapters.store.erasure import (
    NOT_OF_A_CASE,
    blanks_of,
    classes_of,
    personal_columns,
    rows_of_case,
    tables_of_cases,
)
from voicebot.adapters.store.tables.case_field import case_fields
from voicebot.domain.retention import RetentionClass
from voicebot.domain.utterance import WORDS

EVERY_TABLE = tables.metadata.sorted_tables


def test_every_table_that_tells_of_a_person_belongs_to_a_case_or_says_why_it_stays() -> None:
    lost = [table.name for table in tables_of_cases() if rows_of_case(table, "ticket-1") is None]
    assert lost == [], "give the table a ticket_id or call_id, or name it in NOT_OF_A_CASE with the reason"
    assert set(NOT_OF_A_CASE) <= {table.name for table in EVERY_TABLE}


@pytest.mark.parametrize("table", tables_of_cases(), ids=lambda table: table.name)
def test_each_personal_column_goes_with_exactly_one_class(table: Table) -> None:
    erased = [name for kind in RetentionClass for name in blanks_of(table, kind)]
    if table is case_fields:  # by the row, as below
        erased.remove("value")
    assert sorted(erased) == sorted(column.name for column in personal_columns(table))


def test_column_that_nobody_assigned_goes_with_the_words() -> None:
    assert classes_of(tables.tickets.c.problem) == (RetentionClass.WORDS,)
    assert classes_of(tables.promises.c.kept_reason) == (RetentionClass.WORDS,)


@pytest.mark.parametrize("table", tables_of_cases(), ids=lambda table: table.name)
def test_what_is_left_fits_the_column(table: Table) -> None:
    for kind in RetentionClass:
        for name, blank in blanks_of(table, kind).items():
            assert blank is not None or table.c[name].nullable


def test_what_is_left_of_json_can_still_be_read() -> None:
    assert WORDS.validate_json(blanks_of(tables.answers, RetentionClass.WORDS)["words_json"] or "") == ()
    turn = blanks_of(tables.turns, RetentionClass.TRACES)
    assert [json.loads(turn[name] or "") for name in ("event", "session", "instructions")] == [{}, {}, []]


def test_no_pin_that_can_be_keyed_is_left() -> None:
    left = blanks_of(tables.tickets, RetentionClass.NUMBERS)["pin"]
    assert left is not None
    assert not any(character.isdigit() for character in left)
