"""A call that joins a case that stands."""

from tests.service.lines import OTHER, Line
from voicebot.domain.decision_term import CURRENT_STATES
from voicebot.service.call_context import call_context_of
from voicebot.service.history import Verb
from voicebot.service.hotline import context_of
from voicebot.service.lookup import find_ticket
from voicebot.service.ticket.call_joining import join_call


def test_its_own_case_leads_to_the_other_and_the_call_stands_there(line: Line) -> None:
    older = line.ticket(line.told_call())
    answer = line.ring(OTHER, carrier_call_id="CA2")
    own = line.ticket(answer)
    with line.work() as work:
        context = call_context_of(context_of(line.hotline, work), answer.call)
        joined = join_call(context, older, Verb.RANG_IN)
        work.commit()
    assert joined.call.ticket_id == older.id
    with line.work() as work:
        assert find_ticket(work, own.case_number).id == older.id
        assert work.decision_terms.of_ticket(own.id)[-1].state not in CURRENT_STATES
    assert line.verbs(own.id)[-1] == "case_merged"
    assert line.verbs(older.id)[-1] == "rang_in"
