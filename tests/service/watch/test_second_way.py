"""An alarm about the watch takes a way that the watch does not use, and goes on to the next when one refuses."""

import pytest

from tests.builders import a_text_request
from tests.fakes_outside import FakeLetters
from tests.service.lines import EXECUTIVE, OWNER, SUPERVISOR
from tests.service.watch.mornings import EXECUTIVE_MAIL, MANAGEMENT, Mornings
from voicebot.errors import Unavailable
from voicebot.service.hotline import AlarmAddresses, context_of
from voicebot.service.outbox.compose import Template
from voicebot.service.ports import Letter, SmsRefused, SmsUncertain
from voicebot.service.watch.second_way import alarmed_people, is_told_by_texts_alone, tell_second_way

pytestmark = pytest.mark.requirement("D-10")


class Refusing(FakeLetters):
    """Addresses of which the first takes nothing."""

    def send(self, address: str, letter: Letter) -> None:
        if address == "address 1":
            raise Unavailable("away")
        super().send(address, letter)


def tell(mornings: Mornings) -> bool:
    slots = {"since": "Wed 18 Nov 2026, 10:00 EST"}
    return tell_second_way(mornings.line.hotline, template=Template.WORKER_SILENT, slots=slots, key="alarm-1-0")


def use(mornings: Mornings, *names: str) -> FakeLetters:
    letters = Refusing()
    mornings.line.use(alarm_addresses=AlarmAddresses(sender=letters, names=names))
    return letters


def texts_alone(mornings: Mornings) -> bool:
    with mornings.line.work() as work:
        return is_told_by_texts_alone(context_of(mornings.line.hotline, work))


def test_every_address_of_the_operator_is_told_and_nobody_else(mornings: Mornings) -> None:
    letters = use(mornings, "address 1", "address 2", "address 3")
    assert tell(mornings)
    assert [address for address, _ in letters.sent] == ["address 2", "address 3"]
    assert letters.sent[0][1].key == "alarm-1-0"
    assert "NO WORKER since Wed 18 Nov 2026, 10:00 EST" in letters.sent[0][1].body
    assert mornings.letters.sent == mornings.chats.sent == mornings.line.sender.sent == []
    assert not texts_alone(mornings)


def test_where_no_address_takes_it_management_is_told_by_all_but_texts_and_by_text_who_has_nothing_else(
    mornings: Mornings,
) -> None:
    use(mornings, "address 1")
    assert tell(mornings)
    assert [address for address, _ in mornings.letters.sent] == [EXECUTIVE_MAIL]
    assert [name for name, _ in mornings.chats.sent] == ["heads"]
    assert (len(mornings.line.sender.to(SUPERVISOR)), mornings.line.sender.to(EXECUTIVE)) == (1, [])
    assert mornings.line.sender.to(OWNER) == []


def test_the_policy_says_who_is_told_where_no_address_takes_it(mornings: Mornings) -> None:
    mornings.change("watch.yaml", "second_way:\n  # tell: [executive]", "second_way:\n  tell: [executive]")
    assert tell(mornings)
    assert (len(mornings.letters.sent), mornings.chats.sent, mornings.line.sender.sent) == (1, [], [])
    with mornings.line.work() as work:
        assert [each.id for each in alarmed_people(context_of(mornings.line.hotline, work))] == ["executive_1"]


def test_without_addresses_and_mailboxes_texts_are_all_there_is(mornings: Mornings) -> None:
    mornings.change("watch.yaml", "second_way:\n  # tell: [executive]", "second_way:\n  tell: [supervisor]")
    assert texts_alone(mornings)
    assert tell(mornings)
    assert len(mornings.line.sender.to(SUPERVISOR)) == 1
    with mornings.line.work() as work:
        work.sms.add_text_request(a_text_request(recipient=SUPERVISOR, is_out=True))
        work.commit()
    assert not tell(mornings), "nobody is left, and it says so"


@pytest.mark.parametrize(("trouble", "is_told"), [(SmsUncertain(), True), (SmsRefused(21610), False)])
def test_a_text_that_may_have_been_sent_is_not_sent_again(
    mornings: Mornings, trouble: Exception, *, is_told: bool
) -> None:
    mornings.change("watch.yaml", "second_way:\n  # tell: [executive]", "second_way:\n  tell: [supervisor]")
    mornings.line.sender.trouble = [trouble]
    assert tell(mornings) is is_told


def test_everybody_of_management_may_be_told(mornings: Mornings) -> None:
    with mornings.line.work() as work:
        told = {each.id for each in alarmed_people(context_of(mornings.line.hotline, work))}
    assert told == set(MANAGEMENT)
