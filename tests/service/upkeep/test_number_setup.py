"""The number set to our addresses and back: shown before, kept, changed, looked at again."""

from dataclasses import replace
from datetime import datetime

import pytest

from tests.service.lines import OWN, Line
from voicebot.errors import Refused, Unavailable
from voicebot.service.ports import CarrierNumber, TextGroup
from voicebot.service.upkeep.number_setup import (
    ConnectRequest,
    Plan,
    apply_plan,
    connected_at,
    find_own_number,
    plan_connection,
    plan_undoing,
)

PN = "PN" + "1" * 32
MG = "MG" + "1" * 32
RETRIES = "#ct=2000&rt=5000&rc=1&rp=ct,rt,5xx"
OLD = {
    "voice_url": "https://demo.example/voice",
    "voice_method": "GET",
    "voice_fallback_url": "",
    "voice_fallback_method": "POST",
    "status_callback": "",
    "status_callback_method": "POST",
    "sms_url": "https://demo.example/sms",
    "sms_method": "POST",
    "sms_fallback_url": "",
    "sms_fallback_method": "POST",
    "trunk_sid": "",
    "voice_application_sid": "",
    "sms_application_sid": "",
    "voice_receive_mode": "voice",
}
OURS = {
    "voice_url": f"https://hotline.example/twilio/voice{RETRIES}",
    "voice_method": "POST",
    "voice_fallback_url": "https://hotline.example/twilio/voice/fallback#ct=2000&rc=1&rp=ct,5xx",
    "status_callback": f"https://hotline.example/twilio/voice/status{RETRIES}",
    "sms_url": f"https://hotline.example/twilio/sms{RETRIES}",
    "sms_fallback_url": f"https://hotline.example/twilio/sms{RETRIES}",
}


@pytest.fixture
def desk(line: Line) -> Line:
    """A line whose number does something else still."""
    line.numbers.numbers = [CarrierNumber(sid=PN, number=OWN, takes_calls=True, takes_texts=True, settings=OLD)]
    return line


def number(line: Line) -> CarrierNumber:
    found = find_own_number(line.hotline)
    assert found is not None
    return found


def set_to(line: Line, **settings: str) -> None:
    """Let the number be set to something else."""
    (known,) = line.numbers.numbers
    line.numbers.numbers = [replace(known, settings={**known.settings, **settings})]


def plan(line: Line, **request: object) -> Plan:
    return plan_connection(line.hotline, number(line), ConnectRequest(**request))  # type: ignore[arg-type]


def connect(line: Line, **request: object) -> None:
    apply_plan(line.hotline, plan(line, **request))


def undo(line: Line) -> Plan:
    undoing = plan_undoing(line.hotline, number(line))
    apply_plan(line.hotline, undoing)
    return undoing


def test_the_difference_is_what_is_not_ours_yet(desk: Line) -> None:
    differences = {each.setting: (each.now, each.will_be) for each in plan(desk).differences}
    assert differences == {name: (OLD[name], value) for name, value in OURS.items()}
    assert desk.numbers.changes == []


def test_connecting_sets_everything_in_one_request(desk: Line) -> None:
    connect(desk)
    assert desk.numbers.changes == [OURS]
    assert number(desk).settings == {**OLD, **OURS}


def test_connected_twice_there_is_nothing_to_change(desk: Line) -> None:
    connect(desk)
    assert plan(desk).differences == ()


def test_undoing_puts_back_what_was_there(line_on_both: Line) -> None:
    line = line_on_both
    line.numbers.numbers = [CarrierNumber(sid=PN, number=OWN, takes_calls=True, takes_texts=True, settings=OLD)]
    connect(line)
    undo(line)
    assert number(line).settings == OLD


def test_undoing_twice_is_refused_and_after_connecting_again_it_works_again(desk: Line) -> None:
    connect(desk)
    undo(desk)
    with pytest.raises(Refused, match="nothing is kept"):
        plan_undoing(desk.hotline, number(desk))
    connect(desk)
    undo(desk)
    assert number(desk).settings == OLD


