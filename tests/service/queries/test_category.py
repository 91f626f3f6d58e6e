"""What a page knows of a kind of complaint: what the words suggest, what the policy adds, what is left of an old."""

from pathlib import Path

import pytest
import yaml

from tests.service.decision.deciding import current
from tests.service.lines import FLOWS_DIR, Line, a_policy_dir, with_flows
from voicebot.adapters.flow_files import FlowFiles
from voicebot.service.queries.case_view import CaseView, view_case
from voicebot.service.queries.category import fields_hidden, fields_shown, kinds_called
from voicebot.service.staff.decision import act
from voicebot.service.staff.readers import seen_by
from voicebot.service.ticket.category import categorising
from voicebot.service.ticket.fields import keep_fields


def read(line: Line, view: CaseView) -> dict[str, str]:
    fields = {field.id: field for field in fields_shown(view.category, line.policy.categories)}
    return {fields[each.field].label: fields[each.field].shown(each.value) for each in view.category.entries}


def with_kinds(line: Line, folder: Path, kinds: dict[str, object]) -> None:
    policy = a_policy_dir(folder)
    text = yaml.safe_dump({"spec": 1, "categories": kinds}, sort_keys=False)
    (policy / "categories.yaml").write_text(text)
    with_flows(line, FlowFiles(FLOWS_DIR, policy))


NOISE = {
    "name": {"en": "Noise at night"},
    "decision_target": "easy",
    "fields": {"nights": {"name": {"en": "Nights"}, "kind": "days"}},
    "words": {"en": ["drill*"]},
}


def test_a_tenth_kind_needs_no_code(line: Line, tmp_path: Path) -> None:
    kinds = yaml.safe_load((FLOWS_DIR / "policy" / "categories.yaml").read_text())["categories"]
    with_kinds(line, tmp_path / "more", kinds | {"noise": NOISE})
    answer = line.told_call()
    line.change_ticket(answer, problem="they are drilling all night")
    case = line.ticket(answer)
    suggested = view_case(line.hotline, case.case_number).category.suggestions[-1]
    assert (suggested.name, suggested.words) == ("Noise at night", ("drilling",))
    act(line.hotline, case.case_number, categorising("noise", actor="owner_1"))
    keep_fields(line.hotline, case.case_number, {"nights": "3"}, actor="owner_1")
    assert read(line, view_case(line.hotline, case.case_number)) == {"Nights": "3 days"}
    assert current(line, case).target == "easy"


def test_a_kind_that_the_policy_dropped_stays_on_its_cases_and_what_was_written_is_read(
    line: Line, tmp_path: Path
) -> None:
    case = line.ticket(line.told_call())
    with_kinds(line, tmp_path / "with", {"noise": NOISE})
    act(line.hotline, case.case_number, categorising("noise", actor="owner_1"))
    keep_fields(line.hotline, case.case_number, {"nights": "3"}, actor="owner_1")
    with_kinds(line, tmp_path / "without", {"smell": NOISE | {"fields": {}}})
    view = view_case(line.hotline, case.case_number)
    assert (view.category.id, view.category.name) == ("noise", "noise")
    assert read(line, view) == {"Nights": "3"}


@pytest.mark.requirement("V-08")
def test_words_that_nobody_could_follow_suggest_nothing_and_no_machine_sets_a_kind(line: Line) -> None:
    answer = line.told_call()
    line.change_ticket(answer, problem="the warranty, the repair")
    case = line.ticket(answer).case_number
    view = view_case(line.hotline, case)
    assert [each.id for each in view.category.suggestions] == ["warranty", "deadline_or_quality"]
    assert [each.words for each in view.category.suggestions] == [("warranty", "repair"), ("broken",)]
    assert view.ticket.category == ""
    line.change_ticket(answer, is_listen_first=True)
    assert view_case(line.hotline, case).category.suggestions == ()


@pytest.mark.requirement("S3-09")
def test_who_may_not_read_a_field_sees_that_something_stands_there_and_not_what(line: Line) -> None:
    case = line.ticket(line.told_call()).case_number
    act(line.hotline, case, categorising("staff_conduct", actor="owner_1"))
    keep_fields(line.hotline, case, {"staff_name": "Drake", "contact_time": "noonish"}, actor="owner_1")
    categories = line.policy.categories
    for who, reads in (("owner_1", True), ("deputy_1", False), ("supervisor_1", True), ("terminal", True)):
        view = view_case(seen_by(line.hotline, lambda who=who: who), case)
        kind = view.category
        assert {name: entry.value for name, entry in kind.standing.items()} == (
            {"staff_name": "Drake", "contact_time": "noonish"} if reads else {"contact_time": "noonish"}
        )
        assert ("staff_name" in [field.id for field in fields_shown(kind, categories)]) is reads
        assert [field.label for field in fields_hidden(kind, categories)] == ([] if reads else ["Member of staff"])
        assert view.fields_seen == 2, "what was seen counts what stands, whoever reads it"


def test_kinds_are_called_as_staff_call_them_or_by_their_ids_once_they_are_gone(line: Line) -> None:
    called = kinds_called(line.policy.categories, ["warranty", "", "noise"])
    assert called == {"warranty": line.policy.categories["warranty"].said, "noise": "noise"}
