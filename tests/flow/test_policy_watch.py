"""The language of the watch: whom each part tells, and what is left out."""

from datetime import timedelta

import pytest

from voicebot.domain.watch_rules import ManyRules, WatchRules
from voicebot.flow.policy_watch import WatchFile


def read(**parts: object) -> WatchFile:
    return WatchFile.model_validate({"spec": "1", **parts})


@pytest.mark.requirement("D-10")
def test_what_is_left_out_is_as_the_domain_has_it_and_drills_may_never_be() -> None:
    assert read().rules() == WatchRules()
    assert read().rules().drill is not None
    nobody = read(drill="never", test_call="never", many_on_one_cause="never").rules()
    assert (nobody.drill, nobody.canary, nobody.many) == (None, None, None)


def test_the_watch_tells_whom_its_parts_name() -> None:
    many = {"cases": 5, "within": "30 minutes", "tell": ["supervisor"]}
    watch = read(morning_list={"tell": ["executive"]}, drill="never", many_on_one_cause=many)
    assert watch.told() == {"morning_list": ("executive",), "many_on_one_cause": ("supervisor",)}
    assert watch.rules().morning.tell == ("executive",)
    assert watch.rules().many == ManyRules(cases=5, within=timedelta(minutes=30), tell=("supervisor",))