def test_two_changes_are_undone_one_after_the_other(desk: Line) -> None:
    connect(desk)
    desk.step(seconds=1)
    connect(desk, fallback_url="https://elsewhere.example/copy")
    desk.step(seconds=1)
    undo(desk)
    assert number(desk).settings == {**OLD, **OURS}
    desk.step(seconds=1)
    undo(desk)
    assert number(desk).settings == OLD


def test_undoing_touches_nothing_that_connecting_did_not(desk: Line) -> None:
    connect(desk)
    set_to(desk, sms_method="GET")
    undo(desk)
    assert number(desk).settings["sms_method"] == "GET"


# --- traps -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trap", ["trunk_sid", "voice_application_sid", "sms_application_sid"])
def test_what_would_outrank_us_is_cleared_only_when_told(desk: Line, trap: str) -> None:
    set_to(desk, **{trap: "AP123"})
    with pytest.raises(Refused, match=f"{trap} is set .* --detach") as refusal:
        plan(desk)
    assert refusal.value.code == "number-attached"
    connect(desk, may_detach=True)
    assert number(desk).settings[trap] == ""
    undo(desk)
    assert number(desk).settings[trap] == "AP123"


def test_a_messaging_service_is_told_to_leave_texts_to_the_number_and_that_is_undone_too(desk: Line) -> None:
    desk.numbers.group = TextGroup(sid=MG, name="ours", sends_to_number=False)
    (switch,) = [each for each in plan(desk).differences if each.group_sid]
    assert (switch.setting, switch.now, switch.will_be) == ("use_inbound_webhook_on_number", "false", "true")
    connect(desk)
    assert desk.numbers.group.sends_to_number
    assert plan(desk).differences == ()
    undo(desk)
    assert not desk.numbers.group.sends_to_number
    assert number(desk).settings == OLD


def test_the_switch_of_a_service_that_the_number_has_left_is_let_alone(desk: Line) -> None:
    desk.numbers.group = TextGroup(sid=MG, name="ours", sends_to_number=False)
    connect(desk)
    desk.numbers.group = TextGroup(sid="MG" + "2" * 32, name="another", sends_to_number=True)
    undo(desk)
    assert desk.numbers.group.sends_to_number


def test_a_number_without_calls_is_refused(desk: Line) -> None:
    desk.numbers.numbers = [replace(number(desk), takes_calls=False)]
    with pytest.raises(Refused, match="takes no calls"):
        plan(desk)


def test_a_number_without_texts_is_connected_for_calls(desk: Line) -> None:
    desk.numbers.numbers = [replace(number(desk), takes_texts=False)]
    desk.numbers.group = TextGroup(sid=MG, name="ours", sends_to_number=False)
    assert {each.setting for each in plan(desk).differences} == {
        "voice_url",
        "voice_method",
        "voice_fallback_url",
        "status_callback",
    }


def test_a_number_that_takes_faxes_takes_calls_again(desk: Line) -> None:
    set_to(desk, voice_receive_mode="fax")
    connect(desk)
    assert number(desk).settings["voice_receive_mode"] == "voice"


def test_a_number_that_is_not_the_accounts_is_not_found(desk: Line) -> None:
    desk.numbers.numbers = [replace(number(desk), number="+12025550199")]
    assert find_own_number(desk.hotline) is None


# --- a fallback elsewhere ----------------------------------------------------------------------------------


def test_a_fallback_elsewhere_is_what_the_operator_names_and_stays(desk: Line) -> None:
    connect(desk, fallback_url="https://elsewhere.example/copy")
    assert number(desk).settings["voice_fallback_url"] == "https://elsewhere.example/copy"
    assert plan(desk).differences == ()


def test_a_fallback_of_whoever_had_the_number_before_goes(desk: Line) -> None:
    set_to(desk, voice_fallback_url="https://demo.example/old")
    connect(desk)
    assert number(desk).settings["voice_fallback_url"] == OURS["voice_fallback_url"]


@pytest.mark.parametrize("url", ["elsewhere.example/copy", "ftp://elsewhere.example", "https://", "copy"])
def test_a_fallback_that_is_no_address_is_refused(desk: Line, url: str) -> None:
    with pytest.raises(Refused, match="--fallback-url") as refusal:
        plan(desk, fallback_url=url)
    assert refusal.value.code == "fallback-address"


