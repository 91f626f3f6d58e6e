"""Numbers of payment cards overwritten for good in every row of a case, where the policy says so.

The columns are those that `cover` masks for who only looks. What stands there afterwards is the mark, and a word that
is gone keeps its time, so that the words still fit the voice.
Knows: tables, which cases hold such a number. Must not know: voices, when it is done.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, Table, select, update

from voicebot.adapters.store.cover import Cover, covered_columns
from voicebot.adapters.store.erasure import rows_of_case, tables_of_cases
from voicebot.adapters.store.tables.case_words import case_words
from voicebot.domain.private.spans import OF_CARDS


def with_cards(connection: Connection, limit: int) -> Sequence[str]:
    """Return ids of tickets in which a card's number stands."""
    found = select(case_words.c.ticket_id).where(case_words.c.has_card).order_by(case_words.c.row).limit(limit)
    return list(connection.scalars(found))


def destroy_cards(connection: Connection, ticket_id: str) -> int:
    """Overwrite the numbers in all rows of a case, and return how many rows had one."""
    cover = Cover(connection, kinds=OF_CARDS, blots_codes=False)
    return sum(_destroy_in(connection, table, ticket_id, cover) for table in tables_of_cases())


def _destroy_in(connection: Connection, table: Table, ticket_id: str, cover: Cover) -> int:
    condition = rows_of_case(table, ticket_id)
    names = sorted(covered_columns(table))
    if condition is None or not names:
        return 0
    keys = [column.name for column in table.primary_key.columns]
    # A number may go on in the next answer of the same call (cover.py).
    places = [name for name in ("call_id", "turn_number") if name in table.columns and name not in keys]
    found = select(*(table.c[name] for name in (*keys, *places, *names))).where(condition)
    changed = 0
    for row in [dict(each) for each in connection.execute(found).mappings()]:
        shown = cover.row(table, row)
        if shown != row:
            is_it = (table.c[key] == row[key] for key in keys)
            connection.execute(update(table).where(*is_it).values(**{name: shown[name] for name in names}))
            changed += 1
    return changed
