"""A task is done once, and told late once; who may promise how much is a matter of roles."""

from datetime import timedelta

import pytest

from tests.builders import MONDAY_TEN, a_case_task
from voicebot.domain.case_task import TaskRules, finish, is_task_open, tell_late
from voicebot.errors import Refused

RULES = TaskRules(authority={"handler": 50, "supervisor": 500, "executive": 10_000})


def test_a_task_is_done_once_also_after_it_was_late() -> None:
    late = tell_late(a_case_task(), MONDAY_TEN + timedelta(hours=5))
    assert (late.next_step_at, is_task_open(late)) == (None, True)
    done = finish(late, by="deputy_1", result="they have it", at=MONDAY_TEN + timedelta(hours=6))
    assert not is_task_open(done)
    with pytest.raises(Refused, match="done already"):
        finish(done, by="deputy_1", result="again", at=MONDAY_TEN)


@pytest.mark.requirement("S4-06")
@pytest.mark.parametrize(
    ("roles", "most"), [(("handler",), 50), (("handler", "supervisor"), 500), (("guest",), 0), ((), 0)]
)
def test_the_highest_of_somebodys_roles_says_how_much(roles: tuple[str, ...], most: int) -> None:
    assert RULES.most_for(frozenset(roles)) == most
    assert TaskRules().most_for(frozenset(roles)) is None


@pytest.mark.requirement("S4-06")
def test_those_who_may_promise_an_amount_are_named_from_the_least() -> None:
    assert RULES.roles_for(51) == ("supervisor", "executive")
    assert RULES.roles_for(20_000) == ()
