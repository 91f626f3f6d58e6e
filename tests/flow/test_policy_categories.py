"""`categories.yaml`: what is written becomes categories, and what does not fit is said with its line and cure."""

from pathlib import Path

import pytest

from voicebot.domain.category import Category
from voicebot.domain.typed_field import FieldKind
from voicebot.errors import FlowFault
from voicebot.flow.policy import policy_from_body, read_policy
from voicebot.flow.policy_categories import CATEGORIES_FILE
from voicebot.flow.policy_check import POLICY_FILES

FOLDER = Path(__file__).parents[2] / "flows" / "policy"

FILE = """\
spec: 1
categories:
  fee:
    name: {en: Fee, ru: Плата}
    decision_target: billing
    callback_target: repeat
    tell: [owner, quality_head]
    asks: [agreed, order_number]
    hidden_from: who
    fields:
      who: {name: {en: Who it was}, longest: 30, seen_by: [administrator]}
      agreed: {name: {en: Agreed}, kind: amount}
      remedy: {name: {en: Remedy}, kind: choice, choices: {money: {en: Money}}}
    words: {en: [fee, "charge*"]}
  rise:
    name: {en: Rise}
    seen_by: [supervisor, auditor]
    owner: quality_head
    decision_target: standard
    fields:
      agreed: {name: {en: Agreed}, kind: amount}
"""


def read(text: str) -> dict[str, Category]:
    texts = {name: (FOLDER / name).read_text(encoding="utf-8") for name in POLICY_FILES}
    policy = read_policy({**texts, CATEGORIES_FILE: text})
    assert policy_from_body(policy.body()).categories == policy.categories, "a running call keeps what it began with"
    return dict(policy.categories)


def test_a_file_becomes_categories_in_its_order() -> None:
    fee, rise = read(FILE).values()
    assert (fee.said, fee.names["ru"], fee.decision_target, fee.callback_target) == (
        "Fee",
        "Плата",
        "billing",
        "repeat",
    )
    assert fee.tell == ("owner", "quality_head")
    assert (fee.asks, rise.asks) == (("agreed", "order_number"), ())
    who, agreed, remedy = fee.fields
    assert fee.staff_name == who
    assert (who.label, who.longest, set(who.seen_by)) == ("Who it was", 30, {"administrator"})
    assert (fee.owner, rise.owner) == ("", "quality_head")
    assert (fee.seen_by, set(rise.seen_by)) == (frozenset(), {"supervisor", "auditor"})
    assert (agreed.kind, dict(remedy.choices)) == (FieldKind.AMOUNT, {"money": "Money"})
    assert (rise.id, rise.tell, rise.staff_name, rise.callback_target) == ("rise", (), None, "")


def test_a_policy_without_the_file_has_no_categories() -> None:
    texts = {name: (FOLDER / name).read_text(encoding="utf-8") for name in POLICY_FILES}
    assert read_policy(texts).categories == {}


