"""What may be asked where, and what an answer can say."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from tests.builders import MONDAY_TEN
from tests.customers import a_customer
from voicebot.domain.customer_lookup import FRESH_FOR, MOST_TRIES, Lookup, LookupAnswer, is_looked_up, may_ask
from voicebot.errors import Unavailable

NUMBER = "+12025550143"


@pytest.mark.requirement("S0-15")
def test_an_answer_is_a_customer_at_that_number_and_an_empty_one_is_nobody() -> None:
    told = '{"name": " Mary Ruiz ", "order_number": "AB-17", "contract_date": "2024-03-01", "more": [1]}'
    found = LookupAnswer.model_validate_json(told).customer(NUMBER)
    assert found == a_customer(id=f"@{NUMBER}", address="")
    assert is_looked_up(found)
    assert not is_looked_up(a_customer())
    for nothing in ("{}", '{"name": "\\u0000"}'):
        assert LookupAnswer.model_validate_json(nothing).customer(NUMBER) is None
    odd = LookupAnswer.model_validate_json('{"name": "Mary\\u0000 Ruiz", "note": "\\u0000x"}').customer(NUMBER)
    assert odd == a_customer(id=f"@{NUMBER}", order_number="", contract_date="", address="", note="x")


@pytest.mark.requirement("S0-15")
@pytest.mark.parametrize("named", [NUMBER, "(202) 555-0143", "0012025550143"])
def test_an_answer_may_name_the_number_that_was_asked_about_and_no_other(named: str) -> None:
    asked = LookupAnswer(number=named, name="Mary Ruiz")
    assert asked.customer(NUMBER) is not None
    for other in ("+12025550144", "+442025550143", "17", "Mary"):
        with pytest.raises(Unavailable, match="another number"):
            asked.model_copy(update={"number": other}).customer(NUMBER)


@pytest.mark.parametrize(
    "answer",
    ["", "[]", '"x"', '{"name": 5}', '{"contract_date": "soon"}', '{"name": "' + "x" * 121 + '"}', '{"note": null}'],
)
def test_an_answer_of_another_form_is_none(answer: str) -> None:
    with pytest.raises(ValidationError):
        LookupAnswer.model_validate_json(answer)


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("https://crm.example/lookup?by=voicebot", True),
        ("http://127.0.0.1:8090/lookup", True),
        ("http://[::1]:8090/", True),
        ("http://localhost/x", True),
        ("http://crm.example/lookup", False),
        ("https://user:password@crm.example/", False),
        ("https://crm.example/#part", False),
        ("ftp://127.0.0.1/", False),
        ("https://", False),
        ("http://[::1", False),
        ("lookup", False),
    ],
)
def test_a_number_goes_under_tls_or_stays_on_this_machine(address: str, may: bool) -> None:
    assert may_ask(address) is may


@pytest.mark.requirement("S0-15")
def test_what_fails_is_asked_again_after_longer_and_longer_pauses_and_only_so_often() -> None:
    lookup, now, pauses = Lookup(ticket_id="ticket-1"), MONDAY_TEN, list[float]()
    for _ in range(MOST_TRIES - 1):
        lookup = lookup.failed(now)
        assert lookup.due_at is not None
        pauses.append((lookup.due_at - now).total_seconds() / 60)
        now = lookup.due_at
    assert pauses == [2, 4, 8, 16, 32]
    last = lookup.failed(now)
    assert (last.due_at, last.failures, last.asked_at) == (None, MOST_TRIES, now)
    again = last.wanted(now)
    assert (again.due_at, again.failures) == (now, 0), "whoever wants it anew has as many tries"
    assert again.answered(now) == Lookup(ticket_id="ticket-1", asked_at=now)


def test_what_is_known_is_old_after_a_day_and_never_while_somebody_waits_for_it() -> None:
    asked = Lookup(ticket_id="ticket-1").answered(MONDAY_TEN)
    assert Lookup(ticket_id="ticket-1").is_old(MONDAY_TEN)
    assert not asked.is_old(MONDAY_TEN + FRESH_FOR - timedelta(seconds=1))
    assert asked.is_old(MONDAY_TEN + FRESH_FOR)
    assert not asked.wanted(MONDAY_TEN).is_old(MONDAY_TEN + FRESH_FOR)
