"""Whether a signed webhook is for this hotline. It holds its account and its number against ours.

A signature says who sent a request, not for whom. The same account signs for other numbers, and a request that was
signed once may be brought again elsewhere. What cannot be compared is let pass, such as a field that is missing, or an
address that holds no number (a SIP name, a name at a messenger).
Source: Twilio, voice/twiml (request parameters), messaging/guides/webhook-request (twilio.md 1.1, 1.6); a messenger's
number is written `whatsapp:+12025550100` (messaging/api/message-resource).
Knows: the carrier's field names. Must not know: HTTP, signatures.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from voicebot.domain.phone import region_of, to_e164

_CAME = "received"
_COMING = frozenset({_CAME, "receiving"})
"""What a text that comes to us may say of itself, because any other status is told of one that we sent."""

_AT_MESSENGER = re.compile(r"[A-Za-z]+:(\+[0-9]{6,15})")


@dataclass(frozen=True, kw_only=True, slots=True)
class Addressee:
    """Who we are at the carrier."""

    account_sid: str = ""
    """Empty means that no account is set, and none is compared."""
    numbers: frozenset[str] = frozenset()
    """E.164, with every number whose calls and texts are ours. Empty means that none is set, and none is compared."""


def why_not_ours(form: Mapping[str, str], addressee: Addressee) -> str:
    """Return the field by which a webhook is somebody else's, or empty text when it is ours."""
    # A sub-account signs with a token of its own, so its requests have failed before this.
    account_sid = form.get("AccountSid", "")
    if account_sid and addressee.account_sid and account_sid != addressee.account_sid:
        return "AccountSid"
    if form.get("MessageStatus", _CAME) not in _COMING:
        return ""  # a receipt, sent by any number of the account; it moves a text of ours, known by its sid, or nothing
    # A forwarded call names us in `To` all the same, and the other telephone in `ForwardedFrom` (twilio.md 1.1).
    side = "From" if form.get("Direction", "").startswith("outbound") else "To"
    number = _number_in(form.get(side, ""), _home(addressee))
    return "" if number is None or not addressee.numbers or number in addressee.numbers else side


def _number_in(address: str, home: str | None) -> str | None:
    """Return the number of an address, also where a messenger's name stands before it."""
    found = _AT_MESSENGER.fullmatch(address.strip())
    return to_e164(found[1] if found else address, home)


def _home(addressee: Addressee) -> str | None:
    return next((region_of(number) for number in sorted(addressee.numbers)), None)
