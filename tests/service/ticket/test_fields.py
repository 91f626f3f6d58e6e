"""Who complains and about what is written down once, corrected without a loss, and never overwritten unseen."""

from datetime import timedelta

import pytest

from tests.service.lines import Line
from voicebot.domain.case_field import FieldName
from voicebot.domain.staff import Role
from voicebot.domain.ticket import Ticket
from voicebot.errors import Refused
from voicebot.service.history import Verb
from voicebot.service.queries.case_view import CaseView, view_case
from voicebot.service.queries.case_words import as_text, words_of_case
from voicebot.service.queries.search import find_cases
from voicebot.service.staff.accounts import NewAccount, add_account
from voicebot.service.staff.decision import act
from voicebot.service.staff.tokens import NewToken, make_token
from voicebot.service.ticket.category import categorising
from voicebot.service.ticket.fields import keep_fields
from voicebot.service.ticket.hand_over import give
from voicebot.service.ticket.splitting import splitting

NAME, ORDER, DAY, ADDRESS = FieldName


def told(line: Line, *call: str) -> Ticket:
    return line.ticket(line.told_call(*call))


def keep(line: Line, case: str, *, by: str = "owner_1", seen: int | None = None, **typed: str) -> tuple[str, ...]:
    return tuple(field.id for field in keep_fields(line.hotline, case, typed, actor=by, seen=seen))


def stands(view: CaseView) -> dict[str, str]:
    return {field: entry.value for field, entry in view.customer.standing.items()}


@pytest.mark.requirement("S0-15")
def test_a_value_says_who_wrote_it_and_a_correction_keeps_the_earlier_one(line: Line) -> None:
    case = told(line).case_number
    assert keep(line, case, name="Mary Ruiz", order_number="AB-17", contract_date="2025-11-05") == (NAME, ORDER, DAY)
    line.step(minutes=5)
    assert keep(line, case, by="deputy_1", name="Maria Ruiz", order_number="AB-17", contract_date="") == (NAME, DAY)
    view = view_case(line.hotline, case)
    assert stands(view) == {NAME: "Maria Ruiz", ORDER: "AB-17"}
    assert view.customer.name == "Maria Ruiz"
    first, *_, last = (entry for entry in view.customer.entries if entry.field == NAME)
    assert (first.value, first.by, last.by, last.at - first.at) == (
        "Mary Ruiz",
        "owner_1",
        "deputy_1",
        timedelta(minutes=5),
    )
    lines = [(entry.actor, entry.after) for entry in view.history if entry.verb == Verb.FIELDS_KEPT]
    assert lines == [("owner_1", "name, order number, contract date"), ("deputy_1", "name, contract date")]
    assert "Name: Maria Ruiz\nOrder number: AB-17\n" in as_text(words_of_case(line.hotline, case))


def test_the_second_who_writes_sees_the_first_ones_value_before_saving_over_it(line_on_both: Line) -> None:
    line = line_on_both
    case = told(line).case_number
    keep(line, case, name="Mary", order_number="AB-17", seen=0)
    assert keep(line, case, by="deputy_1", name="Mary", order_number="", seen=0) == (), "what was not touched is theirs"
    with pytest.raises(Refused, match="written there since you opened the page") as problem:
        keep(line, case, by="deputy_1", name="Maria", order_number="", address="12 Quay Street", seen=0)
    assert problem.value.code == "field-changed"
    assert stands(view_case(line.hotline, case)) == {NAME: "Mary", ORDER: "AB-17"}
    assert keep(line, case, by="deputy_1", address="12 Quay Street", name="", seen=0) == (ADDRESS,), "another field"
    assert keep(line, case, by="deputy_1", name="Maria", order_number="AB-17", seen=3) == (NAME,)
    assert [each.found.case_number for each in find_cases(line.hotline, "maria ab-17").cases] == [case]


