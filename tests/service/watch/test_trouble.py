"""A trouble is told when it begins, and when it is over; one that is not repeated is told again when it begins anew."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes_outside import FakeLetters
from tests.service.lines import Line
from voicebot.service.hotline import AlarmAddresses
from voicebot.service.outbox.compose import Template
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
