"""What is known of the complainant of a case: written down by staff, and in the books of the company.

Each case keeps its own entries, since what was joined wrongly is taken out again as it was. The books are asked by the
numbers of the case, and what stands there never takes the place of what somebody wrote down.
Knows: entries of fields, imported customers. Must not know: tables, pages.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from voicebot.domain import case_field
from voicebot.domain.adjustment import Adjustment
from voicebot.domain.call import Call
from voicebot.domain.case_field import FieldEntry, FieldName, all_standing
from voicebot.domain.customer_lookup import Lookup
from voicebot.domain.ticket import Ticket
from voicebot.service.hotline import Context
from voicebot.service.lookup import ticket_of
from voicebot.service.ports import ImportedCustomer, UnitOfWork
from voicebot.service.staff.field_access import FieldAccess


@dataclass(frozen=True, kw_only=True, slots=True)
class JoinedFields:
    """What is written in a case that was joined into another one, and stands otherwise there, as far as the reader may
    read it.
    """

    case_number: str
    category: str
    """Id of its kind. Empty where that is the kind of the case that goes on, or nobody said one."""
    fields: Mapping[str, FieldEntry]


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerView:
    """Who complains, as far as anybody knows."""

    entries: tuple[FieldEntry, ...] = ()
    """Every value, in the order in which they were kept."""
    joined: tuple["JoinedFields", ...] = ()
    """Cases that were joined into this one, in which something else is written."""
    imported: tuple[ImportedCustomer, ...] = ()
    """Customers in the company's books to whom the numbers of the case lead."""
    adjustments: tuple[Adjustment, ...] = ()
    """What was agreed with whoever has these numbers."""
    lookup: Lookup | None = None
    """How far the look-up in the company's own system is. None where the settings name none."""

    @property
    def standing(self) -> Mapping[str, FieldEntry]:
        """The value of each field that stands."""
        return case_field.standing(self.entries)

    @property
    def name(self) -> str:
        """What the complainant is called, empty when nobody wrote it down."""
        entry = self.standing.get(FieldName.NAME)
        return "" if entry is None else entry.value

    @property
    def imported_name(self) -> str:
        """What the books call whoever has the number, empty when they name nobody, or several."""
        names = {each.customer.name for each in self.imported} - {""}
        return names.pop() if len(names) == 1 else ""


def numbers_of(ticket: Ticket, calls: Sequence[Call]) -> frozenset[str]:
    """Return the numbers of who has a case, which are the one to call and those that they rang from."""
    numbers = {ticket.complainant_number, *(call.caller_number for call in calls)}
    return frozenset(number for number in numbers if number)


def customer_of(
    context: Context,
    ticket: Ticket,
    *,
    fields: Iterable[FieldEntry],
    access: FieldAccess,
    calls: Sequence[Call] = (),
    merged: Sequence[str] = (),
) -> CustomerView:
    """Return what is written in a case, whose entries these are, and in those that were joined into it, and what the
    books say of its numbers.
    """
    work, numbers = context.work, numbers_of(ticket, calls)
    is_asked = context.hotline.customer_source is not None
    entries = tuple(fields)
    joined = [_differing(work, ticket_of(work, each), ticket, all_standing(entries), access) for each in merged]
    return CustomerView(
        entries=tuple(each for each in entries if not each.category),
        joined=tuple(each for each in joined if each.category or each.fields),
        imported=tuple(work.customers.of_numbers(numbers)),
        adjustments=tuple(work.adjustments.of_numbers(numbers)),
        lookup=work.customers.lookup_of(ticket.id) if is_asked else None,
    )


def _differing(
    work: UnitOfWork, joined: Ticket, into: Ticket, stands: Mapping[str, FieldEntry], access: FieldAccess
) -> JoinedFields:
    written = all_standing(work.fields.of_ticket(joined.id))
    here = {field: entry.value for field, entry in stands.items()}
    return JoinedFields(
        case_number=joined.case_number,
        category="" if joined.category == into.category else joined.category,
        fields={
            field: entry
            for field, entry in written.items()
            if here.get(field) != entry.value and access.may_read(entry)
        },
    )
