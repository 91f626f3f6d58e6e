"""Names that policy gives, in words for staff: none of ours is shown as it stands in its file."""

import re

import pytest

from tests.service.lines import FLOWS_DIR
from voicebot.service.wording.names import worded
from voicebot.service.wording.policy import due_said, step_said, target_said, why_said


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("call standard", "Call the complainant"),
        ("warning half_gone", "Warning: half of the time is gone"),
        ("step heads", "Ladder: the heads are told"),
        ("decision standard", "Decide what we do"),
        ("waiting standard", "Wait for the complainant until then"),
        ("task remedy", "Task: a remedy that was promised"),
        ("decision goodwill", "Decide: goodwill"),
        ("call fortnight", "Call the complainant (fortnight)"),
    ],
)
def test_what_is_due_is_named(what: str, said: str) -> None:
    assert due_said(what) == said


def names_in(place: str, pattern: str) -> set[str]:
    """Return the names that a file of our flows gives."""
    return set(re.findall(pattern, (FLOWS_DIR / place).read_text()))


def test_every_name_that_our_flow_and_policy_give_has_words_on_pages() -> None:
    flows = [place.relative_to(FLOWS_DIR) for place in FLOWS_DIR.glob("*/flow.yaml")]
    slots = {slot for flow in flows for slot in names_in(str(flow), r"slot: (\w+)")}
    steps = names_in("policy/escalation.yaml", r"- name: (\w+)")
    levels = (FLOWS_DIR / "policy/service_levels.yaml").read_text().partition("windows:")[0]
    targets = set(re.findall(r"^  (\w+): \d", levels, re.MULTILINE))
    assert (len(flows) > 1, min(len(slots), len(steps), len(targets)) > 4) == (True, True)
    plain = {
        **{name: worded(name) for name in slots},
        **{name: step_said(name) for name in steps},
        **{name: target_said(name) for name in targets},
    }
    assert [name for name, said in plain.items() if said == name.replace("_", " ")] == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("target standard: within 8 hours of working time", "a usual call: within 8 hours of working time"),
        ("tells owner, second_supervisor", "tells owner, second supervisor"),
        ("window closed without a call", "window closed without a call"),
    ],
)
def test_why_this_instant_is_said_without_names_of_the_house(line: str, said: str) -> None:
    assert why_said(line) == said
