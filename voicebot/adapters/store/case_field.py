"""What staff write down of a complainant, as rows.

Knows: the table case_fields, names in imported books. Must not know: who may write.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

from sqlalchemy import (
    BindParameter,
    Connection,
    Integer,
    and_,
    bindparam,
    cast,
    func,
    null,
    or_,
    select,
    union_all,
)

from voicebot.adapters.store.cover import foresee_codes, text_shown
from voicebot.adapters.store.rows import Heed, Rows, heed_nothing, whole_rows
from voicebot.adapters.store.tables.case_field import case_fields
from voicebot.adapters.store.tables.customer import customer_numbers, customers
from voicebot.adapters.store.tables.ticket import tickets
from voicebot.domain.case_field import FieldEntry, FieldName


class FieldRows:
    """Fulfils `service.ports.CaseFields`."""

    def __init__(
        self, connection: Connection, *, is_new_case: Callable[[str], bool], heed: Heed = heed_nothing
    ) -> None:
        self._connection = connection
        self._is_new_case = is_new_case
        self._entries = Rows(connection, case_fields, FieldEntry, heed=heed)

    def add(self, entry: FieldEntry) -> None:
        """Append, unique on (case, number)."""
        self._entries.add(entry)

    def of_ticket(self, ticket_id: str) -> Sequence[FieldEntry]:
        """Return a ticket's entries in the order in which they were kept."""
        return self._entries.of_case(_OF_TICKET, ticket_id, is_new=self._is_new_case(ticket_id))

    def marked_otherwise(
        self, restricted: Collection[str], opened: Collection[str], *, limit: int
    ) -> Sequence[FieldEntry]:
        """Return entries in restricted fields of kinds that are not marked so, and in opened ones that are."""
        return self._entries.every(_MARKED_OTHERWISE, restricted=sorted(restricted), opened=sorted(opened), most=limit)

    def save(self, entry: FieldEntry) -> None:
        """Keep whether only some may read it."""
        self._entries.save(entry)

    def names(self, ticket_ids: Collection[str]) -> Mapping[str, str]:
        """Return the name that stands in each of these cases, else the only one that the books have for its number."""
        ids, known, written = sorted(ticket_ids), dict[str, str](), dict[str, str]()
        for first in range(0, len(ids), _AT_ONCE):
            for ticket_id, name, number in self._connection.execute(
                _NAMES, {"ticket_ids": ids[first : first + _AT_ONCE]}
            ):
                (known if number is None else written)[ticket_id] = name
        known |= {ticket_id: name for ticket_id, name in written.items() if name}
        foresee_codes(self._connection, ((value, each) for each, value in known.items()))
        return {each: text_shown(self._connection, value, each) for each, value in known.items()}


_AT_ONCE = 500
"""Cases that one statement asks about, far below the parameters that either database takes."""
_ENTRY = case_fields.c
_OF_TICKET = (
    whole_rows(case_fields, FieldEntry).where(_ENTRY.ticket_id == bindparam("ticket_id")).order_by(_ENTRY.number)
)
_OF_THESE: BindParameter[Sequence[str]] = bindparam("ticket_ids", expanding=True)
_RESTRICTED: BindParameter[Sequence[str]] = bindparam("restricted", expanding=True)
_OPENED: BindParameter[Sequence[str]] = bindparam("opened", expanding=True)
_MARKED_OTHERWISE = (
    whole_rows(case_fields, FieldEntry)
    .where(
        _ENTRY.category != "",
        or_(
            and_(_ENTRY.field.in_(_RESTRICTED), ~_ENTRY.is_restricted),
            and_(_ENTRY.field.in_(_OPENED), _ENTRY.is_restricted),
        ),
    )
    .order_by(_ENTRY.id)
    .limit(bindparam("most"))
)
_NAMES = union_all(
    select(tickets.c.id, func.min(customers.c.name), cast(null(), Integer).label("number"))
    .join(customer_numbers, customer_numbers.c.number == tickets.c.complainant_number)
    .join(customers, customers.c.id == customer_numbers.c.customer_id)
    .where(tickets.c.id.in_(_OF_THESE), customers.c.name != "")
    .group_by(tickets.c.id)
    .having(func.min(customers.c.name) == func.max(customers.c.name)),
    select(_ENTRY.ticket_id, _ENTRY.value, _ENTRY.number).where(
        _ENTRY.ticket_id.in_(_OF_THESE), _ENTRY.field == FieldName.NAME
    ),
).order_by("number")
"""Names in the books have no number. Of those that were written down, the last one is read last."""
