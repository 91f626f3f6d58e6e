"""Outgoing webhooks. They are events that other systems are told of, endpoints, and deliveries with their next try.

A delivery is tried at once and then after growing pauses, over three days. An endpoint that says it is gone, or that
takes nothing for days, is switched off.
Source: Standard Webhooks 1.0.0, "Operational considerations" (schedule of tries, status codes, Retry-After), read
November 2026.
Knows: events, addresses, instants. Must not know: what an event holds, HTTP, the database.
"""

import hashlib
import ipaddress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from voicebot.domain.back_off import back_off
from voicebot.errors import Refused

MOST_URL_LENGTH = 500
MOST_ENDPOINTS = 20
"""Each has a thread of the worker while something is due to it."""
MOST_ANSWER_LENGTH = 1000
"""Characters of an answer that are kept. It is for whoever looks for a fault, and may hold anything."""
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""Source: RFC 6052. Its last 32 bits are the IPv4 address that is reached."""
_PUBLIC_IPV6 = (ipaddress.ip_network("2000::/3"), _NAT64)
"""What IANA gives out, and nothing else. Beside it lie networks of a house that the library calls global, such as
fec0::/10 (RFC 3879), 64:ff9b:1::/48 (RFC 8215) and IPv4 addresses in old forms.
"""
_NOT_PUBLIC_IPV4 = (ipaddress.ip_network("192.0.0.0/24"), ipaddress.ip_network("192.88.99.0/24"))
"""Networks of protocols. Source: RFC 6890, RFC 7526."""
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
"""Bits 64 to 95 of an address whose last 32 bits are the IPv4 address that is reached. Source: RFC 5214, 6.1."""

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""After each failure of one delivery. Not doubled (domain/back_off.py), because receivers know this schedule from the
specification.
"""
PROBE_FIRST = timedelta(seconds=5)
"""After the first try in vain an endpoint is left alone for so long. After each further one it is twice as long."""
PROBE_LONGEST = timedelta(minutes=30)
AWAY_AFTER = 3
"""Tries in vain, one after the other."""
MOST_WAITING = 10_000
"""Deliveries to one endpoint that is away. Where more would wait it is switched off, since nobody will read so much."""
LONGEST_RETRY_AFTER = timedelta(days=1)
"""What an endpoint asks for is granted up to here."""
GIVEN_UP_AFTER = timedelta(days=5)
"""An endpoint that has taken nothing for so long is switched off. It is longer than one delivery is tried."""
OLD_SECRET_SIGNS = timedelta(days=1)
"""After a secret was replaced, so that receivers have time to take the new one."""
GONE = 410


class WebhookEvent(StrEnum):
    """What other systems are told of. Values stand in their code, so none is ever renamed."""

    CASE_OPENED = "case.opened"
    CASE_OWNER_CHANGED = "case.owner_changed"
    CASE_CATEGORY_CHANGED = "case.category_changed"
    CASE_ANSWERED = "case.answered"
    CASE_ENDED = "case.ended"
    CASE_REOPENED = "case.reopened"
    CASE_JOINED = "case.joined"
    CASE_TAKEN_OUT = "case.taken_out"
    CASE_ERASED = "case.erased"
    CASE_PART_DELETED = "case.part_deleted"
    DECISION_LATE = "decision.late"
    PROMISE_MADE = "promise.made"
    PROMISE_MOVED = "promise.moved"
    PROMISE_WITHDRAWN = "promise.withdrawn"
    PROMISE_MISSED = "promise.missed"
    PROMISE_KEPT = "promise.kept"
    TALK_LOGGED = "talk.logged"
    TALK_TAKEN_BACK = "talk.taken_back"
    """The last talk was logged by mistake. What it kept is open again, or missed, which is told besides."""
    APOLOGY_SENT = "apology.sent"
    APOLOGY_FAILED = "apology.failed"
    TEST = "webhook.test"
    """A trial that somebody asked for."""