# --- the carrier fails -------------------------------------------------------------------------------------


AWAY = Unavailable("cannot change the number's settings at the carrier: ReadTimeout")


def test_a_carrier_that_goes_away_before_the_change_leaves_all_and_says_so(desk: Line) -> None:
    connecting = plan(desk)
    desk.numbers.trouble = [AWAY]
    with pytest.raises(Unavailable, match=r"0 of 6 settings are changed, still to do: voice_url, .* --undo to go back"):
        apply_plan(desk.hotline, connecting)
    assert number(desk).settings == OLD
    connect(desk)
    assert number(desk).settings == {**OLD, **OURS}
    undo(desk)
    assert number(desk).settings == OLD


def test_a_change_whose_answer_was_lost_is_found_done(desk: Line) -> None:
    connecting = plan(desk)
    set_to(desk, **OURS)
    desk.numbers.trouble = [AWAY]
    apply_plan(desk.hotline, connecting)
    undo(desk)
    assert number(desk).settings == OLD


def test_half_a_change_is_told_and_gone_on_with(desk: Line) -> None:
    desk.numbers.group = TextGroup(sid=MG, name="ours", sends_to_number=False)
    connecting = plan(desk)
    desk.numbers.trouble = [None, AWAY]
    with pytest.raises(Unavailable, match="6 of 7 settings are changed, still to do: use_inbound_webhook_on_number"):
        apply_plan(desk.hotline, connecting)
    connect(desk)
    assert plan(desk).differences == ()
    undo(desk)
    assert (number(desk).settings, desk.numbers.group.sends_to_number) == (OLD, False)


def test_a_carrier_that_stays_away_leaves_what_stands_unknown_and_the_old_kept(desk: Line) -> None:
    connecting = plan(desk)
    desk.numbers.trouble = [AWAY, AWAY]
    with pytest.raises(Unavailable, match="cannot be seen either, and what stood there before is kept"):
        apply_plan(desk.hotline, connecting)
    with desk.work() as work:
        assert len(work.kept_numbers.standing(PN)) == 1


def test_a_carrier_that_refuses_is_a_refusal_with_what_stands(desk: Line) -> None:
    connecting = plan(desk)
    desk.numbers.trouble = [Refused("the carrier refused", code="carrier-refused")]
    with pytest.raises(Refused, match="the carrier refused; 0 of 6") as refusal:
        apply_plan(desk.hotline, connecting)
    assert refusal.value.code == "carrier-refused"


def test_a_carrier_that_takes_a_change_and_does_not_make_it_is_noticed(desk: Line) -> None:
    desk.numbers.ignores = {"sms_url"}
    with pytest.raises(Refused, match="still shows others for sms_url") as refusal:
        connect(desk)
    assert refusal.value.code == "number-not-changed"


def test_an_undoing_that_failed_can_be_done_again(desk: Line) -> None:
    connect(desk)
    undoing = plan_undoing(desk.hotline, number(desk))
    desk.numbers.trouble = [AWAY]
    with pytest.raises(Unavailable):
        apply_plan(desk.hotline, undoing)
    undo(desk)
    assert number(desk).settings == OLD


def test_undoing_what_somebody_put_back_by_hand_changes_nothing(desk: Line) -> None:
    connect(desk)
    set_to(desk, **OLD)
    assert undo(desk).differences == ()
    with pytest.raises(Refused):
        plan_undoing(desk.hotline, number(desk))


def test_no_error_names_a_number(desk: Line) -> None:
    connecting = plan(desk)
    desk.numbers.trouble = [AWAY]
    with pytest.raises(Unavailable) as problem:
        apply_plan(desk.hotline, connecting)
    assert OWN not in str(problem.value)


def test_since_when_calls_come_to_us_is_known_whatever_was_changed_later(desk: Line) -> None:
    def since() -> datetime | None:
        with desk.work() as work:
            return connected_at(work, PN)

    assert since() is None
    connected = desk.clock.at
    connect(desk)
    desk.step(days=1)
    set_to(desk, status_callback="https://elsewhere.example/status")
    connect(desk)
    assert since() == connected
