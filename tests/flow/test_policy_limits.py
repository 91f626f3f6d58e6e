"""Limits as the policy states them: what is left out, what is given, and what is refused."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from voicebot.domain.budget import Budget, CallLimits, CodeLimits, ReceivedTextLimits
from voicebot.flow.policy_limits import CallLimitsPart, CodesPart, LimitsPart, ReceivedTextsPart

SWITCHBOARD = {"number": "+1 202-555-0123", "at_once": 20, "talk_a_day": "40 hours"}


def test_limits_that_are_left_out_are_the_domain_s() -> None:
    assert LimitsPart().calls.limits() == CallLimits()
    assert LimitsPart().texts_received.limits() == ReceivedTextLimits()
    assert LimitsPart().codes.limits() == CodeLimits()
    assert CodesPart.model_validate({"per_case": {"a_day": 3}}).limits().per_case == Budget(a_day=3)


def test_a_budget_holds_as_it_is_written_and_what_it_does_not_name_is_not_limited() -> None:
    part = CallLimitsPart.model_validate({"per_number": {"a_day": 9}, "named_numbers": [SWITCHBOARD]})
    limits = part.limits()
    assert limits.per_number == Budget(a_day=9)
    assert limits.withheld == CallLimits().withheld
    assert dict(limits.named) == {"+12025550123": Budget(at_once=20, talk_a_day=timedelta(hours=40))}
    received = ReceivedTextsPart.model_validate({"in_all": {"an_hour": 7}, "kept_a_day": 3}).limits()
    assert (received.in_all, received.kept_a_day) == (Budget(an_hour=7), 3)


@pytest.mark.parametrize(
    "written",
    [
        {"per_number": {"a_day": 0}},
        {"per_number": {"talk_a_day": "3 working hours"}},
        {"per_number": {"a_week": 3}},
        {"named_numbers": [{"number": "202 555"}]},
        {"named_numbers": [{"number": ""}]},
        {"places_for_others": -1},
    ],
)
def test_amounts_without_sense_are_refused(written: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        CallLimitsPart.model_validate(written)