class Detail(StrEnum):
    """How much an endpoint is told."""

    THIN = "thin"
    """Ids, case number, states and instants."""
    FULL = "full"
    """Also the complainant's number and words, as staff see them."""


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    SENDING = "sending"
    """One worker has it."""
    DELIVERED = "delivered"
    FAILED = "failed"
    """Every try was in vain. It can be sent again by hand."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookEndpoint:
    """Where events go."""

    id: str
    url: str
    events: tuple[str, ...]
    """Those that it is told of. Empty means all."""
    detail: Detail
    sealed_secret: str
    """It signs, so it is kept so that it can be read again, but only beside a key (adapters/sealed_text.py)."""
    created_at: datetime
    created_by: str
    old_sealed_secret: str = ""
    """The one before. It signs too, until `old_secret_until`."""
    old_secret_until: datetime | None = None
    failing_since: datetime | None = None
    """When the first try failed after which none went well."""
    failures: int = 0
    """Tries in vain since then, of whatever was due to it."""
    quiet_until: datetime | None = None
    """Until then it is left alone, whatever is due to it. Then one delivery tries whether it is there again."""
    off_at: datetime | None = None
    """When it was switched off. None means that it is on."""
    off_reason: str = ""

    @property
    def host(self) -> str:
        """The part of its address that may stand in lists and logs. The rest may hold a secret."""
        return urlsplit(self.url).netloc

    @property
    def secret_mark(self) -> str:
        """Tells this secret from the next one, without a word of it."""
        return hashlib.sha256(self.sealed_secret.encode()).hexdigest()[:16]

    def wants(self, event: WebhookEvent) -> bool:
        """Tell whether it is told of an event now."""
        return self.off_at is None and (event is WebhookEvent.TEST or not self.events or event in self.events)

    def may_try(self, now: datetime) -> bool:
        """Tell whether something may be sent there now."""
        return self.off_at is None and (self.quiet_until is None or self.quiet_until <= now)

    @property
    def is_away(self) -> bool:
        """Whether so many tries in a row were in vain that it is no longer about one message."""
        return self.failures >= AWAY_AFTER

    def most_waiting(self, most: int) -> int:
        """Return how much may wait for it. One that is not away may catch up, as after it was switched on again."""
        return most if self.is_away else 2 * most

    def sealed_secrets_at(self, now: datetime) -> tuple[str, ...]:
        """Return the secrets that sign now, sealed, the newest first."""
        is_old_good = self.old_secret_until is not None and now < self.old_secret_until
        return (self.sealed_secret, self.old_sealed_secret) if is_old_good else (self.sealed_secret,)


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookDelivery:
    """One event on its way to one endpoint."""

    id: str
    endpoint_id: str
    message_id: str
    """The `webhook-id`. It stays the same however often it is sent, also by hand."""
    sequence: int
    """Grows with each event. Receivers put events in order by it."""
    ticket_id: str | None
    """None for a trial."""
    event: WebhookEvent
    body: str
    """What is sent, byte by byte, in UTF-8."""
    state: DeliveryState
    at: datetime
    """When it was written."""
    not_before: datetime
    state_at: datetime
    attempts: int = 0
    """Counts how often it was taken up. It is the fencing token of a claim."""
    tries: int = 0
    """Of these, those in vain since it was last begun. They decide on the next pause."""
    planned_at: datetime | None = None
    """When its schedule has its next try, where it was made due before that. A try until then is none of the
    schedule's, so an endpoint that comes and goes uses up no tries. None where it goes by its schedule.
    """
    status: int | None = None
    """HTTP status of the last answer. None where none came."""
    answer: str = ""
    """Beginning of the last answer, or why none came."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EndpointAnswer:
    """What an endpoint said to one try."""

    status: int | None
    words: str = ""
    retry_after: timedelta | None = None

    @property
    def is_taken(self) -> bool:
        """Whether it took the event. Redirects are not followed, so they are failures."""
        return self.status is not None and 200 <= self.status < 300


def read_events(names: str) -> tuple[str, ...]:
    """Return the events of a list with commas. Empty means all. Raises: Refused."""
    wanted = tuple(dict.fromkeys(name.strip() for name in names.split(",") if name.strip()))
    known = [str(event) for event in WebhookEvent if event is not WebhookEvent.TEST]
    if unknown := [name for name in wanted if name not in known]:
        raise Refused(f"no event is called {unknown[0]!r}; there are {', '.join(known)}", code="webhook-event")
    return wanted


def read_url(text: str) -> str:
    """Return the address of an endpoint. Raises: Refused unless it is https, or http to this machine itself."""
    url = text.strip()
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in _LOCAL_NAMES)
    is_plain = (
        url.isascii() and url.isprintable() and " " not in url and "\\" not in url and len(url) <= MOST_URL_LENGTH
    )
    if not (host and is_safe and is_plain) or parts.username is not None or parts.fragment:
        raise Refused(
            "the address of a webhook is https://host/path, without a name, a password or a # part, or http:// to "
            f"localhost, and no longer than {MOST_URL_LENGTH} characters",
            code="webhook-address",
        )
    return url


def may_connect(url: str, address: str) -> bool:
    """Tell whether a webhook may go to an IP address that its host leads to.

    http goes to this machine and nowhere else, https to public addresses alone, so that no address that somebody
    writes down makes us ask our own network.
    """
    reached = ipaddress.ip_address(address.partition("%")[0])
    if urlsplit(url).scheme == "http":
        return reached.is_loopback
    return all(_is_public(each) for each in (reached, *_inner(reached)))


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if not address.is_global or address.is_multicast:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_IPV4)
    return any(address in network for network in _PUBLIC_IPV6)


