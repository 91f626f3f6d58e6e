"""Everything about one person: seen first, refused where something is owed or held, then erased with every case."""

import pytest

from tests.service.lines import CALLER, OTHER, Line
from tests.service.upkeep.test_retention import answered
from voicebot.domain.access import AccessKind
from voicebot.domain.call import CallEnd
from voicebot.domain.case_number import written
from voicebot.domain.staff import Role
from voicebot.domain.ticket import CloseReason, TicketStatus
from voicebot.errors import Refused
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call
from voicebot.service.history import Verb, note_case
from voicebot.service.outbox.sms import record_receipt
from voicebot.service.staff.accounts import NewAccount, add_account
from voicebot.service.staff.decision import act
from voicebot.service.staff.readers import seen_by
from voicebot.service.ticket.category import categorising
from voicebot.service.ticket.fields import keep_fields
from voicebot.service.ticket.splitting import joining
from voicebot.service.upkeep.person import erase_person, export_person, read_person_number, view_person
from voicebot.service.upkeep.retention import hold_case


def erase(line: Line, *, also_open: bool = False) -> object:
    return erase_person(line.hotline, CALLER, reason="their letter", actor="admin", also_open=also_open)


def owed(line: Line) -> CallAnswer:
    """Let a call be promised, and its texts have arrived."""
    answer = line.told_call()
    line.settle()
    arrive(line, answer)
    return answer


def arrive(line: Line, answer: CallAnswer) -> None:
    """Let the texts of a case have arrived."""
    for text in line.texts(answer):
        record_receipt(line.hotline, str(text.message_sid), "delivered", None)


def test_a_number_is_read_as_people_of_the_country_write_it(line: Line) -> None:
    assert read_person_number(line.hotline.rules, "(202) 555-0143") == CALLER
    with pytest.raises(Refused, match=r"no telephone number"):
        read_person_number(line.hotline.rules, "hello")


def test_what_there_is_of_a_number_is_counted_by_case(line_on_both: Line) -> None:
    line = line_on_both
    case = written(line.ticket(answered(line)).case_number)
    (of_case,) = view_person(line.hotline, CALLER).cases
    assert (of_case.case, of_case.answers, of_case.voices, of_case.texts) == (case, 2, 2, 1)
    assert (of_case.is_at_rest, of_case.is_owed, of_case.is_held) == (True, False, False)
    with pytest.raises(Refused, match=r"nothing is kept"):
        view_person(line.hotline, OTHER)


CARD = "4242 4242 4242 4242"


def a_case_with_a_card(line: Line) -> CallAnswer:
    """Let a card's number and a code be said, and a member of staff be named in a field that few may read."""
    answer = line.say(line.reach("ask_story"), f"pay it to {CARD} please", seconds=4.0)
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.run_jobs()
    case = line.ticket(answer).case_number
    act(line.hotline, case, categorising("staff_conduct", actor="owner_1"))
    keep_fields(line.hotline, case, {"staff_name": "Drakeson", "contact_time": "noonish"}, actor="owner_1")
    return answer


def test_an_export_has_marks_and_silence_for_private_numbers_unless_who_may_wants_them_as_said(line: Line) -> None:
    ticket = line.ticket(a_case_with_a_card(line))
    for is_as_said, kinds in ((False, [AccessKind.EXPORT]), (True, [AccessKind.EXPORT, AccessKind.ORIGINAL])):
        export = export_person(line.hotline, CALLER, reason="a letter", by="admin", is_as_said=is_as_said)
        (case,) = export.cases
        assert (CARD in str(case.tables), "4242" in str(case.tables)) == (is_as_said, is_as_said)
        assert ("[card number]" in str(case.tables), export.is_as_said) == (not is_as_said, is_as_said)
        assert any(case.silent.values()) is not is_as_said
        with line.work() as work:
            assert [each.kind for each in work.accesses.of_ticket(ticket.id)][-len(kinds) :] == kinds


