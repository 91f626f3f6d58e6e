"""Texts composed."""

from dataclasses import replace

import pytest

from tests.builders import a_promise, a_text_request
from tests.service.lines import CALLER, OWNER, Line
from voicebot.domain.sms import Draft, SmsState, body_size
from voicebot.service.hotline import context_of
from voicebot.service.outbox.compose import (
    Template,
    compose,
    compose_to_complainant,
    slots_of,
    why_no_text,
)


def test_a_text_is_composed_once_with_its_job(line: Line) -> None:
    ticket = line.ticket(line.ring())
    with line.work() as work:
        context = context_of(line.hotline, work)
        draft = Draft(purpose="call_end:x", template=Template.SILENT_CALLER, slots=slots_of(context, ticket, None))
        assert compose_to_complainant(context, ticket, draft)
        assert compose_to_complainant(context, ticket, draft)
        (sms,) = work.sms.of_ticket(ticket.id)
        work.commit()
    assert (sms.state, sms.recipient) == (SmsState.WAITING, CALLER)
    assert line.jobs_waiting.count(("send_sms", sms.id)) == 1


@pytest.mark.parametrize("template", list(Template))
def test_every_text_is_filled_and_fits_one_part(line: Line, template: Template) -> None:
    ticket = line.ticket(line.ring())
    with line.work() as work:
        context = context_of(line.hotline, work)
        slots = slots_of(context, ticket, a_promise()) | {"owner_role": "managing director"}
        compose(context, ticket, Draft(purpose="step:x", template=template, slots=slots), recipient=OWNER)
        (sms,) = work.sms.of_ticket(ticket.id)
    assert "{" not in sms.body
    assert "complaint" not in sms.body.lower()
    assert body_size(sms.body).parts == 1


def test_why_no_text_can_be_sent_is_said_in_staffs_words(line: Line) -> None:
    ticket = line.ticket(line.ring())
    nobody = line.ticket(line.ring("anonymous", "CA2"))
    with line.work() as work:
        context = context_of(line.hotline, work)
        assert why_no_text(context, ticket) == ""
        assert why_no_text(context, replace(ticket, may_text=False)) == "no texts: not wanted"
        assert why_no_text(context, replace(ticket, may_text=False, text_trouble="landline")) == "no texts: landline"
        assert why_no_text(context, nobody) == "no texts: no number that takes them"
        work.sms.add_text_request(a_text_request(recipient=CALLER, is_out=True))
        assert why_no_text(context, ticket) == "no texts: opted out"
