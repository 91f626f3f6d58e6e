"""The parts of policy files."""

from datetime import timedelta
from pathlib import Path

import yaml

from voicebot.domain.business_calendar import ALL_DAY
from voicebot.domain.callback_rules import CallbackRules
from voicebot.domain.case_task import TaskRules
from voicebot.domain.decision_term import DecisionRules
from voicebot.domain.ending import EndingRules
from voicebot.domain.notice import NoticeEvent, NoticeRule
from voicebot.domain.rota import RotaRules
from voicebot.flow.policy_files import (
    CallbacksPart,
    DecisionsPart,
    EndingsPart,
    NoticesFile,
    RotaFile,
    ServiceLevelsFile,
    TasksPart,
    WeekPart,
)

FOLDER = Path(__file__).parents[2] / "flows" / "policy"


def test_a_week_begins_on_monday() -> None:
    closed = dict.fromkeys(("tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "closed")
    assert WeekPart.model_validate({"monday": "all day"} | closed).days() == (ALL_DAY, *[()] * 6)


def test_service_levels_of_an_earlier_release_have_no_limits_of_their_own() -> None:
    told = yaml.safe_load((FOLDER / "service_levels.yaml").read_text()) | {"spec": "1"}
    without = {key: part for key, part in told.items() if key != "limits"}
    assert ServiceLevelsFile.model_validate(without).limits.calls.named_numbers == ()


def test_what_a_file_leaves_out_is_as_the_domain_has_it() -> None:
    assert CallbacksPart().rules() == CallbackRules()
    assert EndingsPart().rules() == EndingRules()
    assert TasksPart().rules() == TaskRules()
    assert DecisionsPart(targets={"standard": "10 working days"}).rules() == DecisionRules(targets={"standard": 10})
    rota = RotaFile(spec="1", load_cap=7, calls_an_hour=6, most_hand_offs=2)
    assert rota.rules() == RotaRules(load_cap=7, calls_an_hour=6, most_hand_offs=2)


def test_never_means_that_nobody_is_rung_or_offered() -> None:
    rules = CallbacksPart(offer_for="never", ladder_rings_after="2 minutes").rules()
    assert (rules.offer_for, rules.ladder_rings_after) == (None, timedelta(minutes=2))


def test_notices_name_the_events_that_somebody_is_told_of() -> None:
    told = NoticesFile.model_validate({"spec": "1", "new_case": {"tell": ["owner"], "when": "at once"}})
    assert set(told.parts()) == {NoticeEvent.NEW_CASE, NoticeEvent.DANGER_HEARD, NoticeEvent.ABOUT_SAID}
    assert told.parts()[NoticeEvent.NEW_CASE].rule() == NoticeRule(
        tell=("owner",), is_at_once=True, bundle_for=timedelta(0)
    )
