"""What a use case has in its hands. That is the ports in one value, and with a transaction and one instant its context.

`bootstrap` wires the `Hotline`. A function that opens a transaction takes it, and makes the `Context` with `context_of`
once the rows it came for are locked. So the instant is never older than what the last holder of the lock wrote. A
function that runs inside the transaction takes the context first and asks no clock, so all that one use case writes
bears the same instant (tests/house/test_context.py).

Knows: ports, what a channel to staff offers. Must not know: adapters, which channels there are.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Protocol, runtime_checkable

from voicebot.domain.about import Reader
from voicebot.domain.sms import Draft
from voicebot.domain.staff import StaffMember
from voicebot.domain.staff_message import StaffMessage
from voicebot.domain.ticket import Ticket
from voicebot.flow.definition import Flow
from voicebot.flow.policy import Policy
from voicebot.service.ports import (
    AudioStore,
    CalendarSource,
    CallPlacer,
    CarrierControl,
    CarrierListing,
    Clock,
    CustomerSource,
    FlowLibrary,
    HotlineNumbers,
    Ids,
    LetterSender,
    PromptAudio,
    Recognisers,
    SecondEar,
    SmsSender,
    Spool,
    UnitOfWork,
    UnitOfWorkFactory,
    Vitals,
    WebhookSender,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class HotlineRules:
    """Settings that use cases need, already checked."""

    company: str
    own_number: str
    """E.164 number of the hotline."""
    flow_name: str
    callback_countries: frozenset[str]
    """Regions we may ring and text."""
    more_numbers: frozenset[str] = frozenset()
    """E.164: further numbers whose calls and texts come to this hotline."""
    canary_number: str = ""
    """E.164: a number of the account from which the hotline rings itself each morning; empty: it does not."""
    gate_exceptions: tuple[str, ...] = ()
    """Prefixes let through the number gate. Tests and the demo only."""
    public_url: str = ""
    calendar_origins: frozenset[str] = frozenset()
    """Scheme and host of the addresses from which calendars of the rota may be fetched."""
    lost_after: timedelta = field(default=timedelta(minutes=5))
    """A live call that shows no sign of life for so long is ended by a sweep."""
    worker_silent_after: timedelta = field(default=timedelta(seconds=30))
    """A worker that shows no sign of life for so long counts as dead."""

    @property
    def own_numbers(self) -> frozenset[str]:
        """Every number of ours, empty while none is set."""
        return frozenset(number for number in (self.own_number, *self.more_numbers) if number)

    @property
    def never_rung(self) -> frozenset[str]:
        """Every number that is ours in some way: rung or texted for a complainant, it would go in circles."""
        return self.own_numbers | ({self.canary_number} if self.canary_number else frozenset())


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmAddresses:
    """Where alarms about the watch itself go, beside every channel by which staff are told."""

    sender: LetterSender
    names: tuple[str, ...]
    """What the sender calls them, because addresses are secrets."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hotline:
    """Everything outside, as the use cases see it."""

    rules: HotlineRules
    unit_of_work: UnitOfWorkFactory
    look: UnitOfWorkFactory
    """For those who only read, so no caller waits for it, nothing can be written in it, and it is given up soon."""
    look_at_original: UnitOfWorkFactory
    """The same with private numbers as they were said, for who may see them (ticket/original.py)."""
    clock: Clock
    ids: Ids
    flows: FlowLibrary
    recognisers: Recognisers
    prompts: PromptAudio
    audio: AudioStore
    spool: Spool
    sms_sender: SmsSender
    carrier: CarrierControl
    calls: CallPlacer
    vitals: Vitals
    calendars: CalendarSource
    listing: CarrierListing
    numbers: HotlineNumbers
    webhooks: WebhookSender
    staff_channels: "tuple[StaffChannel, ...]"
    """By which staff are told, at least one. Only outbox/channels.py asks them."""
    alarm_addresses: "AlarmAddresses | None" = None
    """The operator's own, which take alarms about the watch itself. None means that people of the policy are told."""
    customer_source: "CustomerSource | None" = None
    """The company's own system, which knows who has a number. None where the settings name none."""
    second_ear: "SecondEar | None" = None
    """Listens to stored voices again. None where no model for it is installed."""
    clear_erased: Callable[[], None] = lambda: None
    """Takes what was erased just now out of the database's files, where it would lie on. Where a database keeps nothing
    of it, there is nothing to do.
    """
    started_at: datetime | None = None
    """When this process began. None where that tells nothing (one command, a test)."""

    def seen_by(self, reader: Callable[[], Reader]) -> "Hotline":
        """Return the hotline as somebody sees it, without the cases that they may not see (domain/about.py).

        `reader` is asked who reads whenever a transaction begins (staff/readers.py tells it of a staff id).
        """
        return replace(
            self,
            unit_of_work=_read_by(self.unit_of_work, reader),
            look=_read_by(self.look, reader),
            look_at_original=_read_by(self.look_at_original, reader),
        )


