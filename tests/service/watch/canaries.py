"""Mornings of a hotline with a second number, whose carrier brings the test call back to it."""

import shutil
from pathlib import Path

from tests.builders import at
from tests.fakes_outside import FakeLetters
from tests.service.lines import FLOWS_DIR, OTHER, Line, a_policy_dir, node_of, settled, with_flows, with_rules
from voicebot.domain.call import CallEnd
from voicebot.domain.canary import CanaryResult
from voicebot.service.background.schedule import TASKS, run_tasks
from voicebot.service.call.turn import end_call
from voicebot.service.hotline import AlarmAddresses
from voicebot.service.watch.canary import view_canary
from voicebot.service.watch.morning import view_morning

DAILY = tuple(task for task in TASKS if task.name.startswith("canary"))
EIGHT = "Tuesday 10 November 2026 08:00:00"
SAID = "my parcel was delivered to the wrong house i have been waiting for two weeks"


class Canaries:
    """A hotline with a second number, looked after by its worker, whose carrier brings the call back to it."""

    def __init__(self, line: Line, folder: Path) -> None:
        shutil.copy(FLOWS_DIR / "policy" / "watch.yaml", a_policy_dir(folder) / "watch.yaml")
        with_flows(line, settled(folder))
        with_rules(line, canary_number=OTHER)
        self.letters = FakeLetters()
        line.use(alarm_addresses=AlarmAddresses(sender=self.letters, names=("address 1",)))
        line.clock.at = at(EIGHT)
        self.line = line
        self.arrived = 0

    def look(self, *, minutes: int = 1) -> None:
        """Let the worker look each minute, for so long."""
        for _ in range(minutes):
            run_tasks(self.line.hotline, DAILY)
            self.line.step(minutes=1)

    @property
    def placed(self) -> int:
        """How often the carrier was asked to place a call, and took it."""
        return len(self.line.calls.rung)

    def arrive(self, words: str = SAID) -> None:
        """Let the call come in, complain, agree to everything and hang up."""
        self.arrived += 1
        sid, line = f"CB{self.arrived}", self.line
        answer = line.reach("ask_story", OTHER, sid)
        answer = line.say(answer, words) if words else answer
        while words and node_of(answer) != "hang_up":
            answer = line.key(answer, "#")
        end_call(line.hotline, sid, CallEnd.CALLER_HUNG_UP)

    def result(self) -> CanaryResult | None:
        """Return what came of the last one."""
        canary = view_canary(self.line.hotline)
        return None if canary is None else canary.result

    def told(self) -> list[str]:
        """Return what the operator was told."""
        return [letter.body for _, letter in self.letters.sent]

    def listed(self) -> str:
        """Return what the morning list says."""
        part = next(each for each in view_morning(self.line.hotline).parts if each.key == "test_call")
        return " ".join(line.words for line in part.lines)
