"""Each column of each table says whether it tells of a person, so that none is forgotten when a person is erased."""

from pathlib import Path

from voicebot.adapters.store.erasure import NOT_OF_A_CASE, personal_columns, tables_of_cases
from voicebot.adapters.store.person import OF_A_NUMBER
from voicebot.adapters.store.tables import metadata

LIST = Path(__file__).with_name("not_personal.txt")
DECLARED = set(LIST.read_text().split())
WITH_ANOTHER = {"customers": "with the number that leads there", "case_words": "made anew of what is left"}
OF_STAFF = {"calendar_feeds", "rota_changes", "staff_account", "staff_identities"}


def columns(*, is_personal: bool) -> set[str]:
    return {
        str(column)
        for table in metadata.sorted_tables
        for column in table.columns
        if (column in set(personal_columns(table))) is is_personal
    }


def test_each_column_is_marked_personal_or_declared_not_to_be() -> None:
    assert sorted(columns(is_personal=False) - DECLARED) == [], (
        "mark the column info=PERSONAL, or write it into tests/house/not_personal.txt if it tells of nobody"
    )


def test_what_is_declared_exists_and_is_not_marked() -> None:
    assert sorted(DECLARED - columns(is_personal=False)) == []
    assert LIST.read_text().split() == sorted(DECLARED)


def test_each_table_with_a_personal_column_is_erased_with_a_case_or_a_number_or_is_of_staff() -> None:
    marked = {table.name for table in metadata.sorted_tables if personal_columns(table)}
    erased = {table.name for table in tables_of_cases()} | set(OF_A_NUMBER) | set(WITH_ANOTHER)
    assert marked - erased == OF_STAFF & marked
    assert set(OF_A_NUMBER) <= {table.name for table in metadata.sorted_tables if table.name in NOT_OF_A_CASE}
