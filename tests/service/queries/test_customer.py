"""What is written down of a complainant stays with its case, and staff see what stands in the joined ones beside it."""

from tests.service.lines import Line
from tests.service.ticket.test_fields import NAME, keep, stands, told
from voicebot.domain.case_number import written
from voicebot.service.queries.case_view import view_case
from voicebot.service.staff.decision import act
from voicebot.service.ticket.splitting import joining, splitting, taking_out


def test_fields_stay_with_their_case_when_it_is_joined_and_taken_out_and_the_person_goes_with_a_part(
    line: Line,
) -> None:
    own, other = told(line), told(line, "CA2", "+12025550144")
    keep(line, own.case_number, name="Maria", order_number="AB-17")
    keep(line, other.case_number, name="M. Ruiz")
    act(line.hotline, own.case_number, joining(other.case_number, words="one person", actor="owner_1"))
    view = view_case(line.hotline, other.case_number)
    assert stands(view) == {NAME: "M. Ruiz"}
    joined = [(written(number), [entry.value for entry in fields.values()]) for number, fields in view.customer.joined]
    assert joined == [(written(own.case_number), ["Maria", "AB-17"])]
    act(line.hotline, other.case_number, taking_out(own.case_number, words="two", actor="owner_1"))
    assert view_case(line.hotline, other.case_number).customer.joined == ()
    with line.work() as work:
        story, *_ = work.tickets.answers(own.id)
    act(line.hotline, own.case_number, splitting([story.id], words="another matter", actor="owner_1"))
    with line.work() as work:
        part = max(work.tickets.all(), key=lambda each: each.id if each.id not in (own.id, other.id) else "")
        kept = [(entry.number, entry.field, entry.value, entry.by) for entry in work.fields.of_ticket(part.id)]
    assert kept == [(1, NAME, "Maria", "owner_1")]
