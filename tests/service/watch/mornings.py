"""A hotline whose management gets its morning list: the shipped rules, and mailboxes for some."""

import shutil
from pathlib import Path

from tests.fakes_outside import FakeLetters
from tests.service.lines import FLOWS_DIR, Line, a_policy_dir, settled, with_flows
from voicebot.service.background.schedule import TASKS, run_tasks
from voicebot.service.outbox.chat_channel import ChatChannel
from voicebot.service.outbox.mail_channel import MailChannel
from voicebot.service.outbox.text_channel import TextChannel
from voicebot.service.ports import Letter
from voicebot.service.watch.morning_post import TASK

MANAGEMENT = ("supervisor_1", "supervisor_2", "quality_1", "area_1", "executive_1")
MORNING_TASK = tuple(task for task in TASKS if task.name == TASK)
EXECUTIVE_MAIL = "boss@harbour.example"


class Mornings:
    """A hotline with texts, mail and a chat; the executive has a mailbox, the area head a chat."""

    def __init__(self, line: Line, folder: Path) -> None:
        self.line = line
        self.letters, self.chats = FakeLetters(), FakeLetters()
        self.folder = a_policy_dir(folder)
        shutil.copy(FLOWS_DIR / "policy" / "watch.yaml", self.folder / "watch.yaml")
        self.change("escalation.yaml", "{id: executive_1,", f"{{email: {EXECUTIVE_MAIL}, id: executive_1,")
        self.change("escalation.yaml", "{id: area_1,", "{chat: heads, tell_by: [chat], id: area_1,")
        line.use(staff_channels=(TextChannel(), MailChannel(self.letters), ChatChannel(self.chats, {"heads"})))

    def change(self, file: str, old: str, new: str) -> None:
        """Change the policy."""
        path = self.folder / file
        assert old in path.read_text(), old
        path.write_text(path.read_text().replace(old, new, 1))
        with_flows(self.line, settled(self.folder))

    def look(self, *, times: int = 1, minutes: int = 1) -> None:
        """Let the worker run its task and its sweeps so often, so far apart."""
        for _ in range(times):
            run_tasks(self.line.hotline, MORNING_TASK)
            self.line.sweep()
            self.line.step(minutes=minutes)

    @property
    def lists(self) -> list[tuple[str, Letter]]:
        """Return the lists that went by mail."""
        return [sent for sent in self.letters.sent if "morning list" in sent[1].subject]

    @property
    def posts(self) -> list[tuple[str, Letter]]:
        """Return the lists that went to a chat."""
        return [sent for sent in self.chats.sent if "morning list" in sent[1].subject]

    def texts(self, phone: str) -> list[str]:
        """Return the morning lists that a telephone got."""
        return [body for body in self.line.sender.to(phone) if "morning list" in body]
