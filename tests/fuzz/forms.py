"""Forms as the carrier never sends them: known fields with hostile values, unknown fields, doubled ones.

The names are those of twilio.md 1.1, 1.4 and 1.6, so that values come to every reader of ours and not only to the
first check.
"""

import string

from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from tests.service.lines import CALLER, OWN

_NAMES = """
AccountSid AddOns ApiVersion AnsweredBy Body CallDuration CallSid CallStatus CallToken Called Caller CallerName
Confidence Digits Direction ErrorCode ErrorUrl From FromCity FromCountry ForwardedFrom MediaContentType0 MediaUrl0
MessageSid MessageStatus MessagingServiceSid NumMedia NumSegments OptOutType ParentCallSid RawDlrDoneDate
RecordingDuration RecordingSid RecordingStatus RecordingUrl SequenceNumber SmsSid SmsStatus SpeechResult
DialBridged DialCallDuration DialCallSid DialCallStatus
StirVerstat StreamError StreamEvent StreamSid Timestamp To
"""
NAMES = _NAMES.split()

SIDS = [prefix + "0123456789abcdef" * 2 for prefix in ("CA", "RE", "SM", "MM", "AC", "MZ")]
HOSTILE = [
    "",
    "0",
    "-1",
    "1e999",
    "NaN",
    "9" * 400,
    "\x00",
    "\x1b[31m",
    "<script>alert(1)</script>",
    "'; drop table tickets; --",
    "../../etc/passwd",
    "%2e%2e%2f",
    "http://127.0.0.1:1/secret",
    "{company}",
    "{0.__class__}",
    "]]>",
    "\u202eabc",
    "\U0001f621" * 40,
    "a" * 20_000,
    "+266696687",
    "anonymous",
    "client:somebody",
    "sip:somebody@somewhere.example",
    "hangup",
    "1234567890*#",
]
_WORDS = """
queued ringing in-progress completed busy failed no-answer canceled sent delivered undelivered accepted absent
inbound outbound-api true false STOP START HELP Restricted
"""
WORDS = _WORDS.split()
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
VALUES = st.one_of(
    st.sampled_from([*HOSTILE, *SIDS, CALLER, OWN, *WORDS]),
    st.integers(-(2**70), 2**70).map(str),
    TEXTS,
    st.text(string.digits + "*#+", max_size=20),
)
FIELDS = st.tuples(st.sampled_from(NAMES) | TEXTS, VALUES)


def forms() -> st.SearchStrategy[MultiDict[str, str]]:
    """Return any form, doubled fields included."""
    return st.lists(FIELDS, max_size=14).map(MultiDict)
