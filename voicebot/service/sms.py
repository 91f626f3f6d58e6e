"""Texts on their way: composed once, sent once, looked up when nobody knows, receipts ranked.

The row (outbox) is written with the deed that wants the text; the worker claims it by compare-and-set, asks
once more whether the text is still true, and hands it over. Only a 429 is tried again, because only then is it
sure that nothing was sent; after a time-out the carrier is asked what it has.
Knows: the outbox, number gate, caps. Must not know: which deed wants which text (text_truth.py, callers of compose).
Source: complaints.md 5 (states, error classes, create calls are not idempotent), twilio.md 1.6 and 1.12.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from voicebot.domain.sms import Sms, SmsState
from voicebot.domain.ticket import HistoryEntry, Ticket
from voicebot.service.hotline import Hotline
from voicebot.service.job_names import SEND_SMS
from voicebot.service.number_gate import callable_number
from voicebot.service.ports import SmsBusy, SmsRefused, SmsUncertain, UnitOfWork
from voicebot.service.scene import ticket_of
from voicebot.service.text_truth import why_no_longer_true

log = structlog.get_logger(__name__)

MOST_TEXTS_A_DAY = 12
"""Texts to one complainant's number in 24 hours; SMS pumping pays per text (twilio.md 1.12)."""

MOST_STAFF_TEXTS_A_DAY = 200
"""The same for staff, who get one for each step of each case; beyond it the phone is no longer read."""

FIRST_BACK_OFF = timedelta(seconds=5)
LONGEST_BACK_OFF = timedelta(minutes=10)
MOST_ATTEMPTS = 20
"""Attempts answered by 429 before the text is given up and the ticket says so; about three hours."""
MOST_LOST_ATTEMPTS = 3
"""Attempts that ended without an answer and left nothing at the carrier."""

LOOK_UP_AFTER = timedelta(minutes=1)
"""The carrier's list shows a text a little after it was created."""
STUCK_AFTER = timedelta(hours=1)
"""A text that the carrier has and sends no receipt for is asked about after this."""
GIVEN_UP_AFTER = timedelta(days=2)
"""A carrier that still says `sent` after so long will not say more."""