def _read_by(begin: UnitOfWorkFactory, reader: Callable[[], Reader]) -> UnitOfWorkFactory:
    def begin_read(**details: str) -> AbstractContextManager[UnitOfWork]:
        return begin(**({"reader": reader()} | details))

    return begin_read


@dataclass(frozen=True, kw_only=True)
class Context:
    """One use case inside one transaction. Rows that it touches are read afresh, never carried along."""

    hotline: Hotline
    work: UnitOfWork
    now: datetime
    """The one instant of the use case."""

    @cached_property
    def flow(self) -> Flow:
        """The flow as it is now, read when it is first asked for. Raises: FlowFault, SettingFault."""
        return self.hotline.flows.current_flow(self.hotline.rules.flow_name)

    @cached_property
    def policy(self) -> Policy:
        """The policy as it is now, read when it is first asked for. Raises: FlowFault, SettingFault."""
        return self.hotline.flows.current_policy()

    def of_today(self) -> "Context":
        """Return the same transaction and instant with flow and policy as they are now, also inside a call.

        Who of the staff is told, and in which words, goes by these and not by what a call began with.
        """
        return Context(hotline=self.hotline, work=self.work, now=self.now)


def context_of(hotline: Hotline, work: UnitOfWork) -> Context:
    """Return the context of a use case in the transaction that it has opened."""
    return Context(hotline=hotline, work=work, now=hotline.clock.now())


class StaffChannel(Protocol):
    """A way to reach members of staff. `outbox/` has one in a file, `bootstrap` registers each with its settings."""

    @property
    def name(self) -> str:
        """What staff call it, for example `text message`."""
        ...

    def why_no_address(self, rules: HotlineRules, member: StaffMember) -> str:
        """Return what is missing or wrong in what is written down of a member, as `why_not` says it, empty if nothing.

        It is asked before anything serves, so it needs neither database nor network.
        """
        ...

    def why_not(self, context: Context, member: StaffMember) -> str:
        """Return why it does not reach a member, in words that follow their name, empty when it does."""
        ...

    def hand_over(self, context: Context, ticket: Ticket, *, member: StaffMember, draft: Draft) -> None:
        """Take a message over in the transaction under way, once for each purpose. The channel sends it later."""
        ...


@runtime_checkable
class RingingChannel(StaffChannel, Protocol):
    """A channel that rings for the step of a ladder, and may do so where it brings nothing else."""

    def why_not_rung(self, context: Context, member: StaffMember) -> str:
        """Return why it does not ring a member, as `why_not` says it, empty when it does."""
        ...

    def try_now(self, hotline: "Hotline", member: StaffMember) -> None:
        """Ring for a trial, and wait for the carrier's answer. Raises as `CallPlacer.ring`."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """What a channel says of a message that it has sent."""

    receipt: str = ""
    """What the other side calls it, empty where it gives no name."""
    has_receipt: bool = False
    """Whether the other side will say what became of it (`record_message_receipt`)."""


@runtime_checkable
class QueuedChannel(StaffChannel, Protocol):
    """A channel whose messages wait in the outbox for staff. `hand_over` writes them there, and a job lets them go."""

    def deliver(self, hotline: Hotline, message: StaffMessage, member: StaffMember) -> Sent:
        """Send once, outside any transaction. Raises: MessageRefused (for good), Unavailable (try again)."""
        ...
