"""Devices of staff: each expects a text, a call, a mail or a chat with these words, and nothing else may arrive.

`expect` lets the worker look and takes all that arrived anywhere since the last time. So a message to the wrong person,
a second one of the same, or one to the complainant that nobody spoke of makes it fail.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from tests.fakes_outside import FakeLetters
from tests.service.lines import FLOWS_DIR, Line, a_policy_dir, with_flows
from voicebot.adapters.flow_files import FlowFiles
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.callback import hops
from voicebot.service.callback.voice_channel import VoiceChannel
from voicebot.service.outbox.chat_channel import ChatChannel
from voicebot.service.outbox.mail_channel import MailChannel
from voicebot.service.outbox.text_channel import TextChannel

LINK = "https://hotline.example/console/cases/"
"""What a message to staff links to, before the number of the case."""
SOON = 3
"""So often the worker looks before nothing more arrives."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a device got."""

    how: str
    where: str
    words: str

    def is_like(self, got: "Arrival") -> bool:
        """Tell whether this is what was expected: the same device, and these words somewhere in it."""
        return (self.how, self.where) == (got.how, got.where) and self.words in got.words


def text(number: str, words: str) -> Arrival:
    """Return a text that is expected."""
    return Arrival("text", number, words)


def call(number: str, words: str) -> Arrival:
    """Return a call that is expected, and what is said at the pick-up."""
    return Arrival("call", number, words)


def mail(member_id: str, words: str) -> Arrival:
    """Return a mail that is expected."""
    return Arrival("mail", mailbox_of(member_id), words)


def chat(member_id: str, words: str) -> Arrival:
    """Return a chat message that is expected."""
    return Arrival("chat", member_id, words)


def mailbox_of(member_id: str) -> str:
    """Return the mailbox that `a_team` gives to somebody."""
    return f"{member_id}@harbour.example"


def case(line: Line, answer: CallAnswer) -> str:
    """Return how a text begins that is about the case of a call."""
    number = line.ticket(answer).case_number
    return f"Case {number[:3]}-{number[3:6]}-{number[6:]}"


class Devices:
    """Every device of the staff, and the telephone of each complainant."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._mails, self._chats = FakeLetters(), FakeLetters()
        texts, ids = TextChannel(), {member.id for member in line.policy.staff}
        channels = (texts, VoiceChannel(texts), MailChannel(self._mails), ChatChannel(self._chats, ids))
        line.use(staff_channels=channels)
        self.keys: dict[str, str] = {}
        """What is pressed at the pick-up, by telephone number; without a key nobody presses one."""
        self.replies: list[str] = []
        """What pressed keys were answered."""
        self._taken = [0, 0, 0, 0]

    def expect(self, *arrivals: Arrival) -> None:
        """Let the worker look; each of these arrives once, in any order, and nothing else does."""
        got = self.arrived()
        missing = [wanted for wanted in arrivals if not any(wanted.is_like(each) for each in got)]
        assert not missing, f"expected {missing}, got {got}"
        assert len(got) == len(arrivals), f"expected {list(arrivals)}, got {got}"

    def arrived(self) -> list[Arrival]:
        """Let the worker look, and take what arrived since the last time; the clock steps a second for each call."""
        return [arrival for _ in range(SOON) for arrival in self._look()]

    def _look(self) -> list[Arrival]:
        self.line.sweep()
        self.line.step(seconds=1)
        lines = (self.line.sender.sent, self.line.calls.rung, self._mails.sent, self._chats.sent)
        texts, calls, mails, chats = (list(got[taken:]) for got, taken in zip(lines, self._taken, strict=True))
        self._taken = [len(got) for got in lines]
        return [
            *(Arrival("text", number, body) for number, body in texts),
            *(Arrival("call", number, self._pick_up(number, call_id)) for number, call_id in calls),
            *(Arrival("mail", where, letter.body) for where, letter in mails),
            *(Arrival("chat", where, letter.body) for where, letter in chats),
        ]

    def _pick_up(self, number: str, call_id: str) -> str:
        count = next(at for at, (_, rung) in enumerate(self.line.calls.rung, 1) if rung == call_id)
        greeting = hops.greet(self.line.hotline, call_id, self.line.calls.sid(count))
        assert isinstance(greeting, hops.Ask), f"{number} was rung for nothing: {greeting}"
        reply = hops.accept(self.line.hotline, call_id, self.keys.get(number, ""))
        self.replies.append(reply.words)
        return greeting.words


def a_team(line: Line, folder: Path, *, mailed: Collection[str] = (), **orders: str) -> Devices:
    """Give the hotline staff who have devices, and are told of what happens as `flows/policy` says.

    Those of `mailed` have a mailbox and a chat; `owner_1="call, text message"` is somebody's own order of channels.
    """
    a_policy_dir(folder, notices=True)
    escalation = folder / "escalation.yaml"
    lines = escalation.read_text().splitlines()
    for staff_id in {*mailed, *orders}:
        at = next(at for at, said in enumerate(lines) if f"{{id: {staff_id}," in said)
        more = f", email: {mailbox_of(staff_id)}, chat: {staff_id}" if staff_id in mailed else ""
        order = f", tell_by: [{orders[staff_id]}]" if staff_id in orders else ""
        lines[at] = lines[at].removesuffix("}") + more + order + "}"
    escalation.write_text("\n".join(lines) + "\n")
    with_flows(line, FlowFiles(FLOWS_DIR, folder))
    return Devices(line)
