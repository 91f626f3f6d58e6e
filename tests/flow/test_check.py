"""A flow is held against the policy: targets, claims, and hours that can be spoken."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.flow.small_flow import FILES, changed_files, line_with, project_texts
from voicebot.domain.escalation import EscalationStep, StepAction
from voicebot.domain.notice import NoticeEvent, NoticeRule
from voicebot.flow.check import Inspection, check_flow
from voicebot.flow.policy import Policy, read_policy
from voicebot.flow.reader import parse_flow
from voicebot.flow.spoken_english import English

FLOW, WORDS = "small/flow.yaml", "small/prompts.en.yaml"


def _policy(folder: str = "policy") -> Policy:
    return read_policy({name.split("/")[1]: text for name, text in project_texts(folder).items()})


@pytest.mark.parametrize("folder", ["policy", "policy_demo"])
def test_a_sound_flow_passes_with_each_policy(folder: str) -> None:
    assert check_flow(Inspection(flow=parse_flow(FILES), policy=_policy(folder))) == ()


@pytest.mark.parametrize("folder", ["policy", "policy_demo"])
def test_the_complaint_flow_passes_with_each_policy(folder: str) -> None:
    flow = parse_flow(project_texts("complaint", "shared"))
    assert check_flow(Inspection(flow=flow, policy=_policy(folder))) == ()


def test_without_a_policy_the_words_are_held_against_none() -> None:
    flow = parse_flow(changed_files(FLOW, "target: standard", "target: someday"))
    assert check_flow(Inspection(flow=flow)) == ()


def test_an_unknown_target_is_named() -> None:
    files = changed_files(FLOW, "target: standard", "target: someday")
    (issue,) = check_flow(Inspection(flow=parse_flow(files), policy=_policy()))
    assert (issue.line, issue.found) == (line_with(files[FLOW], "someday"), "the policy has no target someday")
    assert "standard" in issue.cure


def test_words_that_the_ladder_does_not_keep_are_named() -> None:
    policy = _policy()
    idle = tuple(replace(step, tell=("owner",), action=StepAction.TELL_STAFF) for step in policy.ladder.steps)
    broken = replace(policy, ladder=replace(policy.ladder, steps=idle))
    found = [issue.found for issue in check_flow(Inspection(flow=parse_flow(FILES), policy=broken))]
    assert found == [
        "the words of promise_call promise caller_texted, which no step of the ladder does",
        "the words of promise_call promise manager_told, which no step of the ladder does",
    ]


@pytest.mark.parametrize(
    ("letter", "ladder"), [("sms_promise_missed", "ladder"), ("sms_decision_late", "late_decision")]
)
def test_a_letter_by_which_a_manager_knows_is_held_to_the_ladder_that_writes_it(letter: str, ladder: str) -> None:
    policy, files = _policy(), project_texts("complaint", "shared")
    climbed = getattr(policy, ladder)

    def found_with(steps: tuple[EscalationStep, ...]) -> list[str]:
        changed = replace(policy, **{ladder: replace(climbed, steps=steps)})
        return [issue.found for issue in check_flow(Inspection(flow=parse_flow(files), policy=changed))]

    steps = climbed.steps
    late = tuple(replace(step, tell=("owner",)) if step.action is StepAction.APOLOGISE else step for step in steps)
    broken = f"the words of {letter} promise manager_told, which no step of the ladder does in time"
    assert found_with(late) == [broken]
    unwritten = tuple(replace(step, action=StepAction.TELL_STAFF) for step in late)
    assert broken not in found_with(unwritten), "a letter that is not written promises nothing"
    name = "complaint/flow.yaml"
    unclaimed = files | {name: files[name].replace(f"  {letter}: [manager_told]\n", "")}
    (issue,) = check_flow(Inspection(flow=parse_flow(unclaimed), policy=policy))
    assert issue.found == f"{letter} promises that a manager knows, and flow.yaml claims nothing of it"
    assert (issue.file, f"{letter}: [manager_told]" in issue.cure) == ("shared/texts.en.yaml", True)


def test_a_supervisor_who_is_promised_is_claimed_and_told_at_once() -> None:
    words = changed_files(WORDS, 'promise_call: "', 'promise_call: "A supervisor will call you. ')
    (issue,) = check_flow(Inspection(flow=parse_flow(words), policy=_policy()))
    assert issue.found == "promise_call promises that a supervisor will call, and flow.yaml claims nothing of it"
    assert "promise_call: [supervisor_told]" in issue.cure
    claimed = words | {FLOW: words[FLOW].replace("[manager_told, caller_texted]", "[supervisor_told]")}
    assert check_flow(Inspection(flow=parse_flow(claimed), policy=_policy())) == ()
    wanted = NoticeEvent.SUPERVISOR_WANTED
    for rule in (
        NoticeRule(tell=("owner",), is_at_once=True),
        NoticeRule(tell=("supervisor",)),
        NoticeRule(tell=("boss",), is_at_once=True),
    ):
        silent = replace(_policy(), notices={wanted: rule})
        (issue,) = check_flow(Inspection(flow=parse_flow(claimed), policy=silent))
        assert issue.found == (
            "the words of promise_call promise supervisor_told, which no rule of notices.yaml does at once"
        )


class WholeHours(English):
    """A language of whole hours."""

    def speaks_minutes(self) -> bool:
        return False


@pytest.mark.parametrize(
    ("grain", "found"),
    [(timedelta(minutes=15), ["en speaks whole hours only"]), (timedelta(hours=1), [])],
)
def test_a_grain_that_a_locale_cannot_speak_is_named(grain: timedelta, found: list[str]) -> None:
    policy = _policy()
    rules = replace(policy.windows, grain=grain, width=timedelta(hours=2))
    inspection = Inspection(
        flow=parse_flow(FILES), policy=replace(policy, windows=rules), languages={"en": WholeHours()}
    )
    assert [issue.found for issue in check_flow(inspection)] == found


def test_faults_of_all_kinds_come_together_in_order() -> None:
    files = changed_files(FLOW, "made: tell_window", "made: nowhere")
    files["small/prompts.en.yaml"] = files["small/prompts.en.yaml"].replace("Please key in", "Invalid; I error in")
    issues = check_flow(Inspection(flow=parse_flow(files), policy=_policy()))
    assert list(issues) == sorted(issues)
    assert {issue.file for issue in issues} == {FLOW, "small/prompts.en.yaml"}


def test_what_a_kind_asks_must_have_words_where_the_flow_asks_at_all() -> None:
    policy, files = _policy(), project_texts("complaint", "shared")
    words = "complaint/prompts.en.yaml"
    asked = next(line for line in files[words].splitlines() if line.startswith("ask_field_"))
    untold = files | {words: files[words].replace(asked + "\n", "")}
    (issue,) = check_flow(Inspection(flow=parse_flow(untold), policy=policy))
    key = asked.partition(":")[0]
    assert (issue.file, issue.found) == (words, f"no words for {key} in en, which categories.yaml asks")
    assert key in issue.cure
