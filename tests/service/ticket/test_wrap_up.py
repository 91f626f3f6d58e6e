"""What comes next after a call is one of the steps there are."""

import pytest

from voicebot.errors import Refused
from voicebot.service.ticket.wrap_up import NextStep, next_step


@pytest.mark.parametrize("step", NextStep)
def test_each_step_is_known_by_its_name(step: NextStep) -> None:
    assert next_step(step.value) is step


@pytest.mark.parametrize("said", ["", "soon"])
def test_what_is_no_step_is_refused(said: str) -> None:
    with pytest.raises(Refused, match="needs what comes next"):
        next_step(said)
