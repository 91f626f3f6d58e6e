"""A case whose promised call was kept, and whose complainant is asked whether it is settled."""

from datetime import timedelta
from pathlib import Path

from tests.service.callback.callers import CA, a_case, calls_of, with_callbacks
from tests.service.lines import Line
from voicebot.domain.staff_call import StaffCall, StaffCallKind
from voicebot.domain.ticket import Ticket
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.survey_call import answer_survey
from voicebot.service.promise.keep import log_callback

AFTER = timedelta(hours=2)


def a_kept_case(line: Line, folder: Path, **rules: object) -> Ticket:
    """Return a case whose promised call was made at its opening, under a policy that asks two hours later."""
    with_callbacks(line, folder, **({"survey_after": "2 hours"} | rules))
    ticket = a_case(line)
    line.clock.at = line.promise(ticket.id).window_opens_at
    log_callback(line.hotline, ticket.case_number, reason="spoke with them", actor="owner_1")
    return ticket


def question_of(line: Line, ticket: Ticket) -> StaffCall:
    """Read the one question about a case."""
    (question,) = (call for call in calls_of(line, ticket) if call.kind is StaffCallKind.SURVEY)
    return question


def picked_up(line: Line, ticket: Ticket) -> CallAnswer:
    """Let the question ring when it is due, and let somebody pick up."""
    line.clock.step(AFTER)
    line.sweep()
    answer = answer_survey(line.hotline, question_of(line, ticket).id, CA)
    assert isinstance(answer, CallAnswer)
    return answer
