"""SMS webhooks."""

from tests.service.lines import CALLER
from tests.web.desk import MESSAGE_SID, Desk
from voicebot.domain.ticket import Channel


def _text(**changes: str) -> dict[str, str]:
    return {"MessageSid": MESSAGE_SID, "From": CALLER, "To": "+12025550100", "Body": "It broke again"} | changes


def test_a_text_without_a_case_opens_one_and_is_answered_by_nothing(desk: Desk) -> None:
    assert desk.twiml("/twilio/sms", _text()) == '<?xml version="1.0" encoding="UTF-8"?><Response />'
    with desk.line.work() as work:
        (ticket,) = work.tickets.all()
    assert (ticket.channel, ticket.problem) == (Channel.SMS, "It broke again")


def test_a_text_delivered_twice_is_logged_once(desk: Desk) -> None:
    desk.twiml("/twilio/sms", _text())
    desk.twiml("/twilio/sms", _text())
    with desk.line.work() as work:
        (ticket,) = work.tickets.all()
        assert len(work.tickets.answers(ticket.id)) == 1


def test_stop_opens_no_case(desk: Desk) -> None:
    desk.twiml("/twilio/sms", _text(Body="STOP", OptOutType="STOP"))
    with desk.line.work() as work:
        assert not work.tickets.all()


def test_a_receipt_is_kept_in_any_order(desk: Desk) -> None:
    for status in ("delivered", "sent", "delivered"):
        form = {"MessageSid": MESSAGE_SID, "MessageStatus": status}
        assert desk.post("/twilio/sms/status", form).status_code == 204
    with desk.line.work() as work:
        assert not work.sms.add_receipt(MESSAGE_SID, "delivered", None, desk.line.clock.now())


def test_a_receipt_without_its_message_is_refused(desk: Desk) -> None:
    assert desk.post("/twilio/sms/status", {"MessageStatus": "sent"}).status_code == 400
