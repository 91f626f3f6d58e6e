"""A trouble is told when it begins, and when it is over; one that is not repeated is told again when it begins anew."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes_outside import FakeLetters
from tests.service.lines import FLOWS_DIR, Line, with_flows
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.watch_alarm import WatchAlarm
from voicebot.errors import Unavailable
from voicebot.service.hotline import AlarmAddresses
from voicebot.service.outbox.compose import Template
from voicebot.service.ports import Letter
from voicebot.service.watch.trouble import Trouble, follow

pytestmark = pytest.mark.requirement("D-10")

DAY = timedelta(days=1)


def test_what_is_told_once_is_told_again_when_it_begins_anew(line: Line) -> None:
    letters = FakeLetters()
    line.use(alarm_addresses=AlarmAddresses(sender=letters, names=("address 1",)))
    fine = Trouble(name="drill", template=Template.DRILL_FAILED, is_repeated=False)
    began = line.clock.now()
    for hours, since, told in [
        (0, began, 1),
        (2, began, 1),
        (24, began, 1),
        (25, began + DAY, 2),
        (26, began + DAY, 2),
        (27, None, 2),
        (28, began + DAY + timedelta(hours=4), 3),
    ]:
        line.clock.at = began + timedelta(hours=hours)
        follow(line.hotline, replace(fine, since=since))
        assert (hours, len(letters.sent)) == (hours, told)


def test_its_end_is_told_only_where_its_beginning_was(line: Line) -> None:
    letters = FakeLetters()
    line.use(alarm_addresses=AlarmAddresses(sender=letters, names=("address 1",)))
    overdue = Trouble(name="overdue", template=Template.OVERDUE, over=Template.OVERDUE_OVER, slots={"count": "1"})
    follow(line.hotline, overdue)
    assert letters.sent == []
    follow(line.hotline, replace(overdue, since=line.clock.now()))
    follow(line.hotline, overdue)
    follow(line.hotline, overdue)
    assert len(letters.sent) == 2


class _Away:
    """A way for letters that is away."""

    def send(self, address: str, letter: Letter) -> None:
        raise Unavailable("letters")


def alarms(line: Line) -> Sequence[WatchAlarm]:
    with line.work() as work:
        return work.watch.alarms_since(line.clock.at - DAY)


def test_what_was_over_before_it_reached_anybody_is_told_to_nobody(line: Line) -> None:
    overdue = Trouble(name="overdue", template=Template.OVERDUE, over=Template.OVERDUE_OVER, slots={"count": "1"})
    line.use(alarm_addresses=AlarmAddresses(sender=_Away(), names=("address 1",)))
    with_flows(line, FlowFiles(FLOWS_DIR, FLOWS_DIR / "policy"))  # nobody of it has a telephone
    follow(line.hotline, replace(overdue, since=line.clock.now()))
    (untold,) = alarms(line)
    letters = FakeLetters()
    line.use(alarm_addresses=AlarmAddresses(sender=letters, names=("address 1",)))
    line.step(minutes=5)
    follow(line.hotline, overdue)
    (ended,) = alarms(line)
    assert (untold.told_at, ended.ended_at, letters.sent) == (None, line.clock.at, [])


def test_an_alarm_that_ends_while_it_is_being_told_stays_ended(line: Line) -> None:
    overdue = Trouble(name="overdue", template=Template.OVERDUE, slots={"count": "1"})

    class Slow(FakeLetters):
        """Letters so slow that another worker sees the end meanwhile."""

        def send(self, address: str, letter: Letter) -> None:
            super().send(address, letter)
            follow(line.hotline, overdue)

    letters = Slow()
    line.use(alarm_addresses=AlarmAddresses(sender=letters, names=("address 1",)))
    follow(line.hotline, replace(overdue, since=line.clock.now()))
    (alarm,) = alarms(line)
    assert (len(letters.sent), alarm.ended_at, alarm.told_at) == (1, line.clock.at, None)
