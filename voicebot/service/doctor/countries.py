"""Whether the account may ring and text the countries we promise callbacks to, and whether it may ring too many.

Source: twilio.md 1.9, 1.12 (Twilio, voice/api/dialingpermissions; accounts/v1/Messaging/GeoPermissions; messaging
compliance A2P 10DLC and toll-free verification; read November 2026).
Knows: regions, permissions. Must not know: the carrier's API.
"""

from collections.abc import Iterable, Iterator, Mapping

from voicebot.domain.phone import is_toll_free
from voicebot.service.doctor.finding import Finding, broken, doubt, fine
from voicebot.service.doctor.senders import rule_against
from voicebot.service.ports import CarrierNumber, TextGroup
from voicebot.service.ports.account import CarrierAccount

SHARED_PERMISSION = {"CA": "US"}
"""Twilio keeps one dialling permission for countries that share a code, so Canada's stands under US."""
MOST_OTHER_COUNTRIES = 5
"""A new account may text its home country. So many more are somebody's choice, beyond it nobody's."""
_TEXT_PERMISSIONS = "in Twilio's console under Messaging, Settings, Geo permissions"
_VOICE_PERMISSIONS = "in Twilio's console under Voice, Settings, Geo permissions"
VERIFIED_CAMPAIGN = "VERIFIED"
VERIFIED_TOLL_FREE = "TWILIO_APPROVED"


def voice(account: CarrierAccount, countries: Iterable[str]) -> Iterator[Finding]:
    """Look whether each country may be rung, and whether its premium and fraud ranges are shut."""
    shut, special, fraud = [], [], []
    for country in sorted(countries):
        facts = account.dialling(SHARED_PERMISSION.get(country, country))
        shut += [] if facts.ordinary else [country]
        special += [country] if facts.special else []
        fraud += [country] if facts.toll_fraud else []
    if shut:
        yield broken(
            f"the account may not ring {_listed(shut)} (error 21215)",
            cure=f"allow them {_VOICE_PERMISSIONS}",
        )
    for ranges, what in ((fraud, "ranges known for toll fraud"), (special, "premium and special numbers")):
        if ranges:
            yield doubt(
                f"the account may ring {what} in {_listed(ranges)}: we never do, a thief of the token would",
                cure=f"shut them {_VOICE_PERMISSIONS}",
            )
    if not (shut or special or fraud):
        yield fine(f"the account may ring {_listed(countries)}, premium and fraud ranges are shut")


def texts(account: CarrierAccount, countries: Iterable[str]) -> Iterator[Finding]:
    """Look whether each country may be texted, and not many others."""
    allowed = account.texting()
    wanted = sorted(countries)
    unknown = [country for country in wanted if _may_text(allowed, country) is None]
    shut = [country for country in wanted if _may_text(allowed, country) is False]
    others = {country for country, is_open in allowed.items() if is_open} - set(wanted)
    if shut:
        yield broken(f"the account may not text {_listed(shut)} (error 21408)", cure=f"allow them {_TEXT_PERMISSIONS}")
    if unknown:
        yield doubt(
            f"Twilio does not tell whether the account may text {_listed(unknown)}", cure=f"look {_TEXT_PERMISSIONS}"
        )
    if len(others) > MOST_OTHER_COUNTRIES:
        yield doubt(
            f"the account may text {len(others)} countries that we never text: more doors for fraud than needed",
            cure=f"shut them {_TEXT_PERMISSIONS}",
        )
    if not (shut or unknown or len(others) > MOST_OTHER_COUNTRIES):
        yield fine(f"the account may text {_listed(wanted)}")


def _may_text(allowed: Mapping[str, bool], country: str) -> bool | None:
    return allowed.get(country, allowed.get(SHARED_PERMISSION.get(country, country)))


def senders(countries: Iterable[str], *, own_region: str) -> Iterator[Finding]:
    """Look which countries cannot be texted from a number of ours, whatever the account may."""
    wanted = sorted(countries)
    found = False
    for country in wanted:
        rule = rule_against(country, own_region=own_region)
        if rule is not None:
            found = True
            yield broken(f"texts to {country} from our number do not arrive: {rule.why}", cure=rule.cure)
    if not found:
        yield fine(f"a number from {own_region} can text {_listed(wanted)}")


def united_states(account: CarrierAccount, number: CarrierNumber, group: TextGroup | None) -> Iterator[Finding]:
    """Look whether the number is registered for texts to the United States."""
    if is_toll_free(number.number):
        yield _toll_free(account.toll_free_state(number.sid))
        return
    states = () if group is None else account.campaign_states(group.sid)
    if VERIFIED_CAMPAIGN in states:
        yield fine("the number is registered for texts to the United States (A2P 10DLC)")
        return
    found = f"its registration is {', '.join(states).lower()}" if states else "it is not registered (A2P 10DLC)"
    yield broken(
        f"texts to the United States are refused (error 30034), for the number: {found}",
        cure="register brand and campaign in Twilio's console under Messaging, Regulatory compliance, and put the "
        "number into the campaign's Messaging Service",
    )


def _toll_free(state: str) -> Finding:
    if state == VERIFIED_TOLL_FREE:
        return fine("the toll-free number is verified for texts to the United States and Canada")
    found = f"its verification is {state.replace('_', ' ').lower()}" if state else "nobody asked for its verification"
    return broken(
        f"texts to the United States and Canada are refused (error 30032), for the toll-free number: {found}",
        cure="ask for toll-free verification in Twilio's console under Messaging, Regulatory compliance",
    )


def _listed(countries: Iterable[str]) -> str:
    return ", ".join(sorted(countries)) or "no country"
