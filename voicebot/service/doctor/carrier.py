"""Whether the carrier's account and number are fit to serve. It is accepted, active, no trial, ours and set to us, and
its clock agrees.

Source: twilio.md 1.7, 1.9, 1.10 (Twilio, usage/trials, phone-numbers/api/incomingphonenumber-resource,
messaging/services; read November 2026).
Knows: what an account needs. Must not know: the carrier's API.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from urllib.parse import urlsplit

from voicebot.errors import Unavailable
from voicebot.service.doctor.finding import Finding, broken, doubt, fine
from voicebot.service.ports import CarrierNumber, TextGroup
from voicebot.service.ports.account import AccountFacts, CarrierSaidNo

CLOCK_APART_S = 60
CLOCK_DOUBT_S = 5
NOT_AUTHENTICATED = (401, 403)
CONNECT = "run `voicebot twilio connect`"
DETACH = "run `voicebot twilio connect --detach`, which clears it and keeps what was there"


def asked(look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Yield what a check finds that asks the carrier. Its refusals become findings."""
    try:
        yield from look()
    except CarrierSaidNo as refusal:
        yield _refused(refusal)
    except Unavailable as problem:
        yield broken(
            f"Twilio did not answer: {problem}",
            cure="see whether this machine reaches https://api.twilio.com, and https://status.twilio.com",
        )


def _refused(refusal: CarrierSaidNo) -> Finding:
    if refusal.status == NOT_AUTHENTICATED[0]:
        return broken(
            f"Twilio does not accept the credentials (error {refusal.code})",
            cure="copy account SID and *primary* auth token from the account's console page into TWILIO_ACCOUNT_SID "
            "and TWILIO_AUTH_TOKEN; an API key does not do, for the auth token signs the webhooks",
        )
    return broken(
        f"Twilio refused to tell (HTTP {refusal.status}, error {refusal.code})",
        cure=f"look up the error at https://www.twilio.com/docs/api/errors/{refusal.code}",
    )


def account(facts: AccountFacts) -> Iterator[Finding]:
    """Look whether the account, whose credentials were accepted, is active and no trial."""
    if facts.status != "active":
        yield broken(
            f"the account is {facts.status}: it neither takes calls nor sends texts",
            cure="put the account in order in Twilio's console (billing, or an open question from their support)",
        )
        return
    if facts.is_trial:
        yield broken(
            "the account is on trial: Twilio strips our streams and recordings, cuts calls at ten minutes and texts "
            "verified numbers only",
            cure="upgrade the account in Twilio's console",
        )
        return
    yield fine("the credentials are accepted; the account is active and no trial")


def clock(facts: AccountFacts, now: datetime) -> Iterator[Finding]:
    """Compare our clock with the carrier's, because every promise is an instant."""
    if facts.carrier_time is None:
        yield doubt("Twilio's answer tells no time", cure="see that this machine's clock is kept by NTP")
        return
    apart_s = (now - facts.carrier_time).total_seconds()
    found = f"our clock is {abs(apart_s):.0f} s {'ahead of' if apart_s > 0 else 'behind'} Twilio's"
    cure = "let this machine's clock be kept by NTP (`timedatectl set-ntp true`)"
    if abs(apart_s) > CLOCK_APART_S:
        yield broken(f"{found}: promises would be due at wrong instants", cure=cure)
    elif abs(apart_s) > CLOCK_DOUBT_S:
        yield doubt(found, cure=cure)
    else:
        yield fine(f"our clock and Twilio's agree to {max(abs(apart_s), 1):.0f} s")


def number(facts: CarrierNumber | None, public_url: str) -> Iterator[Finding]:
    """Look whether the number is the account's, can call and text, and whether its calls and texts come to us."""
    if facts is None:
        yield broken(
            "the number in TWILIO_PHONE_NUMBER is not this account's",
            cure="set TWILIO_PHONE_NUMBER to a number of this account, or use the account that owns it",
        )
        return
    yield _capabilities(facts)
    yield _calls_come(facts, public_url)
    yield _texts_come(facts, public_url)


def _capabilities(facts: CarrierNumber) -> Finding:
    missing = [what for what, has in (("calls", facts.takes_calls), ("texts", facts.takes_texts)) if not has]
    if not missing:
        return fine("the number is this account's and can call and text")
    if "calls" in missing:
        return broken("the number takes no calls", cure="use a number with voice in TWILIO_PHONE_NUMBER")
    return broken(
        "the number sends no texts: no caller would get the case number, no member of staff a warning",
        cure="use a number with voice and SMS in TWILIO_PHONE_NUMBER",
    )


def _calls_come(facts: CarrierNumber, public_url: str) -> Finding:
    if facts.settings.get("trunk_sid"):
        return broken(
            "the number belongs to a SIP trunk, which takes its calls in our place",
            cure=DETACH,
        )
    if facts.settings.get("voice_receive_mode") == "fax":
        return broken("the number takes faxes in place of calls", cure=CONNECT)
    if facts.settings.get("voice_application_sid"):
        return broken("a TwiML application answers the number's calls in our place", cure=DETACH)
    return _come("calls", facts, setting="voice", wanted=f"{public_url}/twilio/voice")


def _texts_come(facts: CarrierNumber, public_url: str) -> Finding:
    if facts.settings.get("sms_application_sid"):
        return broken("a TwiML application takes the number's texts in our place", cure=DETACH)
    return _come("texts", facts, setting="sms", wanted=f"{public_url}/twilio/sms")


def _come(what: str, facts: CarrierNumber, *, setting: str, wanted: str) -> Finding:
    url = facts.settings.get(f"{setting}_url", "").partition("#")[0]
    if not url:
        return broken(f"the number's {what} go nowhere", cure=CONNECT)
    if url != wanted:
        is_ours = urlsplit(url).netloc == urlsplit(wanted).netloc
        where = "another path of our address" if is_ours else urlsplit(url).netloc
        return broken(f"the number's {what} go to {where}, not to {wanted}", cure=CONNECT)
    if facts.settings.get(f"{setting}_method") == "GET":
        return broken(f"the number's {what} come by GET, and we take POST only", cure=CONNECT)
    return fine(f"the number's {what} come to us")


def text_group(group: TextGroup | None) -> Iterator[Finding]:
    """Look whether a Messaging Service keeps inbound texts from us."""
    if group is None:
        yield fine("the number is in no Messaging Service, so its texts go by its own settings")
    elif group.sends_to_number:
        yield fine(f"the Messaging Service {group.name!r} leaves inbound texts to the number")
    else:
        yield broken(
            f"the Messaging Service {group.name!r} takes the number's inbound texts: people's answers never come to us",
            cure=CONNECT,
        )


def fallback(facts: CarrierNumber, public_url: str) -> Iterator[Finding]:
    """Look whether somebody answers a call when our host does not."""
    cure = (
        "put the answer that `voicebot doctor --last-resort` prints on another host (a TwiML Bin in Twilio's console "
        "will do) and run `voicebot twilio connect --fallback-url URL` with its address"
    )
    url = facts.settings.get("voice_fallback_url", "")
    if not url:
        yield broken("the number has no fallback: when we do not answer the caller hears an error", cure=CONNECT)
    elif urlsplit(url).hostname == urlsplit(public_url).hostname:
        yield doubt(
            "the number's fallback lies on our own host: when that is down the caller hears an error and the call ends",
            cure=cure,
        )
    else:
        yield fine("the number's fallback lies on another host")
