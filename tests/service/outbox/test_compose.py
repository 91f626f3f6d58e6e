"""Texts composed."""

from dataclasses import replace

import pytest

from tests.adjustments import keep
from tests.builders import a_promise, a_text_request
from tests.service.lines import CALLER, OWNER, Line, with_rules
from voicebot.domain.adjustment import AdjustmentKind
from voicebot.domain.case_number import written
from voicebot.domain.sms import Draft, SmsState, body_size
from voicebot.service.hotline import context_of
from voicebot.service.outbox.compose import (
    Template,
    case_link,
    compose,
    compose_to_complainant,
    slots_of,
    why_no_text,
)
from voicebot.service.outbox.purpose import TextKind, purpose


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


@pytest.mark.requirement("V-05")
def test_no_text_is_left_where_no_message_may_be_unless_texts_are_what_they_asked_for(line: Line) -> None:
    ticket = line.ticket(line.ring())
    keep(line, AdjustmentKind.NO_MESSAGE)
    with line.work() as work:
        assert why_no_text(context_of(line.hotline, work), ticket) == "no texts: do not leave a message"
    keep(line, AdjustmentKind.TEXT_ONLY)
    with line.work() as work:
        assert why_no_text(context_of(line.hotline, work), ticket) == ""


@pytest.mark.parametrize(
    ("public_url", "whole", "one"),
    [
        ("", "voicebot tickets", "voicebot tickets show {}"),
        ("https://hotline.example", "https://hotline.example/console/", "https://hotline.example/console/cases/{}"),
    ],
)
def test_staff_are_led_to_a_case_by_its_page_or_where_there_is_none_by_a_command(
    line: Line, public_url: str, whole: str, one: str
) -> None:
    ticket = line.ticket(line.ring())
    number = ticket.case_number if public_url else written(ticket.case_number)
    with_rules(line, public_url=public_url)
    assert case_link(line.hotline.rules, None) == whole
    assert case_link(line.hotline.rules, ticket) == one.format(number)


def test_a_list_to_management_stands_with_a_case_and_not_in_its_history(line: Line) -> None:
    ticket = line.ticket(line.ring())
    key = purpose(TextKind.MORNING, "2026-11-18", "executive_1")
    draft = Draft(
        purpose=key,
        template=Template.STAFF_MORNING,
        slots=dict.fromkeys(("company", "date", "missed", "today", "decisions", "link"), "x"),
    )
    with line.work() as work:
        compose(context_of(line.hotline, work), ticket, draft, recipient=OWNER)
        (sms,) = work.sms.of_ticket(ticket.id)
        work.commit()
    assert (sms.recipient, line.jobs_waiting.count(("send_sms", sms.id))) == (OWNER, 1)
    assert "text_composed" not in line.verbs(ticket.id)


def test_where_no_text_can_be_sent_the_owner_reads_which_and_why(line: Line) -> None:
    ticket = replace(line.ticket(line.ring()), may_text=False, text_trouble="landline")
    with line.work() as work:
        context = context_of(line.hotline, work)
        draft = Draft(purpose="call_end:x", template=Template.SILENT_CALLER, slots=slots_of(context, ticket, None))
        assert not compose_to_complainant(context, ticket, draft)
        entry = work.tickets.history(ticket.id)[-1]
        assert work.sms.of_ticket(ticket.id) == []
    assert (entry.verb, entry.before, entry.after) == (
        "text_impossible",
        Template.SILENT_CALLER,
        "no texts: landline",
    )
