"""Reads the account at Twilio. It tells what it is, whom it may ring and text, and what is approved. Changes nothing.

Source: Twilio, iam/api/account, voice/api/dialingpermissions-country-resource, accounts/v1/Messaging/GeoPermissions,
trust-hub/trusthub-rest-api/customer-profiles, messaging/api/us-a2p and tollfree-verification (read November 2026). The
package 9.13 knows all of them, while the published OpenAPI lacks GeoPermissions. The policy sids are those that
Twilio's Policies resource names "Primary" and "Secondary Customer Profile of type Business".
Knows: the twilio package. Must not know: what makes an account fit.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from voicebot.adapters.twilio_rest.client import (
    TROUBLE,
    TwilioAccount,
    code_of,
    open_client,
    raise_unavailable,
    status_of,
)
from voicebot.service.ports.account import AccountFacts, Approval, CarrierSaidNo, DiallingFacts

BUSINESS_POLICIES = frozenset({"RN6433641899984f951173ef1738c3bdd0", "RNdfbf3fae0e1107f8aded0e7cead80bf5"})
APPROVED = "twilio-approved"
MOST_LISTED = 50
TOO_MANY_REQUESTS = 429


class TwilioAccountReader:
    """Fulfils `service.ports.account.CarrierAccount`."""

    def __init__(self, account: TwilioAccount) -> None:
        self._account_sid = account.account_sid
        self._client = open_client(account)

    def account(self) -> AccountFacts:
        """Return what the account is, and what time Twilio's answer told. Raises: CarrierSaidNo, Unavailable."""
        with _reading("read the account"):
            answer = self._client.api.v2010.accounts(self._account_sid).fetch_with_http_info()
            return AccountFacts(
                status=str(answer.data.status),
                is_trial=str(answer.data.type) == "Trial",
                carrier_time=_time_of(answer.headers),
            )

    def approval(self) -> Approval:
        """Return the best profile that is approved. Raises: CarrierSaidNo, Unavailable."""
        with _reading("read the account's profiles"):
            profiles = self._client.trusthub.v1.customer_profiles.list(status=APPROVED, limit=MOST_LISTED)
            policies = {str(profile.policy_sid) for profile in profiles}
        if policies & BUSINESS_POLICIES:
            return Approval.BUSINESS
        return Approval.INDIVIDUAL if policies else Approval.NONE

    def dialling(self, country: str) -> DiallingFacts:
        """Return what may be dialled in a country. Raises: CarrierSaidNo, Unavailable."""
        with _reading("read the dialling permissions"):
            found = self._client.voice.v1.dialing_permissions.countries(country).fetch()
            return DiallingFacts(
                ordinary=bool(found.low_risk_numbers_enabled),
                special=bool(found.high_risk_special_numbers_enabled),
                toll_fraud=bool(found.high_risk_tollfraud_numbers_enabled),
            )

    def texting(self) -> Mapping[str, bool]:
        """Return which countries may be texted. Raises: CarrierSaidNo, Unavailable."""
        with _reading("read the permissions for texts"):
            permissions = self._client.accounts.v1.messaging_geopermissions.fetch().permissions
            return {str(each["country_code"]).upper(): bool(each["enabled"]) for each in permissions}

    def campaign_states(self, group_sid: str) -> tuple[str, ...]:
        """Return the states of a Messaging Service's campaigns. Raises: CarrierSaidNo, Unavailable."""
        with _reading("read the registration for texts"):
            campaigns = self._client.messaging.v1.services(group_sid).us_app_to_person.list(limit=MOST_LISTED)
            return tuple(str(campaign.campaign_status) for campaign in campaigns)

    def toll_free_state(self, number_sid: str) -> str:
        """Return the state of a toll-free number's newest verification. Raises: CarrierSaidNo, Unavailable."""
        with _reading("read the toll-free verification"):
            found = self._client.messaging.v1.tollfree_verifications.list(tollfree_phone_number_sid=number_sid, limit=1)
            return str(found[0].status) if found else ""


@contextmanager
def _reading(action: str) -> Iterator[None]:
    """Tell a refusal, which trying again will not change, from an absence. Twilio's own words are not passed on."""
    try:
        yield
    except TROUBLE as problem:
        status = status_of(problem)
        if status is None or status == TOO_MANY_REQUESTS or not 400 <= status < 500:
            raise_unavailable(action, problem)
        raise CarrierSaidNo(status, code_of(problem) or status) from None


def _time_of(headers: Mapping[str, str]) -> datetime | None:
    try:
        told = parsedate_to_datetime(headers["Date"])
    except (KeyError, TypeError, ValueError):
        return None
    # An HTTP date is UTC by definition (RFC 9110, 5.6.7); "-0000" would leave it naive.
    return told.replace(tzinfo=UTC) if told.tzinfo is None else told