def test_who_may_not_see_originals_exports_none(line: Line) -> None:
    a_case_with_a_card(line)
    for hotline, by in ((line.hotline, "deputy_1"), (seen_by(line.hotline, lambda: "deputy_1"), "admin")):
        with pytest.raises(Refused, match=r"are for a supervisor, somebody of management or an administrator") as it:
            export_person(hotline, CALLER, reason="a letter", by=by, is_as_said=True)
        assert it.value.code == "original-barred"


@pytest.mark.requirement("S3-09")
def test_fields_that_one_of_both_readers_may_not_read_are_counted_and_left_out(line: Line) -> None:
    a_case_with_a_card(line)
    for hotline, by, left_out in (
        (line.hotline, "admin", 0),
        (line.hotline, "owner_1", 0),
        (line.hotline, "deputy_1", 1),
        (seen_by(line.hotline, lambda: "deputy_1"), "admin", 1),
    ):
        (case,) = export_person(hotline, CALLER, reason="a letter", by=by).cases
        assert (case.fields_left_out, "Drakeson" in str(case.tables)) == (left_out, not left_out)
        assert "noonish" in str(case.tables)


def test_a_call_that_is_owed_is_lost_only_where_somebody_says_so(line_on_both: Line) -> None:
    line = line_on_both
    answer = owed(line)
    with pytest.raises(Refused, match=r"a call is owed in .*--also-open") as refused:
        erase(line)
    assert refused.value.code == "person-owed"
    assert line.ticket(answer).complainant_number == CALLER
    erase(line, also_open=True)
    ticket = line.ticket(answer)
    assert (ticket.status, ticket.close_reason) == (TicketStatus.CLOSED, CloseReason.WITHDRAWN)
    assert (ticket.complainant_number, ticket.problem) == (None, "")
    assert line.promise(ticket.id).state == "withdrawn"


def test_while_a_text_is_on_its_way_nothing_is_given_up(line: Line) -> None:
    answer = line.told_call()
    line.settle()
    with pytest.raises(Refused, match=r"on its way"):
        erase(line, also_open=True)
    assert line.promise(answer.call.ticket_id).state == "open"


def test_a_hold_on_one_case_keeps_every_case(line: Line) -> None:
    first = line.ticket(answered(line))
    second = line.ticket(answered(line, "CA2"))
    assert first.id != second.id
    hold_case(line.hotline, second.case_number, reason="a court asks", actor="admin")
    with pytest.raises(Refused, match=rf"a hold lies on {written(second.case_number)}"):
        erase(line, also_open=True)
    assert len(export_person(line.hotline, CALLER, reason="a letter", by="admin").cases) == 2


def test_every_case_is_erased_and_somebody_elses_is_not(line: Line) -> None:
    calls = (("CA1", CALLER), ("CA2", CALLER), ("CA3", OTHER))
    for answer in [answered(line, *call) for call in calls]:
        arrive(line, answer)
    erase(line)
    with pytest.raises(Refused, match=r"nothing is kept"):
        view_person(line.hotline, CALLER)
    assert len(view_person(line.hotline, OTHER).cases) == 1


def test_a_case_joined_by_way_of_another_is_erased_with_the_one_that_goes_on(line_on_both: Line) -> None:
    line = line_on_both
    calls = (("CA1", CALLER), ("CA2", OTHER), ("CA3", "+12025550177"))
    first, second, last = (line.ticket(answered(line, *call)) for call in calls)
    act(line.hotline, first.case_number, joining(second.case_number, words="one matter", actor="owner_1"))
    act(line.hotline, second.case_number, joining(last.case_number, words="one matter", actor="owner_1"))
    line.settle()
    with line.work() as work:
        texts = [text for ticket in work.tickets.all() for text in work.sms.of_ticket(ticket.id)]
    for text in texts:
        record_receipt(line.hotline, str(text.message_sid), "delivered", None)
    erase(line, also_open=True)
    with line.work() as work:
        left = work.tickets.get(first.id)
        assert left is not None
        assert (left.complainant_number, left.problem, left.pin) == (None, "", "----")
        assert {text.body for text in work.sms.of_ticket(first.id)} == {""}


