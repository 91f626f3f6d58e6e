"""A complainant who writes."""

from tests.service.lines import CALLER, Line
from voicebot.service.ticket.inbound_text import IncomingText, log_text


def write_text(line: Line, body: str, sid: str) -> None:
    log_text(line.hotline, IncomingText(message_sid=sid, sender=CALLER, body=body))
    line.run_jobs()
