"""What is read from the forms of a case's page."""

import pytest

from voicebot.errors import Refused
from voicebot.service.staff.decision import StaffAction
from voicebot.web.console.case_steps import STEP_FORMS, Filled, StepForm, wrapped_up

WORDS = {"text": "as she said", "reason": "spoke to her"}
FIELDS = {
    "decided": {"ruling": "partly", "told_by": "letter"},
    "closed": {"close_reason": "agreed"},
    "no-complaint": {"kind": "silence"},
    "reopened": {},
    "second-look": {"look": "overrule"},
    "window": {"window": "2026-11-20T14:00:00+00:00"},
    "talk-back": {},
    "number": {"number": "+12025550177"},
    "late": {},
    "task": {"task": "remedy", "to": "deputy_1", "amount": "40", "until": "2026-11-23"},
    "task-done": {"done": "task-1"},
    "joined": {"other": "482-719-300"},
    "taken-out": {"joined": "482-719-300"},
    "follows": {"other": "482-719-300"},
    "follows-none": {},
    "split": {"answer.a1": "yes"},
    "waiting": {"until": "2026-11-23"},
    "waiting-over": {},
    "delay": {},
    "decision-kind": {"target": "billing"},
    "category": {"category": "price_rise"},
    "offer-ended": {},
    "about": {"about": "owner_2"},
}
ACTIONS = {
    "decided": StaffAction.ANSWERED,
    "closed": StaffAction.CLOSED,
    "no-complaint": StaffAction.DISMISSED,
    "reopened": StaffAction.REOPENED,
    "second-look": StaffAction.REFUSAL_OVERRULED,
    "window": StaffAction.WINDOW_CHOSEN,
    "talk-back": StaffAction.TALK_TAKEN_BACK,
    "number": StaffAction.NUMBER_GIVEN,
    "late": StaffAction.WINDOW_CHOSEN,
    "task": StaffAction.TASK_SET,
    "task-done": StaffAction.TASK_DONE,
    "joined": StaffAction.JOINED,
    "taken-out": StaffAction.TAKEN_OUT,
    "follows": StaffAction.FOLLOWS,
    "follows-none": StaffAction.FOLLOWS_NONE,
    "split": StaffAction.SPLIT,
    "waiting": StaffAction.WAITS,
    "waiting-over": StaffAction.GOES_ON,
    "delay": StaffAction.EXPLAINED,
    "decision-kind": StaffAction.KIND_SET,
    "category": StaffAction.CATEGORISED,
    "offer-ended": StaffAction.OFFER_ENDED,
    "about": StaffAction.ABOUT_SAID,
}
WORDLESS = {
    "waiting-over": "",
    "decision-kind": "billing",
    "category": "price_rise",
    "offer-ended": "",
    "follows-none": "",
    "about": "owner_2",
}
"""Decisions that say what they are without words."""


def filled(fields: dict[str, str]) -> Filled:
    return Filled(fields=WORDS | fields, actor="owner_1", seen=3)


@pytest.mark.parametrize("form", STEP_FORMS, ids=lambda form: form.path)
def test_each_form_is_one_decision_of_whoever_sent_it(form: StepForm) -> None:
    decision = form.read(filled(FIELDS[form.path])).decision
    assert (decision.action, decision.actor, decision.seen) == (ACTIONS[form.path], "owner_1", 3)
    assert WORDLESS.get(form.path, "as she said") in decision.after


def test_a_wait_without_a_day_is_refused() -> None:
    form = next(form for form in STEP_FORMS if form.path == "waiting")
    with pytest.raises(Refused, match="the day until which we wait is missing"):
        form.read(filled({"until": "soon"}))


@pytest.mark.parametrize(
    ("following", "fields", "actions"),
    [
        ("stands", {}, [StaffAction.CALLED]),
        ("window", FIELDS["window"], [StaffAction.CALLED, StaffAction.WINDOW_CHOSEN]),
        ("waits", {"until": "2026-11-23"}, [StaffAction.CALLED, StaffAction.WAITS]),
        ("answered", {"ruling": "granted"}, [StaffAction.CALLED, StaffAction.ANSWERED]),
        ("closed", {"close_reason": "agreed"}, [StaffAction.CALLED, StaffAction.CLOSED]),
        ("not_a_complaint", {"kind": "praise"}, [StaffAction.CALLED, StaffAction.DISMISSED]),
    ],
)
def test_a_call_is_read_with_what_comes_next(
    following: str, fields: dict[str, str], actions: list[StaffAction]
) -> None:
    steps = wrapped_up(filled({"outcome": "reached", "next": following, **fields}))
    assert [step.decision.action for step in steps] == actions
    assert all("spoke to her" in step.decision.after for step in steps)


def test_what_was_not_chosen_is_said() -> None:
    with pytest.raises(Refused, match="how it was told is missing"):
        next(form for form in STEP_FORMS if form.path == "decided").read(filled({"ruling": "partly"}))
