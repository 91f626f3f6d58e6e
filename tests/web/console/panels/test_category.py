"""What kind of complaint it is, on the page: one click sets it, its fields follow, and few read whom it is about."""

import re
from pathlib import Path

import pytest
import yaml

from tests.service.lines import FLOWS_DIR, OTHER, Line, a_policy_dir, with_flows
from tests.web.console.desk import ConsoleDesk
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.case_number import written
from voicebot.domain.staff import Role


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def a_case(console: ConsoleDesk, **changes: object) -> str:
    answer = console.line.told_call()
    console.line.change_ticket(answer, **{"problem": "the warranty, the repair: he was rude", **changes})
    return f"/console/cases/{written(console.line.ticket(answer).case_number)}"


@pytest.mark.requirement("S4-08")
def test_one_click_says_the_kind_and_its_fields_are_typed_corrected_and_shown(console: ConsoleDesk) -> None:
    page = a_case(console)
    olive = console.logged_in("olive@firm.example", name="Olive Olsen")
    shown = text(olive.get(page).text)
    assert "Suggested by “warranty”, “repair” : Warranty" in shown
    assert "Suggested by “rude” : Staff conduct" in shown
    assert "Say what kind it is Staff conduct Information withheld" in shown
    said = olive.send(page, {"category": "warranty", "seen": "0"}, to=f"{page}/category")
    assert (said.status_code, said.headers["Location"]) == (303, page)
    shown = text(olive.get(page).text)
    for words in ("Kind of complaint: Warranty", "Warranty Olive Olsen, ", "Take back: no kind was said before"):
        assert words in shown
    typed = {"product": "microwave", "is_part_covered": "yes", "is_labour_covered": "no", "repair_amount": "a lot"}
    refused = olive.send(page, {**typed, "fields-seen": "0"}, to=f"{page}/fields")
    assert refused.status_code == 409
    assert "is not understood: write an amount such as 200" in refused.text
    assert 'name="repair_amount" value="a lot"' in refused.text, "what was typed is not lost"
    assert '<option value="no" selected>' in refused.text
    olive.send(page, {**typed, "repair_amount": "$200", "fields-seen": "0"}, to=f"{page}/fields")
    shown = text(olive.get(page).text)
    for words in ("Product microwave", "Part covered yes", "Labour covered no", "Amount asked for the repair 200"):
        assert words in shown
    for where in (f"{page}/words", "/console/search?q=microwave"):
        assert "microwave" in text(olive.get(where).text), where


@pytest.mark.requirement("S3-09")
def test_whom_a_complaint_is_about_is_read_by_few_and_by_whoever_owns_the_case(console: ConsoleDesk) -> None:
    page = a_case(console)
    olive = console.logged_in("olive@firm.example", name="Olive Olsen")
    dan = console.logged_in("dan@firm.example", name="Dan Diaz")
    eve = console.logged_in("eve@firm.example", name="Eve Ek", role=Role.SUPERVISOR)
    olive.send(page, {"seen": "0"}, to=f"{page}/owner")
    olive.send(page, {"category": "staff_conduct", "seen": "1"}, to=f"{page}/category")
    typed = {"staff_name": "Mr Drake", "contact_on": "2026-11-03", "contact_nature": "phone", "fields-seen": "0"}
    olive.send(page, typed, to=f"{page}/fields")
    seen = {who: text(browser.get(page).text) for who, browser in (("olive", olive), ("dan", dan), ("eve", eve))}
    assert {who: "Mr Drake" in page for who, page in seen.items()} == {"olive": True, "dan": False, "eve": True}
    assert "Member of staff: written down, and kept from your role." in seen["dan"]
    assert "Day of the contact 3 Nov 2026" in seen["dan"]
    assert "Mr Drake" not in dan.get(f"{page}/words").text
    assert "Mr Drake" not in dan.get(page).text


def test_a_kind_that_was_added_to_the_file_is_on_the_page_with_its_fields(line: Line, tmp_path: Path) -> None:
    policy = a_policy_dir(tmp_path / "more")
    kinds = yaml.safe_load((policy / "categories.yaml").read_text())
    colours = {"red": {"en": "Red"}, "blue": {"en": "Blue"}}
    fields = {"colour": {"name": {"en": "Colour"}, "kind": "choice", "choices": colours}}
    added = {"name": {"en": "Wrong colour"}, "decision_target": "easy", "fields": fields}
    kinds["categories"] = {"wrong_colour": added, **kinds["categories"]}
    (policy / "categories.yaml").write_text(yaml.safe_dump(kinds, allow_unicode=True, sort_keys=False))
    with_flows(line, FlowFiles(FLOWS_DIR, policy))
    console = ConsoleDesk(line, line.engine, tmp_path / "clips")
    page = a_case(console)
    olive = console.logged_in("olive@firm.example", name="Olive Olsen")
    assert 'value="wrong_colour" data-shortcut="Shift+1"' in olive.get(page).text
    assert "Kind of complaint Shift 1 Wrong colour" in text(olive.get(page).text)
    olive.send(page, {"category": "wrong_colour", "seen": "0"}, to=f"{page}/category")
    olive.send(page, {"colour": "blue", "fields-seen": "0"}, to=f"{page}/fields")
    assert "Colour Blue" in text(olive.get(page).text)


def test_who_only_reads_sees_the_kind_and_no_button(console: ConsoleDesk) -> None:
    page = a_case(console, category="price_rise")
    auditor = console.logged_in("ann@firm.example", name="Ann", role=Role.AUDITOR)
    shown = auditor.get(page).text
    assert "Price rise" in text(shown)
    assert 'name="category"' not in shown


def test_a_policy_without_kinds_leaves_the_page_as_it_was(line: Line, tmp_path: Path) -> None:
    policy = a_policy_dir(tmp_path / "none")
    (policy / "categories.yaml").unlink()
    with_flows(line, FlowFiles(FLOWS_DIR, policy))
    console = ConsoleDesk(line, line.engine, tmp_path / "clips")
    page = a_case(console)
    assert "Kind of complaint" not in console.logged_in().get(page).text


def test_the_kind_is_a_tag_of_each_list_which_can_be_narrowed_to_it_by_its_address(console: ConsoleDesk) -> None:
    page, other = a_case(console, category="price_rise"), f"/console/cases/{a_second_case(console)}"
    olive = console.logged_in("olive@firm.example", name="Olive Olsen")
    assert 'tag-kind">Price rise' in olive.get("/console/").text
    listed = olive.get("/console/cases").text
    assert (page in listed, other in listed, 'tag-kind">Price rise' in listed) == (True, True, True)
    narrowed = olive.get("/console/cases?show=all&kind=price_rise").text
    assert (page in narrowed, other in narrowed) == (True, False)
    assert "1 case in all. Only: Price rise." in text(narrowed)
    assert 'href="/console/cases?show=open&amp;kind=price_rise"' in narrowed, "the other filters keep it"
    assert '<option value="price_rise" selected>' in narrowed
    without = olive.get("/console/cases?kind=-").text
    assert (page in without, other in without) == (False, True)
    for nobody in ("warranty", "weather", "%00%3Cb%3E"):
        assert "No such case is of this kind" in text(olive.get(f"/console/cases?kind={nobody}").text)


def a_second_case(console: ConsoleDesk) -> str:
    return written(console.line.ticket(console.line.told_call("CA2", OTHER)).case_number)
