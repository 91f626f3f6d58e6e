"""Outgoing webhooks, as ports. There is where endpoints and deliveries stay, and what sends one.

Knows: domain types. Must not know: SQL, HTTP.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from voicebot.domain.ticket import HistoryEntry
from voicebot.domain.webhook import EndpointAnswer, WebhookDelivery, WebhookEndpoint


class Webhooks(Protocol):
    """Lines of the history that others are to be told of, endpoints, and deliveries."""

    def has_work(self, now: datetime, claimed_before: datetime) -> bool:
        """Tell whether there are lines that nobody was told of, or what was claimed before the instant."""
        ...

    def untold(self, now: datetime, limit: int) -> Sequence[tuple[int, HistoryEntry]]:
        """Return lines that nobody was told of with their numbers, held until the transaction ends, oldest first."""
        ...

    def mark_told(self, rows: Sequence[int]) -> None: ...

    def add_endpoint(self, endpoint: WebhookEndpoint) -> None: ...

    def save_endpoint(self, endpoint: WebhookEndpoint) -> None: ...

    def endpoint(self, endpoint_id: str) -> WebhookEndpoint | None:
        """Held until the transaction ends."""
        ...

    def hold_endpoints(self, endpoint_ids: Collection[str]) -> Sequence[WebhookEndpoint]:
        """Return those that are there, by id, held in this order until the transaction ends.

        Whoever holds several takes this, so that no two wait for each other.
        """
        ...

    def hold_endpoints_of(self, delivery_ids: Collection[str]) -> Sequence[WebhookEndpoint]:
        """The same for the endpoints of deliveries."""
        ...

    def endpoints(self) -> Sequence[WebhookEndpoint]:
        """Oldest first."""
        ...

    def remove_endpoint(self, endpoint_id: str) -> None:
        """With what is on its way to it, and its log."""
        ...

    def add(self, delivery: WebhookDelivery) -> None: ...

    def save(self, delivery: WebhookDelivery) -> None: ...

    def get(self, delivery_id: str) -> WebhookDelivery | None:
        """Held until the transaction ends."""
        ...

    def endpoints_due(self, now: datetime) -> Sequence[str]:
        """Return ids of endpoints that are on, do not want to be left alone, and to which something is due."""
        ...

    def due_to(self, endpoint_id: str, now: datetime, limit: int) -> Sequence[str]:
        """Return ids of what is due to an endpoint, in the order in which it happened."""
        ...

    def claim(self, delivery_id: str, now: datetime) -> WebhookDelivery | None:
        """Take it up for sending. None when another did, or it is not due."""
        ...

    def cut_off(self, claimed_before: datetime) -> Sequence[WebhookDelivery]:
        """Return what was claimed before the instant and never settled, held until the transaction ends.

        What somebody else holds is left for the next look.
        """
        ...

    def make_due(self, endpoint_id: str, now: datetime) -> None:
        """Let all that waits for an endpoint be due now, but for what somebody is erasing. Its schedule stands."""
        ...

    def latest(self, limit: int, *, endpoint_id: str = "", only_failed: bool = False) -> Sequence[WebhookDelivery]:
        """Newest first."""
        ...

    def count_waiting(self, endpoint_id: str) -> int: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class NewSecret:
    """A fresh secret of an endpoint."""

    text: str = field(repr=False)
    """As the specification writes it, `whsec_` and base64. It is shown once and kept nowhere."""
    sealed: str
    """What is kept."""


class WebhookSender(Protocol):
    """Makes secrets, and sends a delivery once."""

    def new_secret(self) -> NewSecret: ...

    def renewed(self, sealed: str) -> str:
        """Return a secret sealed under the newest key, also one from before there was a seal.

        Raises: Refused when it was sealed under a key that we do not have.
        """
        ...

    def send(self, endpoint: WebhookEndpoint, delivery: WebhookDelivery, at: datetime) -> EndpointAnswer:
        """Sign and send within a few seconds, and return what came of it. It raises nothing for a bad endpoint."""
        ...
