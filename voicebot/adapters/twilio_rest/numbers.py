"""The account's telephone numbers at Twilio. It knows what each is set to, and changes to it.

Source: Twilio, phone-numbers/api/incomingphonenumber-resource, messaging/api/service-resource (twilio.md 1.9).
Knows: the twilio package. Must not know: which addresses are ours.
"""

from collections.abc import Sequence
from typing import Any, NoReturn

from voicebot.adapters.twilio_rest.client import TROUBLE, TwilioAccount, open_client, raise_unavailable, status_of
from voicebot.errors import Refused
from voicebot.service.ports import CarrierNumber, NumberSettings, TextGroup

SETTINGS = (
    "voice_url",
    "voice_method",
    "voice_fallback_url",
    "voice_fallback_method",
    "status_callback",
    "status_callback_method",
    "sms_url",
    "sms_method",
    "sms_fallback_url",
    "sms_fallback_method",
    "trunk_sid",
    "voice_application_sid",
    "sms_application_sid",
    "voice_receive_mode",
)
"""Names of the resource's own fields, which are also those of its update."""

TOO_MANY_REQUESTS = 429


class TwilioNumbers:
    """Fulfils `service.ports.HotlineNumbers`."""

    def __init__(self, account: TwilioAccount) -> None:
        self._client = open_client(account)

    def all(self) -> Sequence[CarrierNumber]:
        """Return every number of the account. Raises: Unavailable, Refused."""
        return self._listed("list the account's numbers")

    def find(self, number: str) -> CarrierNumber | None:
        """Return the number with this E.164 form. Raises: Unavailable, Refused."""
        # The filter matches parts of numbers too.
        found = self._listed("look the number up", phone_number=number)
        return next((each for each in found if each.number == number), None)

    def change(self, sid: str, settings: NumberSettings) -> None:
        """Set these settings in one request. Raises: Unavailable, Refused."""
        if not (set(settings) <= set(SETTINGS)):
            raise AssertionError("no such setting")
        try:
            self._client.incoming_phone_numbers(sid).update(**settings)
        except TROUBLE as problem:
            _raise("change the number's settings", problem)

    def text_group_of(self, sid: str) -> TextGroup | None:
        """Return the Messaging Service whose sender pool holds the number. Raises: Unavailable, Refused.

        Twilio tells it of the service only, so each service of the account is asked.
        """
        try:
            for service in self._client.messaging.v1.services.stream():
                if self._holds(str(service.sid), sid):
                    return TextGroup(
                        sid=str(service.sid),
                        name=str(service.friendly_name or service.sid),
                        sends_to_number=bool(service.use_inbound_webhook_on_number),
                    )
        except TROUBLE as problem:
            _raise("look into the account's messaging services", problem)
        return None

    def send_texts_to_number(self, group_sid: str, *, is_on: bool) -> None:
        """Set `use_inbound_webhook_on_number` of a Messaging Service. Raises: Unavailable, Refused."""
        try:
            self._client.messaging.v1.services(group_sid).update(use_inbound_webhook_on_number=is_on)
        except TROUBLE as problem:
            _raise("change the messaging service", problem)

    def _holds(self, service_sid: str, sid: str) -> bool:
        try:
            self._client.messaging.v1.services(service_sid).phone_numbers(sid).fetch()
        except TROUBLE as problem:
            if status_of(problem) == 404:
                return False
            raise
        return True

    def _listed(self, action: str, **wanted: str) -> Sequence[CarrierNumber]:
        try:
            return [_number(each) for each in self._client.incoming_phone_numbers.list(**wanted)]
        except TROUBLE as problem:
            _raise(action, problem)


def _number(found: Any) -> CarrierNumber:
    capabilities = found.capabilities or {}
    return CarrierNumber(
        sid=str(found.sid),
        number=str(found.phone_number),
        takes_calls=bool(_capability(capabilities, "voice")),
        takes_texts=bool(_capability(capabilities, "sms")),
        settings={name: str(getattr(found, name) or "") for name in SETTINGS},
    )


def _capability(capabilities: Any, name: str) -> bool:
    """Read one capability, because the package gives them as a dictionary, and older ones had capital letters."""
    return any(bool(value) for key, value in dict(capabilities).items() if str(key).lower() == name)


def _raise(action: str, problem: Exception) -> NoReturn:
    """Tell a refusal, which trying again will not change, from an absence. Twilio's own words are not passed on."""
    status = status_of(problem)
    if status is None or status == TOO_MANY_REQUESTS or not 400 <= status < 500:
        raise_unavailable(action, problem)
    code = getattr(problem, "code", None)
    error = f", error {code}, see https://www.twilio.com/docs/api/errors/{code}" if code else ""
    raise Refused(
        f"the carrier refused to {action}: HTTP {status}{error}; {_cure(status)}", code="carrier-refused"
    ) from None


def _cure(status: int) -> str:
    if status in (401, 403):
        return "check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"
    return "check that the number still belongs to this account"