def _inner(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> tuple[ipaddress.IPv4Address, ...]:
    """Return the IPv4 addresses that an IPv6 address stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return ()
    teredo = address.teredo or ()
    inner = [address.ipv4_mapped, address.sixtofour, *teredo]
    if address in _NAT64 or int(address) >> 32 & 0xFFFFFFFF in _ISATAP:
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return tuple(each for each in inner if each is not None)


def after_try(delivery: WebhookDelivery, answer: EndpointAnswer, now: datetime) -> WebhookDelivery:
    """Return a delivery after a try. It is delivered, waits for the next, or has failed for good."""
    words = answer.words[:MOST_ANSWER_LENGTH]
    tried = replace(delivery, status=answer.status, answer=words, state_at=now, planned_at=None)
    if answer.is_taken:
        return replace(tried, state=DeliveryState.DELIVERED)
    if answer.status != GONE and delivery.planned_at is not None and now < delivery.planned_at:
        return replace(tried, state=DeliveryState.WAITING, not_before=max(delivery.planned_at, now + wait_of(answer)))
    if delivery.tries >= len(PAUSES) or answer.status == GONE:
        return replace(tried, state=DeliveryState.FAILED, tries=delivery.tries + 1)
    pause = max(PAUSES[delivery.tries], wait_of(answer))
    return replace(tried, state=DeliveryState.WAITING, tries=delivery.tries + 1, not_before=now + pause)


def wait_of(answer: EndpointAnswer) -> timedelta:
    """Return how long an endpoint wants to be left alone, as far as that is granted."""
    return min(answer.retry_after or timedelta(0), LONGEST_RETRY_AFTER)


def after_cut_off(delivery: WebhookDelivery, now: datetime) -> WebhookDelivery:
    """Return a delivery whose worker died at it. That is a try in vain, since nobody knows what came of it.

    It goes again at once, because it says nothing of the endpoint, but not for ever: it may be what kills workers. So
    it counts, whenever it was.
    """
    tried = after_try(
        replace(delivery, planned_at=None), EndpointAnswer(status=None, words="whoever sent it died meanwhile"), now
    )
    return replace(tried, not_before=delivery.not_before)


def endpoint_after(endpoint: WebhookEndpoint, answer: EndpointAnswer, now: datetime) -> WebhookEndpoint:
    """Return an endpoint after a try. While it fails it is left alone for longer and longer, whatever waits for it.

    It is switched off when it is gone, or has taken nothing for days.
    """
    if answer.is_taken:
        return replace(endpoint, failing_since=None, failures=0, quiet_until=None)
    since, failures = endpoint.failing_since or now, endpoint.failures + 1
    pause = max(back_off(failures, first=PROBE_FIRST, longest=PROBE_LONGEST), wait_of(answer))
    failing = replace(endpoint, failing_since=since, failures=failures, quiet_until=now + pause)
    if answer.status == GONE:
        return switched_off(failing, now, "it answered 410 Gone")
    if now - since >= GIVEN_UP_AFTER:
        return switched_off(failing, now, f"it took nothing for {GIVEN_UP_AFTER.days} days")
    return failing


def switched_off(endpoint: WebhookEndpoint, now: datetime, why: str) -> WebhookEndpoint:
    """Return an endpoint that gets nothing any more. What waits for it, waits."""
    return replace(endpoint, off_at=now, off_reason=why)


def with_new_secret(
    endpoint: WebhookEndpoint, sealed: str, now: datetime, *, is_old_lost: bool = False
) -> WebhookEndpoint:
    """Return an endpoint with a new secret, sealed. The one before signs beside it for a day, unless it is lost."""
    if is_old_lost:
        return replace(endpoint, sealed_secret=sealed, old_sealed_secret="", old_secret_until=None)
    old, until = endpoint.sealed_secret, now + OLD_SECRET_SIGNS
    return replace(endpoint, sealed_secret=sealed, old_sealed_secret=old, old_secret_until=until)


def sent_again(delivery: WebhookDelivery, now: datetime) -> WebhookDelivery:
    """Return a delivery to be sent again under its id. Raises: Refused while one worker has it."""
    if delivery.state is DeliveryState.SENDING:
        raise Refused("this delivery is being sent at this moment; look again in a minute", code="webhook-sending")
    return replace(delivery, state=DeliveryState.WAITING, tries=0, not_before=now, state_at=now, planned_at=None)
