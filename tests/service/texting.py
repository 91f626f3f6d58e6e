"""A complainant who writes."""

from tests.service.lines import CALLER, Line
from voicebot.domain.ticket import Ticket
from voicebot.service.ticket.inbound_text import IncomingText, log_text


def write_text(line: Line, body: str, sid: str, *, sender: str = CALLER) -> None:
    """Let somebody write, and run what that enqueues."""
    log_text(line.hotline, IncomingText(message_sid=sid, sender=sender, body=body))
    line.run_jobs()


def cases(line: Line) -> list[Ticket]:
    """Return every case."""
    with line.work() as work:
        return list(work.tickets.all())
