"""Categories are suggested by words that somebody can read back, and name the person whom a complaint is about."""

import pytest

from voicebot.domain.case_field import CUSTOMER_FIELDS
from voicebot.domain.category import Category, clearest, fields_of, suggest
from voicebot.domain.typed_field import TypedField


def a_category(name: str, *words: str, **more: tuple[str, ...]) -> Category:
    return Category(id=name, names={"en": name}, decision_target="standard", words={"en": words, **more})


def suggested(text: str, *categories: Category) -> list[tuple[str, tuple[str, ...]]]:
    found = suggest({each.id: each for each in categories}, text.split(" | "))
    return [(each.category.id, each.words) for each in found]


CONDUCT = a_category("conduct", "rude", "shout*", "hung up on me", ru=("хам*", "бросил* трубку"), he=("גסות",))
FEE = a_category("fee", "fee", "never agreed", "ticket by mail")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("She was RUDE and then shouted at me", [("conduct", ("RUDE", "shouted"))]),
        ("he hung up  on me", [("conduct", ("hung up  on me",))]),
        ("I hung the picture up", []),
        ("rudely put", []),
        ("she shouts. She shouts | rude", [("conduct", ("rude", "shouts"))]),
        ("Оператор нахамил, бросила трубку", [("conduct", ("бросила трубку",))]),
        ("הייתה שם גסות", [("conduct", ("גסות",))]),
        ("a rude man took a fee that I never agreed to", [("fee", ("fee", "never agreed")), ("conduct", ("rude",))]),
        ("ticket by post", []),
        ("", []),
    ],
)
def test_words_suggest_categories_and_the_most_words_come_first(
    text: str, found: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert suggested(text, CONDUCT, FEE) == found


def test_at_most_three_are_suggested_and_ties_keep_the_order_of_the_policy() -> None:
    alike = [a_category(name, "late") for name in ("a", "b", "c", "d")]
    assert [name for name, _words in suggested("late again", *alike)] == ["a", "b", "c"]


@pytest.mark.requirement("S3-09")
def test_the_field_that_names_one_of_the_staff_is_known() -> None:
    named = TypedField(id="staff_name", names={"en": "Member of staff"})
    whole = Category(id="c", names={"en": "C"}, decision_target="standard", fields=(named,), hidden_from="staff_name")
    assert whole.staff_name is named
    assert CONDUCT.staff_name is None


def test_a_category_adds_its_fields_behind_those_that_every_case_has() -> None:
    agreed = TypedField(id="agreed", names={"en": "Agreed"})
    whole = Category(id="c", names={"en": "Fee", "ru": "Плата"}, decision_target="standard", fields=(agreed,))
    assert whole.said == "Fee"
    assert list(fields_of(whole)) == [*CUSTOMER_FIELDS, "agreed"]
    assert list(fields_of(None)) == list(CUSTOMER_FIELDS)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a rude man hung up on me", CONDUCT),
        ("a rude man", None),
        ("rude, hung up on me, and a fee that I never agreed to", None),
        ("rude, shouting, hung up on me, and a fee that I never agreed to", CONDUCT),
        ("", None),
    ],
)
def test_a_kind_is_clear_when_several_words_speak_for_it_and_more_than_for_another(
    text: str, kind: Category | None
) -> None:
    assert clearest({each.id: each for each in (CONDUCT, FEE)}, [text]) is kind
