"""The parts of policy files."""

from pathlib import Path

import yaml

from voicebot.domain.business_calendar import ALL_DAY
from voicebot.flow.policy_files import ServiceLevelsFile, WeekPart

FOLDER = Path(__file__).parents[2] / "flows" / "policy"


def test_a_week_begins_on_monday() -> None:
    closed = dict.fromkeys(("tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "closed")
    assert WeekPart.model_validate({"monday": "all day"} | closed).days() == (ALL_DAY, *[()] * 6)


def test_service_levels_of_an_earlier_release_have_no_limits_of_their_own() -> None:
    told = yaml.safe_load((FOLDER / "service_levels.yaml").read_text()) | {"spec": "1"}
    without = {key: part for key, part in told.items() if key != "limits"}
    assert ServiceLevelsFile.model_validate(without).limits.calls.named_numbers == ()
