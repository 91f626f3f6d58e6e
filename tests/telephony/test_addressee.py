"""For whom a signed webhook is."""

import pytest

from voicebot.telephony.addressee import Addressee, why_not_ours

OURS, SECOND, THEIRS = "+12025550100", "+12025550101", "+12025550199"
ACCOUNT = "AC" + "0" * 32
US = Addressee(account_sid=ACCOUNT, numbers=frozenset({OURS, SECOND}))


@pytest.mark.parametrize(
    "form",
    [
        {"AccountSid": ACCOUNT, "To": OURS, "From": THEIRS, "Direction": "inbound"},
        {"AccountSid": ACCOUNT, "To": SECOND, "From": THEIRS},
        {"AccountSid": ACCOUNT, "To": "sip:+12025550100@harbour.sip.example", "From": THEIRS},
        {"AccountSid": ACCOUNT, "To": "2025550100", "From": THEIRS},
        {"AccountSid": ACCOUNT, "To": OURS, "From": THEIRS, "ForwardedFrom": THEIRS},  # sent on to us
        {"AccountSid": ACCOUNT, "To": "sip:hotline@harbour.sip.example"},  # no number to compare
        {"AccountSid": ACCOUNT, "To": f"whatsapp:{OURS}", "From": f"whatsapp:{THEIRS}"},
        {"AccountSid": ACCOUNT, "To": "messenger:1234567890123"},  # a page, no number
        {"AccountSid": ACCOUNT, "To": THEIRS, "From": OURS, "Direction": "outbound-api"},
        {"AccountSid": ACCOUNT, "To": THEIRS, "From": OURS, "Direction": "outbound-dial"},
        {"AccountSid": ACCOUNT, "To": THEIRS, "From": OURS, "MessageStatus": "delivered"},  # a receipt
        {"AccountSid": ACCOUNT, "To": THEIRS, "From": "HARBOUR", "MessageStatus": "sent"},  # by name
        {"AccountSid": ACCOUNT, "RecordingSid": "RE1"},  # a recording's callback names no number
        {"To": OURS},
        {},
    ],
)
def test_what_is_ours_or_cannot_be_compared_passes(form: dict[str, str]) -> None:
    assert why_not_ours(form, US) == ""


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"AccountSid": "AC" + "1" * 32, "To": OURS}, "AccountSid"),
        ({"AccountSid": ACCOUNT, "To": THEIRS}, "To"),
        ({"AccountSid": ACCOUNT, "To": THEIRS, "From": OURS, "Direction": "inbound"}, "To"),
        ({"AccountSid": ACCOUNT, "To": "sip:+12025550199@harbour.sip.example"}, "To"),
        ({"AccountSid": ACCOUNT, "To": THEIRS, "From": OURS, "MessageStatus": "received"}, "To"),
        ({"AccountSid": ACCOUNT, "To": f"whatsapp:{THEIRS}", "From": f"whatsapp:{OURS}"}, "To"),
        ({"AccountSid": ACCOUNT, "To": f"WhatsApp:{THEIRS}"}, "To"),
        ({"AccountSid": ACCOUNT, "To": f"rcs:{THEIRS}"}, "To"),
        ({"AccountSid": ACCOUNT, "To": OURS, "From": THEIRS, "Direction": "outbound-api"}, "From"),
        ({"AccountSid": ACCOUNT, "To": OURS, "From": f"whatsapp:{THEIRS}", "Direction": "outbound-api"}, "From"),
        ({"AccountSid": "AC" + "1" * 32, "To": THEIRS, "From": OURS, "MessageStatus": "sent"}, "AccountSid"),
    ],
)
def test_what_is_somebody_else_s_says_by_which_field(form: dict[str, str], field: str) -> None:
    assert why_not_ours(form, US) == field


def test_what_is_not_set_is_not_compared() -> None:
    assert why_not_ours({"AccountSid": ACCOUNT, "To": THEIRS}, Addressee()) == ""
