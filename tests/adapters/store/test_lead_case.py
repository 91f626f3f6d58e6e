"""Lead cases as rows, on both databases: a case follows one, and each recipient of an update is taken once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MONDAY_TEN, a_ticket
from tests.case_fields import a_field_entry
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.domain.lead_case import Following, LeadUpdate, UpdateRecipient
from voicebot.domain.retention import RetentionClass

Works = Callable[[], SqlUnitOfWork]
LATER = MONDAY_TEN + timedelta(minutes=1)
FOLLOWING = Following(ticket_id="ticket-2", lead_id="ticket-1", by="olive", at=MONDAY_TEN)
UPDATE = LeadUpdate(id="update-1", ticket_id="ticket-1", words="Branch G is open.", by="olive", at=MONDAY_TEN)
FIRST = UpdateRecipient(update_id="update-1", ticket_id="ticket-1", not_before=MONDAY_TEN)
SECOND = UpdateRecipient(update_id="update-1", ticket_id="ticket-2", not_before=LATER)


@pytest.fixture
def works(unit_of_work: Works) -> Works:
    """Three cases are there."""
    with unit_of_work() as work:
        for number, case in enumerate(("177763172", "482913764", "503023412"), start=1):
            work.tickets.add(a_ticket(id=f"ticket-{number}", case_number=case))
        work.commit()
    return unit_of_work


@pytest.mark.requirement("D-06")
def test_a_case_follows_one_lead_until_it_follows_no_more(works: Works) -> None:
    third = replace(FOLLOWING, ticket_id="ticket-3", at=LATER)
    with works() as work:
        assert work.lead_cases.follow(third)
        assert work.lead_cases.follow(FOLLOWING)
        assert not work.lead_cases.follow(replace(FOLLOWING, lead_id="ticket-3"))
        assert list(work.lead_cases.followers_of("ticket-1")) == [FOLLOWING, third]
        assert (work.lead_cases.lead_of("ticket-2"), work.lead_cases.lead_of("ticket-1")) == ("ticket-1", None)
        assert work.lead_cases.unfollow("ticket-2")
        assert not work.lead_cases.unfollow("ticket-2")


@pytest.mark.requirement("D-06")
def test_an_update_waits_for_each_recipient_and_its_words_are_erased_with_the_lead_case(works: Works) -> None:
    with works() as work:
        work.lead_cases.add_update(UPDATE, [SECOND, FIRST])
        work.lead_cases.add_update(replace(UPDATE, id="update-2", at=LATER), [])
        assert [each.ticket_id for each in work.lead_cases.due(MONDAY_TEN, 5)] == ["ticket-1"]
        assert list(work.lead_cases.due(LATER, 5)) == [FIRST, SECOND]
        assert work.lead_cases.take(FIRST, LATER)
        assert list(work.lead_cases.due(LATER, 5)) == [SECOND]
        counted = [(each.id, told, of) for each, told, of in work.lead_cases.updates_of("ticket-1")]
        assert counted == [("update-2", 0, 0), ("update-1", 1, 2)]
        assert work.lead_cases.update("update-1") == UPDATE
        work.commit()
    with works() as work:
        work.retention.erase("ticket-1", RetentionClass.WORDS, LATER)
        work.commit()
    with works() as work:
        assert work.lead_cases.update("update-1").words == ""


@pytest.mark.requirement("D-06")
def test_of_many_who_take_a_recipient_at_once_one_has_it(works: Works, at_once: Callable[..., list[Any]]) -> None:
    with works() as work:
        work.lead_cases.add_update(UPDATE, [FIRST])
        work.commit()

    def take(_number: int) -> bool:
        with works() as work:
            taken = work.lead_cases.take(FIRST, LATER)
            work.commit()
            return taken

    assert sorted(at_once(take, 4)) == [False, False, False, True]


@pytest.mark.requirement("D-06")
def test_cases_of_a_kind_are_counted_with_what_stands_in_a_field_now(works: Works) -> None:
    with works() as work:
        for number, (opened_at, category) in enumerate(((MONDAY_TEN, "a"), (LATER, "a"), (LATER, "b")), start=1):
            found = work.tickets.get(f"ticket-{number}")
            assert found is not None
            work.tickets.save(replace(found, opened_at=opened_at, category=category))
        entry = a_field_entry(field="branch", value="Branch H", category="a")
        work.fields.add(entry)
        work.fields.add(replace(entry, id="field-2", number=2, value="Branch G"))
        work.fields.add(replace(entry, id="field-3", ticket_id="ticket-3", category="b"))
        assert (work.lead_cases.count_of_kind("a", MONDAY_TEN), work.lead_cases.count_of_kind("a", LATER)) == (2, 1)
        assert list(work.lead_cases.values_of("a", "branch", MONDAY_TEN)) == ["Branch G"]
        assert list(work.lead_cases.values_of("a", "branch", LATER)) == []
