"""The hotline rings itself through the carrier, complains in a voice, and judges by itself what stands of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.calls.conftest import OpenHouse
from tests.calls.house import CALLER_NUMBER, HOTLINE_NUMBER, House
from tests.calls.people import complain
from tests.fakes_outside import FakeLetters
from voicebot.domain.canary import Canary, CanaryResult
from voicebot.domain.sms import SmsState
from voicebot.domain.ticket import CloseReason
from voicebot.service.hotline import AlarmAddresses, Hotline
from voicebot.service.queries.figures import view_figures
from voicebot.service.watch.canary import run_canary, view_canary
from voicebot.service.watch.canary_report import watch_canary
from voicebot.simulator import CarrierOptions, LineCall, sound
from voicebot.simulator.scripts import VOICES

pytestmark = pytest.mark.requirement("D-10")

SECOND = "+12025550177"
SAID = "My parcel was delivered to the wrong house. I have been waiting for two weeks."
VOICE = (VOICES / "story_short.wav").read_bytes()


class Rung:
    """A house that rings itself from its second number, with a carrier whose voice is heard."""

    def __init__(self, open_house: OpenHouse, *, voice: bytes = VOICE, is_owned: bool = True) -> None:
        self.letters = FakeLetters()
        options = CarrierOptions(voices={SAID: voice})
        self.house: House = open_house(options=options, fitted=self._fitted)
        if is_owned:
            self.house.carrier.ledger.other_numbers["PN" + "7" * 32] = SECOND

    def _fitted(self, hotline: Hotline) -> Hotline:
        addresses = AlarmAddresses(sender=self.letters, names=("address 1",))
        return replace(hotline, rules=replace(hotline.rules, canary_number=SECOND), alarm_addresses=addresses)

    def place(self) -> tuple[LineCall, ...]:
        """Let the worker place it, and wait for the end of its legs."""
        run_canary(self.house.hotline)
        legs = [entry.line for entry in self.house.carrier.ledger.calls.values() if entry.line.from_number == SECOND]
        for leg in legs:
            leg.wait(120)
        return tuple(legs)

    def judge(self, **later: float) -> Canary:
        """Let the worker look when all has ended, or so much later, and tell."""
        self.house.wait_for(lambda: not self.house.calls() or all(c.ended_at for c in self.house.calls()), "the end")
        self.house.clock.step(timedelta(**later))
        self.house.work_off()
        run_canary(self.house.hotline)
        watch_canary(self.house.hotline)
        canary = view_canary(self.house.hotline)
        assert canary is not None
        return canary


def test_it_comes_through_with_a_real_voice_and_counts_nowhere(open_house: OpenHouse) -> None:
    rung = Rung(open_house)
    rung.place()
    judged = rung.judge(seconds=5)
    assert (judged.result, rung.letters.sent) == (CanaryResult.PASSED, [])
    ticket = rung.house.the_ticket()
    assert ticket.close_reason is CloseReason.HOUSE
    assert "parcel" in ticket.problem
    assert [text.state for text in rung.house.outbox(ticket)] == [SmsState.SUPPRESSED]
    assert rung.house.texts_to(SECOND) == []
    total = view_figures(rung.house.hotline).total
    assert (total.calls, total.cases) == (0, 0)


@pytest.mark.heavy
def test_a_caller_beside_it_is_a_caller(open_house: OpenHouse) -> None:
    rung = Rung(open_house)
    run_canary(rung.house.hotline)
    complain(rung.house)
    rung.place()
    assert rung.judge(seconds=5).result is CanaryResult.PASSED
    assert [ticket.complainant_number for ticket in rung.house.tickets()].count(CALLER_NUMBER) == 1


def nobody_answers(rung: Rung) -> None:
    rung.house.close_web()


def nothing(_rung: Rung) -> None:
    pass


@pytest.mark.parametrize(
    ("voice", "is_owned", "trouble", "result", "said"),
    [
        (VOICE, True, nobody_answers, CanaryResult.NO_CALL, "no call arrived"),
        (sound.pcm_wav(sound.SILENT_TICK * 300), True, nothing, CanaryResult.NOTHING_HEARD, "nothing was heard"),
        ((VOICES / "remedy_refund.wav").read_bytes(), True, nothing, CanaryResult.MISHEARD, "something else was heard"),
        (VOICE, False, nothing, CanaryResult.REFUSED, "error 21210"),
    ],
    ids=["web is down", "nothing is heard", "other words", "carrier refuses"],
)
@pytest.mark.heavy
def test_what_is_missing_is_told_by_another_way(
    open_house: OpenHouse,
    voice: bytes,
    is_owned: bool,
    trouble: Callable[[Rung], None],
    result: CanaryResult,
    said: str,
) -> None:
    rung = Rung(open_house, voice=voice, is_owned=is_owned)
    trouble(rung)
    rung.place()
    judged = rung.judge(minutes=11)
    assert judged.result is result
    assert [said in letter.body for _, letter in rung.letters.sent] == [True]


@pytest.mark.heavy
def test_the_leg_that_comes_in_rings_our_number_from_the_second_one(open_house: OpenHouse) -> None:
    rung = Rung(open_house)
    ordered, incoming = rung.place()
    assert (ordered.direction, incoming.direction) == ("outbound-api", "inbound")
    assert (incoming.from_number, incoming.to_number) == (SECOND, HOTLINE_NUMBER)
    judged = rung.judge(seconds=5)
    assert judged.carrier_call_id == ordered.sid
    (call,) = rung.house.calls()
    assert (call.carrier_call_id, call.is_canary, call.caller_number) == (incoming.sid, True, None)
