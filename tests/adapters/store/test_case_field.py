"""Customer fields as rows, on both databases: kept in order, found at once, gone with what says whose the case is."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from tests.adapters.store.test_case_words import found
from tests.builders import MONDAY_TEN, a_ticket
from tests.case_fields import a_field_entry
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.domain.case_field import FieldName
from voicebot.domain.retention import RetentionClass

Works = Callable[[], SqlUnitOfWork]
MARY = a_field_entry(value="Mary Ruiz")
ORDER = a_field_entry(id="field-2", number=2, field=FieldName.ORDER_NUMBER, value="AB-12345/7")
OF_A_KIND = a_field_entry(id="field-5", number=5, field="product", value="microwave", category="warranty")
MARIA = a_field_entry(id="field-3", number=3, value="Maria Ruiz")


@pytest.mark.requirement("S0-15")
@pytest.mark.requirement("S1-01")
def test_fields_are_kept_corrected_found_and_erased(unit_of_work: Works) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.tickets.add(a_ticket(id="ticket-2", case_number="482913764"))
        for entry in (ORDER, MARY):
            work.fields.add(entry)
        assert list(work.fields.of_ticket("ticket-1")) == [MARY, ORDER]
        work.commit()
    assert found(unit_of_work, "mary ab-12345/7") == found(unit_of_work, "12345") == ["ticket-1"]
    with unit_of_work() as work:
        work.fields.add(MARIA)
        work.commit()
    assert (found(unit_of_work, "mary"), found(unit_of_work, "maria ruiz")) == ([], ["ticket-1"])
    with unit_of_work() as work:
        assert list(work.fields.of_ticket("ticket-1")) == [MARY, ORDER, MARIA]
        assert work.fields.names(["ticket-1", "ticket-2"]) == {"ticket-1": "Maria Ruiz"}
        assert work.fields.names([]) == {}
        work.retention.erase("ticket-1", RetentionClass.NUMBERS, MONDAY_TEN)
        assert [entry.value for entry in work.fields.of_ticket("ticket-1")] == ["", "", ""]
        assert work.fields.names(["ticket-1"]) == {}
        work.commit()
    assert found(unit_of_work, "maria") == found(unit_of_work, "12345") == []
    with unit_of_work() as work, pytest.raises(IntegrityError):
        work.fields.add(replace(MARIA, id="field-4"))


def test_what_belongs_to_a_kind_of_complaint_goes_with_the_words_and_what_few_may_read_is_not_found(
    unit_of_work: Works,
) -> None:
    secret = replace(OF_A_KIND, id="field-6", number=6, field="staff_name", value="Drake", is_restricted=True)
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        for entry in (MARY, OF_A_KIND, secret):
            work.fields.add(entry)
        work.commit()
    assert [found(unit_of_work, word) for word in ("mary", "microwave", "drake")] == [["ticket-1"], ["ticket-1"], []]
    with unit_of_work() as work:
        assert work.retention.count("ticket-1", RetentionClass.NUMBERS) == 2, "the ticket's own, and a name"
        work.retention.erase("ticket-1", RetentionClass.NUMBERS, MONDAY_TEN)
        assert [entry.value for entry in work.fields.of_ticket("ticket-1")] == ["", "microwave", "Drake"]
        work.retention.erase("ticket-1", RetentionClass.WORDS, MONDAY_TEN)
        assert [entry.value for entry in work.fields.of_ticket("ticket-1")] == ["", "", ""]
        assert [entry.field for entry in work.fields.of_ticket("ticket-1")] == ["name", "product", "staff_name"]
        work.commit()
    assert found(unit_of_work, "microwave") == []
