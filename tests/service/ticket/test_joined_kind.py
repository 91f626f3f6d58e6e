"""The kind of a case and what is written in it go along with a joined case, and back with it, and nothing is lost."""

from pathlib import Path

import pytest

from tests.service.lines import Line
from tests.service.ticket.kinds import with_kinds
from voicebot.domain.case_field import all_standing
from voicebot.errors import Refused
from voicebot.service.queries.case_view import CaseView, view_case
from voicebot.service.staff.decision import act
from voicebot.service.ticket.about import complaining_about
from voicebot.service.ticket.category import categorising
from voicebot.service.ticket.fields import keep_fields
from voicebot.service.ticket.splitting import joining, splitting, taking_out

pytestmark = pytest.mark.requirement("D-08")


@pytest.fixture
def two(line: Line) -> tuple[str, str]:
    """The numbers of two cases from two phones."""
    told = (line.told_call("CA1"), line.told_call("CA2", "+12025550144"))
    return line.ticket(told[0]).case_number, line.ticket(told[1]).case_number


def be(line: Line, case: str, kind: str, **typed: str) -> None:
    if kind:
        act(line.hotline, case, categorising(kind, actor="owner_1"))
    keep_fields(line.hotline, case, typed, actor="owner_1")


def join(line: Line, own: str, into: str) -> CaseView:
    act(line.hotline, own, joining(into, words="one matter", actor="owner_1"))
    return view_case(line.hotline, into)


def stands(view: CaseView) -> dict[str, str]:
    entries = (*view.customer.entries, *view.category.entries)
    return {field: entry.value for field, entry in all_standing(entries).items()}


def test_a_case_that_has_none_is_given_both_and_loses_them_with_the_case_that_brought_them(
    line: Line, two: tuple[str, str]
) -> None:
    own, into = two
    be(line, own, "price_rise", rise="18", name="Mary Ruiz")
    be(line, into, "", address="12 Quay")
    line.step(minutes=1)
    view = join(line, own, into)
    assert (view.category.id, view.customer.joined) == ("price_rise", ())
    assert stands(view) == {"rise": "18", "name": "Mary Ruiz", "address": "12 Quay"}
    assert [(each.by, each.at) for each in view.category.entries] == [("owner_1", view.category.entries[0].at)]
    keep_fields(line.hotline, into, {"name": "Maria Ruiz"}, actor="deputy_1")
    act(line.hotline, into, taking_out(own, words="two matters", actor="owner_1"))
    rest, out = view_case(line.hotline, into), view_case(line.hotline, own)
    assert (rest.category.id, stands(rest)) == ("", {"address": "12 Quay", "name": "Maria Ruiz"})
    assert (out.category.id, stands(out)) == ("price_rise", {"rise": "18", "name": "Mary Ruiz"})


def test_what_differs_stays_and_is_shown(line: Line, two: tuple[str, str]) -> None:
    own, into = two
    be(line, own, "price_rise", rise="18", name="Mary Ruiz", address="12 Quay")
    be(line, into, "warranty", product="oven", name="M. Ruiz", address="12 Quay")
    view = join(line, own, into)
    assert (view.category.id, stands(view)["name"]) == ("warranty", "M. Ruiz")
    (joined,) = view.customer.joined
    assert (joined.case_number, joined.category) == (own, "price_rise")
    assert {field: entry.value for field, entry in joined.fields.items()} == {"name": "Mary Ruiz"}
    assert stands(view)["rise"] == "18", "a field of another kind stands beside its own"
    act(line.hotline, into, taking_out(own, words="two matters", actor="owner_1"))
    assert view_case(line.hotline, into).category.id == "warranty"


def test_a_case_for_some_is_not_opened_to_others_by_joining_or_splitting(
    line: Line, two: tuple[str, str], tmp_path: Path
) -> None:
    own, into = two
    with_kinds(line, tmp_path, price_rise={"seen_by": ["supervisor"]})
    be(line, own, "price_rise")
    be(line, into, "warranty")
    with pytest.raises(Refused) as refused:
        join(line, own, into)
    assert refused.value.code == "join-kind"
    be(line, into, "price_rise")
    view = join(line, own, into)
    chosen = [view.answers[0].answer.id]
    act(line.hotline, into, splitting(chosen, words="another matter", actor="supervisor_1"))
    with line.work() as work:
        kinds = {each.category for each in work.tickets.all() if each.merged_into is None}
    assert kinds == {"price_rise"}


def test_a_case_for_some_is_not_opened_to_others_by_taking_one_out(
    line: Line, two: tuple[str, str], tmp_path: Path
) -> None:
    (own, into), told = two, line.told_call("CA3", "+12025550145")
    with_kinds(line, tmp_path, price_rise={"seen_by": ["supervisor"]})
    third = line.ticket(told).case_number
    for case in (own, third):
        be(line, case, "price_rise", name="Mary Ruiz")
        line.step(minutes=1)
        join(line, case, into)
    act(line.hotline, into, taking_out(own, words="two matters", actor="supervisor_1"))
    rest = view_case(line.hotline, into)
    assert (rest.category.id, stands(rest)) == ("price_rise", {"name": "Mary Ruiz"}), "the third is still in it"
    act(line.hotline, into, taking_out(third, words="two matters", actor="supervisor_1"))
    assert view_case(line.hotline, into).category.id == ""


def test_what_was_said_of_all_while_they_were_one_holds_for_what_is_taken_out(
    line: Line, two: tuple[str, str], tmp_path: Path
) -> None:
    own, into = two
    with_kinds(line, tmp_path, price_rise={"seen_by": ["supervisor"]})
    join(line, own, into)
    line.step(minutes=1)
    be(line, into, "price_rise")
    act(line.hotline, into, complaining_about("owner_1", actor="supervisor_1"))
    act(line.hotline, into, taking_out(own, words="two matters", actor="supervisor_1"))
    with line.work() as work:
        assert {(each.category, each.about_id) for each in work.tickets.all()} == {("price_rise", "owner_1")}
