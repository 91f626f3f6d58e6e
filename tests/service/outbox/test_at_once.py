"""What is sent now says what kept it from being sent, and waits for nobody."""

import pytest

from tests.builders import MONDAY_TEN
from tests.fakes_outside import FakeLetters
from tests.service.lines import OWNER, Line
from voicebot.domain.staff import StaffMember
from voicebot.errors import Unavailable
from voicebot.service.outbox.at_once import UNCERTAIN, loose_message, post_at_once, send_at_once
from voicebot.service.outbox.mail_channel import MailChannel
from voicebot.service.outbox.text_channel import TextChannel
from voicebot.service.ports import Letter, MessageRefused, SmsBusy, SmsRefused, SmsUncertain

MEMBER = StaffMember(id="owner_1", name="First handler", role="handler", phone=OWNER, email="anna@harbour.example")
LETTER = Letter(key="key-1", subject="Harbour Goods", body="A word.", written_at=MONDAY_TEN)
MESSAGE = loose_message(LETTER, MEMBER, template="sms_staff_trial", at=MONDAY_TEN)


class Failing:
    """A server that fails in one way."""

    def __init__(self, problem: Exception) -> None:
        self._problem = problem

    def send(self, address: str, letter: Letter) -> None:
        raise self._problem


def test_a_text_and_a_mail_leave_at_once(line: Line) -> None:
    letters = FakeLetters()
    assert send_at_once(line.hotline, TextChannel(), MEMBER, MESSAGE) == ""
    assert send_at_once(line.hotline, MailChannel(letters), MEMBER, MESSAGE) == ""
    assert line.sender.to(OWNER) == ["A word."]
    assert [(address, letter.key) for address, letter in letters.sent] == [("anna@harbour.example", "key-1")]


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (SmsRefused(21610), "the carrier refused it with error 21610"),
        (SmsBusy(), "the carrier is busy; try again in a minute"),
        (SmsUncertain(), UNCERTAIN),
    ],
)
def test_a_text_that_does_not_leave_says_why(line: Line, trouble: Exception, said: str) -> None:
    line.sender.trouble = [trouble]
    assert send_at_once(line.hotline, TextChannel(), MEMBER, MESSAGE) == said


@pytest.mark.parametrize("problem", [MessageRefused("no such mailbox"), Unavailable("no such mailbox")])
def test_a_letter_that_does_not_leave_says_why(line: Line, problem: Exception) -> None:
    assert send_at_once(line.hotline, MailChannel(Failing(problem)), MEMBER, MESSAGE) == "no such mailbox"
    assert post_at_once(Failing(problem), "address 1", LETTER) == "no such mailbox"
    assert post_at_once(FakeLetters(), "address 1", LETTER) == ""
