"""Reads every line that a hotline logged for what must never be there: telephone numbers and words of callers.

What to look for comes from the hotline's own database and its carrier: who rang, what they keyed, what was heard of
them, what was texted to them. Three words in a row are enough to be somebody's sentence.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import structlog

from voicebot.adapters.log import configure_log
from voicebot.domain.ticket import Ticket
from voicebot.service.ports import UnitOfWork
from voicebot.simulator.carrier import PretendCarrier

NUMBER = re.compile(r"\+\d{7,15}")
TOKEN = re.compile(r"/twilio/media/\w+/\w{16,}")
SEPARATORS = re.compile(r"[ ().-]")
WORDS_IN_A_ROW = 3
NATIONAL_DIGITS = 10
"""Of the numbers that tests ring from: a log may leave out the country."""


class Hotline(Protocol):
    """A house or a service, as far as its log is read."""

    carrier: PretendCarrier

    def work(self) -> UnitOfWork: ...


@contextmanager
def logged_to(path: Path) -> Iterator[None]:
    """Log into a file as a service would, and leave the process as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    with path.open("a") as stream:
        configure_log(level="INFO", is_json=True, stream=stream)
        try:
            yield
        finally:
            structlog.reset_defaults()
            root.handlers[:], root.level = handlers, level


def told_secrets(log: Path, hotline: Hotline) -> list[str]:
    """Return the lines of the log that tell who rang, what was said, or how to join a call."""
    secrets = {secret.lower() for secret in _secrets(hotline) if secret.strip()}
    lines = log.read_text().splitlines()
    assert lines, "a hotline that logged nothing was not listened to"
    return [line for line in lines if _tells(line.lower(), secrets)]


def _tells(line: str, secrets: set[str]) -> bool:
    if NUMBER.search(line) or TOKEN.search(line):
        return True
    together = SEPARATORS.sub("", line)
    return any(secret in (together if secret.isdigit() else line) for secret in secrets)


def refuse_told_secrets(log: Path, hotline: Hotline) -> None:
    """Fail where a line tells one."""
    assert told_secrets(log, hotline) == [], "a log tells who rang, what was said, or how to join a call"


def _secrets(hotline: Hotline) -> Iterator[str]:
    with hotline.work() as work:
        for ticket in work.tickets.all():
            yield from _secrets_of(work, ticket)
    for message in list(hotline.carrier.ledger.messages.values()):
        yield from (message.recipient.lstrip("+"), *_rows(message.body))


def _secrets_of(work: UnitOfWork, ticket: Ticket) -> Iterator[str]:
    numbers = [ticket.complainant_number, *(call.caller_number for call in work.calls.of_ticket(ticket.id))]
    for number in filter(None, numbers):
        yield from (number.lstrip("+"), number[-NATIONAL_DIGITS:])
    texts = [ticket.problem, ticket.demand, *(answer.text for answer in work.tickets.answers(ticket.id))]
    for text in texts:
        yield from _rows(text)


def _rows(text: str) -> Iterable[str]:
    words = text.split()
    return [" ".join(words[at : at + WORDS_IN_A_ROW]) for at in range(len(words) - WORDS_IN_A_ROW + 1)]
