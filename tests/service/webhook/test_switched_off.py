"""Who answers for the hotline is told of an endpoint that it switched off."""

from tests.service.lines import OWNER, SUPERVISOR, Line
from tests.webhooks import a_webhook_endpoint
from voicebot.service.hotline import context_of
from voicebot.service.webhook.switched_off import tell_of_end

OFF = a_webhook_endpoint(off_reason="it answered 410 Gone")


def tell(line: Line, ticket_id: str | None) -> None:
    with line.work() as work:
        tell_of_end(context_of(line.hotline, work), OFF, ticket_id)
        work.commit()


def test_it_stands_at_the_case_by_which_it_was_noticed_else_at_no_complaint(line: Line) -> None:
    tell(line, None)
    line.run_jobs()
    assert len(line.sender.to(SUPERVISOR)) == 1, "before the first complaint, too"
    case = line.ring()
    line.step(days=1)
    tell(line, None)
    assert "alarm_raised" not in line.verbs(case.call.ticket_id)
    line.step(days=1)
    tell(line, case.call.ticket_id)
    assert "alarm_raised" in line.verbs(case.call.ticket_id)
    line.run_jobs()
    told = {phone: [body for body in line.sender.to(phone) if "Webhook" in body] for phone in (OWNER, SUPERVISOR)}
    assert [len(bodies) for bodies in told.values()] == [0, 3], "the owner of that case can do nothing about it"
