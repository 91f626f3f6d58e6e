"""Ring my phone: a trial by each channel, with what came of it, once a minute."""

import pytest

from tests.builders import a_text_request
from tests.fakes_outside import FakeLetters
from tests.service.lines import OWNER, SUPERVISOR, Line
from voicebot.errors import Refused, Unavailable
from voicebot.service.callback import hops
from voicebot.service.callback.voice_channel import VoiceChannel
from voicebot.service.outbox.compose import Template
from voicebot.service.outbox.mail_channel import MailChannel
from voicebot.service.outbox.text_channel import TextChannel
from voicebot.service.outbox.try_out import reach_of_staff, tell_of_account, try_out
from voicebot.service.ports import (
    CallBusy,
    CallRefused,
    CallUncertain,
    Letter,
    MessageRefused,
    SmsBusy,
    SmsRefused,
    SmsUncertain,
)


@pytest.mark.requirement("D-10")
def test_a_phone_gets_one_trial_a_minute_and_nobody_else_gets_any(line: Line) -> None:
    (trial,) = try_out(line.hotline, "owner_1")
    assert (trial.channel, trial.is_sent) == ("text message", True)
    (told,) = line.sender.to(OWNER)
    assert told.startswith("Harbour Goods: a trial")
    (again,) = try_out(line.hotline, "owner_1", "text message")
    assert (again.is_sent, again.said) == (False, "one was sent a moment ago; wait a minute")
    line.step(minutes=1)
    assert try_out(line.hotline, "owner_1")[0].is_sent
    assert [number for number, _ in line.sender.sent] == [OWNER, OWNER]
    line.sweep()
    assert len(line.sender.sent) == 2


def test_who_is_not_reached_is_told_why_and_nothing_is_sent(line: Line) -> None:
    with line.work() as work:
        work.sms.add_text_request(a_text_request(recipient=SUPERVISOR, is_out=True))
        work.commit()
    (trial,) = try_out(line.hotline, "supervisor_1")
    assert (trial.person, trial.said.partition(";")[0]) == ("Supervisor", "answered STOP to our texts")
    assert line.sender.sent == []


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (SmsRefused(21614), "the carrier refused it with error 21614"),
        (SmsBusy(), "the carrier is busy; try again in a minute"),
        (SmsUncertain(), "the carrier did not answer, so it may have been sent or not"),
        (Unavailable("no account"), "no account"),
    ],
)
def test_what_keeps_a_text_from_being_sent_is_shown(line: Line, trouble: Exception, said: str) -> None:
    line.sender.trouble = [trouble]
    (trial,) = try_out(line.hotline, "owner_1")
    assert (trial.is_sent, trial.said) == (False, said)


@pytest.mark.requirement("D-10")
@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (None, "sent"),
        (CallRefused(21215), "the carrier refused it with error 21215"),
        (CallBusy(), "the carrier is busy; try again in a minute"),
        (CallUncertain(), "the carrier did not answer, so it may have been sent or not"),
        (Unavailable("no account"), "no account"),
    ],
)
def test_a_telephone_is_rung_says_that_it_is_a_trial_and_asks_nothing(
    line: Line, trouble: Exception | None, said: str
) -> None:
    line.use(staff_channels=(TextChannel(), VoiceChannel(TextChannel())))
    line.calls.trouble = [trouble]
    (trial,) = try_out(line.hotline, "owner_1", "call")
    assert (trial.is_sent, trial.said.split(":")[0]) == (trouble is None, said)
    assert line.calls.rung == ([(OWNER, "trial")] if trouble is None else [])
    reply = hops.greet(line.hotline, "trial", "CA1")
    assert isinstance(reply, hops.Tell)
    assert reply.words.startswith("This is Harbour Goods, trying out how we reach you.")


def test_who_answered_stop_is_rung_all_the_same(line: Line) -> None:
    line.use(staff_channels=(TextChannel(), VoiceChannel(TextChannel())))
    with line.work() as work:
        work.sms.add_text_request(a_text_request(recipient=OWNER, is_out=True))
        work.commit()
    text, call = try_out(line.hotline, "owner_1")
    assert (text.is_sent, call.is_sent, [number for number, _ in line.calls.rung]) == (False, True, [OWNER])


class Refusing(FakeLetters):
    """A mail server that knows nobody."""

    def send(self, address: str, letter: Letter) -> None:
        raise MessageRefused("the mail server refused it (550)")


def test_each_channel_of_a_person_is_tried_and_says_what_came_of_it(line: Line) -> None:
    line.use(staff_channels=(TextChannel(), MailChannel(Refusing())))
    text, mail = try_out(line.hotline, "owner_1")
    assert text.is_sent
    assert (mail.is_sent, mail.said) == (False, "has no e-mail address in escalation.yaml")


def test_a_name_or_a_channel_that_nobody_knows_is_refused(line: Line) -> None:
    with pytest.raises(Refused, match="nobody here goes by 'nobody_1'"):
        try_out(line.hotline, "nobody_1")
    with pytest.raises(Refused, match="set up here: text message"):
        try_out(line.hotline, "owner_1", "pigeon")
    assert line.sender.sent == []


def test_each_person_is_listed_with_the_channels_they_want_and_why_one_does_not_reach_them(line: Line) -> None:
    line.use(staff_channels=(TextChannel(), MailChannel(FakeLetters())))
    (member, (text, mail)), *_ = reach_of_staff(line.hotline)
    assert member.id == "owner_1"
    assert (text.channel, text.why_not) == ("text message", "")
    assert (mail.channel, mail.why_not) == ("e-mail", "has no e-mail address in escalation.yaml")


def test_somebody_is_told_at_once_what_was_done_to_their_login(line: Line) -> None:
    assert tell_of_account(line.hotline, "owner_1", Template.STAFF_SECOND_FACTOR_RESET) == ("text message",)
    (told,) = line.sender.to(OWNER)
    assert "your second factor was taken away" in told
    assert tell_of_account(line.hotline, "nobody", Template.STAFF_SECOND_FACTOR_RESET) == ()
    line.sender.trouble = [SmsBusy()]
    assert tell_of_account(line.hotline, "owner_1", Template.STAFF_SECOND_FACTOR_RESET) == ()
