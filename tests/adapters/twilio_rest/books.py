"""The pretend carrier's books as the real client reads them: calls and recordings at instants of a test's choosing."""

from datetime import UTC, datetime

from voicebot.adapters.twilio_rest import TwilioAccount
from voicebot.simulator import CarrierOptions, PacedClock, PretendCarrier, Recording
from voicebot.simulator.ledger import CallEntry, Message, new_sid
from voicebot.simulator.line import LineCall

ACCOUNT, TOKEN = "AC" + "1" * 32, "a token"
NUMBER, CALLER = "+15035550100", "+15035550123"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def a_carrier(options: CarrierOptions | None = None) -> PretendCarrier:
    """Make a carrier whose clock begins at noon, its API open."""
    clock = PacedClock(1.0, start=NOON)
    carrier = PretendCarrier(ACCOUNT, TOKEN, NUMBER, "http://127.0.0.1:9", clock=clock, options=options)
    carrier.serve_api()
    return carrier


def account_of(carrier: PretendCarrier, **changes: str) -> TwilioAccount:
    """Return the account as our adapters want it."""
    given = {
        "account_sid": ACCOUNT,
        "auth_token": TOKEN,
        "sender": NUMBER,
        "status_callback_url": "https://hotline.example/twilio/sms/status",
        "api_url": carrier.api_url,
    } | changes
    return TwilioAccount(**given)


def rang(carrier: PretendCarrier, at: datetime, *, status: str = "completed", **changes: str) -> str:
    """Write a call into the books and return its sid."""
    given = {"from_number": CALLER, "to_number": NUMBER, "direction": "inbound"} | changes
    call = LineCall(new_sid("CA"), status=status, **given)  # type: ignore[arg-type]
    ended_at = None if status in ("ringing", "in-progress") else at
    carrier.ledger.calls[call.sid] = CallEntry(call, at, at, ended_at)
    return call.sid


def wrote(carrier: PretendCarrier, at: datetime, body: str = "hello", **changes: str) -> str:
    """Write a text into the books and return its sid."""
    given = {"sender": CALLER, "recipient": NUMBER, "direction": "inbound", "status": "received"} | changes
    message = Message(new_sid("SM"), body=body, created_at=at, updated_at=at, sent_at=at, **given)  # type: ignore[arg-type]
    carrier.ledger.messages[message.sid] = message
    return message.sid


def recorded(carrier: PretendCarrier, at: datetime, *, status: str = "completed", ready_at_s: float = 0) -> str:
    """Write a recording into the books and return its sid."""
    sid = new_sid("RE")
    carrier.ledger.recordings[sid] = Recording(sid, new_sid("CA"), b"", 7, at, ready_at_s, status)
    return sid
