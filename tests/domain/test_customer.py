"""A customer of the company's books: known again by the next import, and two lines about one are one or none."""

from tests.customers import a_customer
from voicebot.domain.case_field import FieldName
from voicebot.domain.customer import customer_id, differences, joined

HOME, MOBILE = "+12025550143", "+12025550177"


def test_a_customer_is_known_again_by_the_order_number_and_without_one_by_the_first_telephone() -> None:
    assert customer_id("AB-17", [MOBILE, HOME]) == "#AB-17"
    assert customer_id("", [MOBILE, HOME]) == HOME


def test_what_an_import_would_change_is_said_with_both_values() -> None:
    before, after = a_customer(), a_customer(name="Maria Ruiz", address="", numbers=(HOME, MOBILE))
    assert differences(before, before) == ()
    assert differences(before, after) == (
        "name Mary Ruiz -> Maria Ruiz",
        "address 12 Quay Street -> nothing",
        f"telephone {HOME} -> {HOME}, {MOBILE}",
    )


def test_lines_about_one_customer_add_up_to_all_numbers_unless_they_contradict_each_other() -> None:
    both = joined(a_customer(numbers=(MOBILE,)), a_customer(numbers=(HOME,)))
    assert both is not None
    assert both.numbers == (HOME, MOBILE)
    assert joined(a_customer(), a_customer(name="Maria")) is None


def test_a_value_is_said_as_people_read_it() -> None:
    customer = a_customer(contract_date="2025-11-05")
    assert (customer.value(FieldName.CONTRACT_DATE), customer.said(FieldName.CONTRACT_DATE)) == (
        "2025-11-05",
        "5 Nov 2025",
    )
