"""Machine and account against the calls that the settings allow."""

import pytest

from tests.fakes_doctor import FakeAccount, FakeMachine
from tests.service.doctor.verdicts import DOUBT, FINE, only
from voicebot.service.doctor import capacity
from voicebot.service.ports.account import Approval


@pytest.mark.parametrize(
    ("host", "recognisers", "calls", "verdict", "words"),
    [
        (FakeMachine(cores=2), 4, 40, FINE, "4 callers at once are listened to live on 2 cores"),
        (FakeMachine(cores=1), 2, 40, FINE, "on 1 core,"),
        (FakeMachine(cores=2), 5, 40, DOUBT, "VOICEBOT_MAX_RECOGNISERS to 4"),
        (FakeMachine(cores=4, memory_gb=0.5), 8, 40, DOUBT, "8 live callers need 616 MB and 500 MB are free"),
        (FakeMachine(cores=4, memory_gb=0), 8, 40, FINE, "8 callers"),
        (FakeMachine(cores=4), 8, 4, DOUBT, "VOICEBOT_MAX_CALLS"),
    ],
)
def test_live_callers_are_held_against_cores_and_memory(
    host: FakeMachine, recognisers: int, calls: int, verdict: str, words: str
) -> None:
    found, said = only(capacity.machine(host, max_recognisers=recognisers, max_calls=calls))
    assert (found, words in said) == (verdict, True), said


@pytest.mark.parametrize(
    ("approval", "verdict", "words"),
    [
        (Approval.BUSINESS, FINE, "our 40 calls"),
        (Approval.INDIVIDUAL, DOUBT, "holds 3 calls"),
        (Approval.NONE, DOUBT, "holds 2 calls"),
    ],
)
def test_carrier_lets_few_callers_through_without_the_business_profile(
    approval: Approval, verdict: str, words: str
) -> None:
    account = FakeAccount()
    account.approved = approval
    found, said = only(capacity.calls_at_once(account, max_calls=40))
    assert (found, words in said) == (verdict, True), said
