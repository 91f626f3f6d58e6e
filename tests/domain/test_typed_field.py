"""What may be written into a field: each kind has one form, and refuses the rest with an example."""

from dataclasses import replace

import pytest

from voicebot.domain.typed_field import FieldKind, TypedField, unknown_field
from voicebot.errors import Refused


def a_field(kind: FieldKind, *, longest: int = 20) -> TypedField:
    choices = {"money": "Money", "voucher": "Voucher by mail"} if kind is FieldKind.CHOICE else {}
    return TypedField(id="it", names={"en": "fee"}, kind=kind, longest=longest, choices=choices)


@pytest.mark.parametrize(
    ("kind", "typed", "kept", "shown"),
    [
        (FieldKind.TEXT, " ticket  by\x00 mail ", "ticket by mail", "ticket by mail"),
        (FieldKind.AMOUNT, "200", "200", "200"),
        (FieldKind.AMOUNT, "$ 199.5", "199.50", "199.50"),
        (FieldKind.AMOUNT, "0025,00 €", "25", "25"),
        (FieldKind.AMOUNT, "USD 25", "25", "25"),
        (FieldKind.AMOUNT, "0", "0", "0"),
        (FieldKind.DAYS, "10", "10", "10 days"),
        (FieldKind.DAYS, "1 Day", "1", "1 day"),
        (FieldKind.MINUTES, "040 minutes", "40", "40 minutes"),
        (FieldKind.PERCENTAGE, "18 %", "18", "18 %"),
        (FieldKind.PERCENTAGE, "12,5", "12.50", "12.50 %"),
        (FieldKind.DATE, "2025-11-05", "2025-11-05", "5 Nov 2025"),
        (FieldKind.YES_NO, "Y", "yes", "yes"),
        (FieldKind.YES_NO, "NO", "no", "no"),
        (FieldKind.CHOICE, "voucher by MAIL", "voucher", "Voucher by mail"),
        (FieldKind.CHOICE, "money", "money", "Money"),
    ],
)
def test_a_value_is_kept_in_one_form_and_shown_as_people_read_it(
    kind: FieldKind, typed: str, kept: str, shown: str
) -> None:
    field = a_field(kind)
    assert field.read(typed) == kept
    assert field.read(kept) == kept, "what is kept can be sent back by a form"
    assert field.shown(kept) == shown


@pytest.mark.parametrize("kind", list(FieldKind))
def test_empty_text_stays_empty_whatever_the_kind(kind: FieldKind) -> None:
    assert a_field(kind).read(" \x00 ") == ""
    assert a_field(kind).shown("") == ""


@pytest.mark.parametrize(
    ("kind", "typed", "code", "cure"),
    [
        (FieldKind.TEXT, "x" * 21, "field-long", "20 is the most: shorten it"),
        *((FieldKind.AMOUNT, typed, "field-kind", "200 or 199.50") for typed in ("1,200", "1.234,50", "-5", "a lot")),
        *((FieldKind.DAYS, typed, "field-kind", "a whole number of days") for typed in ("ten", "1.5", "-1", "1" * 6)),
        (FieldKind.MINUTES, "half an hour", "field-kind", "a whole number of minutes"),
        *((FieldKind.PERCENTAGE, typed, "field-kind", "18 or 12.5") for typed in ("18 pct", "%", "1e9", "٣")),
        *((FieldKind.DATE, typed, "field-date", "such as 2025-11-30") for typed in ("30.11.2025", "1899-12-31")),
        (FieldKind.YES_NO, "maybe", "field-kind", "write yes or no"),
        (FieldKind.CHOICE, "gold", "field-kind", "one of Money, Voucher by mail"),
    ],
)
def test_what_is_not_of_the_kind_is_refused_with_an_example(kind: FieldKind, typed: str, code: str, cure: str) -> None:
    with pytest.raises(Refused, match="the fee") as problem:
        a_field(kind).read(typed)
    assert problem.value.code == code
    assert cure in str(problem.value)
    assert typed not in str(problem.value).replace("199.50", ""), "what somebody typed goes into no message"


def test_a_choice_that_the_policy_dropped_is_shown_as_it_was_kept() -> None:
    assert a_field(FieldKind.CHOICE).shown("gold") == "gold"


def test_what_a_form_sends_is_the_choice_of_that_name_though_another_one_is_called_so() -> None:
    field = replace(a_field(FieldKind.CHOICE), choices={"one": "two", "two": "one"})
    assert (field.read("two"), field.read("TWO"), field.read("one")) == ("two", "one", "one")


@pytest.mark.parametrize(
    ("name", "said", "label"),
    [
        ("Order number", "order number", "Order number"),
        ("IBAN", "IBAN", "IBAN"),
        ("what was agreed", "what was agreed", "What was agreed"),
    ],
)
def test_a_field_is_named_within_a_sentence_and_beside_its_value(name: str, said: str, label: str) -> None:
    field = TypedField(id="it", names={"en": name})
    assert (field.said, field.label) == (said, label)


@pytest.mark.parametrize(
    ("role", "is_owner", "reads"),
    [("administrator", False, True), ("handler", False, False), ("handler", True, True)],
)
def test_a_field_for_some_roles_is_read_by_them_and_by_whoever_owns_the_case(
    role: str, is_owner: bool, reads: bool
) -> None:
    restricted = TypedField(id="it", names={"en": "it"}, seen_by=frozenset({"administrator"}))
    assert restricted.is_read_by([role, "somebody"], is_owner=is_owner) is reads
    assert a_field(FieldKind.TEXT).is_read_by([role], is_owner=is_owner)


def test_what_was_written_into_a_field_that_the_policy_dropped_can_still_be_read() -> None:
    dropped = unknown_field("hall_number")
    assert (dropped.label, dropped.shown("4")) == ("Hall number", "4")