def test_what_nobody_changed_and_what_cannot_be_kept_leave_no_trace(line: Line) -> None:
    case = told(line).case_number
    keep(line, case, name="Ma\u202eria")
    assert keep(line, case, name="Ma[U+202E]ria", address="  ", seen=1) == ()
    with pytest.raises(Refused, match="such as 2025-11-30"):
        keep(line, case, name="Maria", contract_date="soon")
    view = view_case(line.hotline, case)
    assert stands(view) == {NAME: "Ma\u202eria"}
    assert [entry.verb for entry in view.history].count(Verb.FIELDS_KEPT) == 1


def test_a_part_that_is_split_off_knows_who_complains_and_not_what_the_other_case_is_about(line: Line) -> None:
    own = told(line)
    keep(line, own.case_number, name="Mary", order_number="AB-17")
    keep(line, own.case_number, by="deputy_1", name="Maria")
    with line.work() as work:
        story, *_ = work.tickets.answers(own.id)
    act(line.hotline, own.case_number, splitting([story.id], words="another matter", actor="owner_1"))
    with line.work() as work:
        (part,) = (each for each in work.tickets.all() if each.id != own.id)
        kept = [(entry.number, entry.field, entry.value, entry.by) for entry in work.fields.of_ticket(part.id)]
    assert kept == [(1, NAME, "Maria", "deputy_1")]
    assert stands(view_case(line.hotline, own.case_number)) == {NAME: "Maria", ORDER: "AB-17"}
    assert keep(line, part.case_number, order_number="CD-9", seen=1) == (ORDER,), "the part is written into from there"


def test_a_field_that_the_case_has_not_is_refused_with_those_that_it_has(line: Line) -> None:
    with pytest.raises(Refused, match=r"no field 'rise'.* name one of name, order_number") as problem:
        keep(line, told(line).case_number, rise="18")
    assert problem.value.code == "field-unknown"


@pytest.mark.requirement("S3-09")
def test_who_is_named_in_a_complaint_about_them_loses_sight_of_it_and_a_stranger_hides_nothing(line: Line) -> None:
    case = told(line).case_number
    act(line.hotline, case, categorising("staff_conduct", actor="deputy_1"))
    about = []
    for name in ("a man with a beard", "First handler", "owner_1"):
        keep(line, case, by="supervisor_1", staff_name=name)
        about.append(view_case(line.hotline, case).ticket.about_id)
    assert about == [None, "owner_1", "owner_1"]
    assert line.verbs(view_case(line.hotline, case).ticket.id).count(Verb.CASE_ABOUT_SAID) == 1


@pytest.mark.requirement("S3-09")
def test_what_few_may_read_is_written_by_them_and_by_whoever_owns_the_case_whichever_way_they_come(line: Line) -> None:
    case = told(line).case_number
    act(line.hotline, case, categorising("staff_conduct", actor="owner_1"))
    dan = add_account(line.hotline, NewAccount(email="dan@firm.example", name="Dan", role=Role.HANDLER), "a-hash")
    made = (("Desk", Role.SUPERVISOR, "terminal"), ("Low", Role.HANDLER, "terminal"), ("Theirs", Role.AUDITOR, "dan"))
    for name, role, maker in made:
        make_token(line.hotline, NewToken(name=name, role=role, made_by=maker))
    for stranger in ("deputy_1", dan.staff_id, "token.low", "token.theirs"):
        with pytest.raises(Refused, match="only some may read the member of staff") as problem:
            keep(line, case, by=stranger, staff_name="", contact_time="noon")
        assert problem.value.code == "field-closed"
    assert view_case(line.hotline, case).fields_seen == 0
    for who in ("owner_1", "supervisor_1", "token.desk", "terminal"):
        assert keep(line, case, by=who, staff_name=f"Mr {who}") == ("staff_name",)


def test_a_case_that_is_not_as_its_sender_read_it_is_asked_while_nobody_else_can_change_it(line: Line) -> None:
    case = told(line).case_number

    def changed() -> None:
        raise Refused("it changed", code="case-changed")

    with pytest.raises(Refused, match="it changed"):
        keep_fields(line.hotline, case, {"name": "Mary"}, actor="owner_1", as_read=changed)
    with pytest.raises(Refused, match="it changed"):
        give(line.hotline, case, to="supervisor_1", actor="owner_1", as_read=changed)
    assert stands(view_case(line.hotline, case)) == {}