def test_while_they_are_on_the_line_nothing_is_erased(line: Line) -> None:
    line.ring()
    with pytest.raises(Refused, match=r"on its way") as refused:
        erase(line)
    assert refused.value.code == "case-not-at-rest"


def test_cases_that_became_one_are_one_and_what_is_over_already_is_erased_as_it_ended(line: Line) -> None:
    over, first, second = answered(line, "CA-over"), owed(line), line.told_call("CA2")
    line.settle()
    arrive(line, second)
    line.change_ticket(over, status=TicketStatus.CLOSED, close_reason=CloseReason.AGREED)
    joined, into = line.ticket(second).case_number, line.ticket(first).case_number
    act(line.hotline, joined, joining(into, words="one matter", actor="owner_1"))
    line.settle()
    arrive(line, first)
    assert {each.case for each in view_person(line.hotline, CALLER).cases} == {
        written(line.ticket(each).case_number) for each in (over, first)
    }
    erase(line, also_open=True)
    assert line.ticket(over).close_reason is CloseReason.AGREED
    assert [line.ticket(each).problem for each in (over, first, second)] == ["", "", ""]


def administrator(line: Line, name: str) -> str:
    account = NewAccount(email=f"{name}@firm.example".lower(), name=name, role=Role.ADMINISTRATOR, member_id=None)
    return add_account(line.hotline, account, "a-hash").staff_id


@pytest.mark.requirement("S3-09")
def test_a_case_hidden_from_whoever_asks_is_counted_not_handed_out_and_only_somebody_else_erases(
    line_on_both: Line,
) -> None:
    line = line_on_both
    ada, bea = administrator(line, "Ada"), administrator(line, "Bea")
    answers = [answered(line, call) for call in ("CA1", "CA2")]
    line.change_ticket(answers[1], about_id=ada)
    seen, hidden = map(line.ticket, answers)
    with line.work() as work:
        for word in (f"as in {written(hidden.case_number)}", "a plain word"):
            note_case(work, seen.id, Verb.NOTE_WRITTEN, at=line.clock.at, actor="owner_1", after=word)
        work.commit()
    as_ada, as_bea = (seen_by(line.hotline, lambda who=who: who) for who in (ada, bea))
    for hotline, by in ((as_ada, bea), (line.hotline, ada)):
        export = export_person(hotline, CALLER, reason="a letter", by=by)
        assert ([each.case for each in export.cases], export.left_out) == ([written(seen.case_number)], 1)
        with pytest.raises(Refused, match=r"not be shown .*\(1\), so nothing was erased: ask Bea$") as refused:
            erase_person(hotline, CALLER, reason="a letter", actor=by)
        assert refused.value.code == "person-left-out"
    with line.work() as work:
        assert [(each.staff_id, each.kind) for each in work.accesses.of_ticket(seen.id)] == [
            (bea, AccessKind.EXPORT),
            (ada, AccessKind.EXPORT),
        ]
        assert list(work.accesses.of_ticket(hidden.id)) == []
    words = {
        str(row["after"]) for row in export_person(as_ada, CALLER, reason="a letter", by=bea).cases[0].tables["history"]
    }
    assert {"a plain word", "a letter"} <= words
    with pytest.raises(Refused, match=r"needs a reason"):
        export_person(as_bea, CALLER, reason=" ", by=bea)
    assert f"as in {written(hidden.case_number)}" not in words
    line.change_ticket(answers[0], about_id=bea)
    with pytest.raises(Refused, match=r"give an administrator's login"):
        erase_person(as_bea, CALLER, reason="a letter", actor=bea)
