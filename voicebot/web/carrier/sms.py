"""SMS webhooks. They bring texts that people send us, and receipts of texts that we sent.

Knows: routes, telephony, use cases. Must not know: what a text does to a case.
"""

from flask import Flask, Response, request

from voicebot.service.hotline import Hotline
from voicebot.service.outbox.sms import record_receipt
from voicebot.service.ticket.inbound_text import IncomingText, log_text
from voicebot.telephony.text_webhooks import sms_arrived, sms_receipt
from voicebot.telephony.twiml import answer_nothing
from voicebot.web.guard.guards import Guard, guarded
from voicebot.web.resilience.report_retry import ReportRetryQueue


class SmsWebhooks:
    """Routes under `/twilio/sms`."""

    def __init__(self, hotline: Hotline, owed: ReportRetryQueue) -> None:
        self._hotline = hotline
        self._owed = owed

    def register(self, app: Flask) -> None:
        """Add the routes."""
        app.add_url_rule("/twilio/sms", "sms", self.text, methods=["POST"])
        app.add_url_rule("/twilio/sms/status", "sms_status", self.receipt, methods=["POST"])

    @guarded(Guard.SIGNATURE)
    def text(self) -> Response:
        """Log a text to its sender's case. The answer is empty, for replies go through the outbox.

        A text that only this process's memory holds is refused (503). Then the carrier brings it again.
        """
        arrived = sms_arrived(request.form)
        text = IncomingText(
            message_sid=arrived.message_sid,
            sender=arrived.sender,
            body=arrived.body,
            opt_out=arrived.opt_out,
            files=arrived.files,
        )
        kept = self._owed.take(lambda: log_text(self._hotline, text))
        if kept.status_code == 503:
            return kept
        return Response(answer_nothing(), mimetype="text/xml")

    @guarded(Guard.SIGNATURE)
    def receipt(self) -> Response:
        """Note what became of a text of ours."""
        receipt = sms_receipt(request.form)
        return self._owed.take(
            lambda: record_receipt(self._hotline, receipt.message_sid, receipt.status, receipt.error_code)
        )