@pytest.mark.parametrize(
    ("old", "new", "stands_at", "found", "cure"),
    [
        ("spec: 1", "spec: 2", "spec: 2", "'spec' does not fit", "has an example"),
        ("  fee:\n", "  Fee:\n", "  Fee:", "does not fit", "has an example"),
        ("name: {en: Rise}", "name: {ru: Рост}", "name: {ru", "the name in 'en' is missing", "add it"),
        ("{en: Money}", "{lt: Pinigai}", "remedy:", "the name in 'en' is missing", "add it"),
        ("{en: Who it was}", "{english: Who}", "who:", "does not fit", "correct it"),
        ("target: billing", "target: bill", "decision_target: bill", "no such target as 'bill'", "name one of billing"),
        (
            "[agreed, order",
            "[paid, order",
            "asks: [paid",
            "'paid' is no field",
            "name one of who, agreed, remedy, name",
        ),
        ("[agreed, order", "[who, order", "asks: [who", "only some may read 'who'", "let a person ask"),
        ("[agreed, order_number]", "[agreed, name, address]", "asks: [agreed", "does not fit", "correct it"),
        ("target: repeat", "target: soon", "callback_target: soon", "no such target as 'soon'", "add it there"),
        ("quality_head", "lawyer", "tell: [owner, lawyer]", "nobody in `staff` has the role 'lawyer'", "add somebody"),
        (
            "hidden_from: who",
            "hidden_from: whom",
            "hidden_from:",
            "'whom' is no field of this category",
            "name the field",
        ),
        (
            "hidden_from: who",
            "hidden_from: agreed",
            "hidden_from:",
            "no field of this category that holds a text",
            "name",
        ),
        ("seen_by: [administrator]", "seen_by: [boss]", "who:", "does not fit", "correct it"),
        (
            "hidden_from: who",
            "owner: nina",
            "owner: nina",
            "nobody in `staff` goes by 'nina'",
            "name a staff id or a role",
        ),
        ("hidden_from: who", "seen_by: [boss]", "seen_by: [boss]", "does not fit", "correct it"),
        (
            "hidden_from: who",
            "seen_by: [auditor]",
            "seen_by:",
            "nobody in `staff` of escalation.yaml may",
            "name one of",
        ),
        ("kind: choice, ", "", "remedy:", "a field with `choices`", "write both"),
        (", choices: {money: {en: Money}}", "", "remedy:", "a field with `choices`", "write both"),
        ("kind: choice", "kind: colour", "remedy:", "'kind' does not fit", "correct it"),
        ("      who:", "      name:", "      name:", "every case has a field 'name' already", "rename this one"),
        ("      who:", "      csrf_token:", "      csrf_token:", "has a field 'csrf_token' already", "rename"),
        ("{en: Rise}", "{en: ' '}", "name:", "has no letter", "write it anew"),
        ("{en: Money}", '{en: "Mon\\u202Eey"}', "remedy:", "Mon[U+202E]ey' has no letter, or a sign", "write it anew"),
        ('"charge*"', '"**"', "words:", "'**' has no letter", "write a word"),
        (
            "agreed: {name: {en: Agreed}, kind: amount}\n  ",
            "agreed: {name: {en: Due}}\n  ",
            "agreed:",
            "a field 'agreed'",
            "alike",
        ),
        ("    tell:", "    tel:", "    tel:", "the key 'tel' is not known here", "correct its spelling"),
    ],
)
def test_what_does_not_fit_is_said_with_line_and_cure(
    old: str, new: str, stands_at: str, found: str, cure: str
) -> None:
    assert old in FILE
    text = FILE.replace(old, new, 1)
    with pytest.raises(FlowFault) as problem:
        read(text)
    told = next(line for line in str(problem.value).splitlines() if found in line)
    file, line, _rest = told.split(":", 2)
    assert file == CATEGORIES_FILE
    assert stands_at in text.splitlines()[int(line) - 1]
    assert cure in told


FIELDS: dict[str, dict[str, str]] = {
    "staff_conduct": {"staff_name": "text", "contact_on": "date"},
    "information_withheld": {},
    "deadline_or_quality": {"contract_reference": "text", "is_compensation_due": "yes or no"},
    "branch_unreachable": {"branch": "text", "minutes_tried": "minutes"},
    "price_rise": {"rise": "percentage"},
    "charged_after_cancellation": {"days_charged": "days"},
    "warranty": {"product": "text", "is_part_covered": "yes or no", "is_labour_covered": "yes or no"},
    "unauthorised_fee": {"agreed_amount": "amount", "charged_amount": "amount", "confirmation_code": "text"},
}


def test_the_shipped_file_has_the_categories_of_the_seeds_with_their_fields() -> None:
    shipped = read((FOLDER / CATEGORIES_FILE).read_text(encoding="utf-8"))
    for category, wanted in FIELDS.items():
        fields = {field.id: str(field.kind) for field in shipped[category].fields}
        assert wanted.items() <= fields.items(), category
    remedy = shipped["unauthorised_fee"].fields[-1]
    assert (remedy.id, {"money", "voucher"} < set(remedy.choices)) == ("remedy_wanted", True)


@pytest.mark.requirement("S0-09")
def test_management_and_the_lawyer_are_told_of_what_a_contract_decides() -> None:
    texts = {name: (FOLDER / name).read_text(encoding="utf-8") for name in (*POLICY_FILES, CATEGORIES_FILE)}
    policy = read_policy(texts)
    told = set(policy.categories["deadline_or_quality"].tell)
    assert "legal" in told
    assert told & policy.ladder.management_roles
