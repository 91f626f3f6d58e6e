"""What we call names that policy gives, such as targets of calls and steps of the ladder, in words for staff.

A name that somebody's own policy gives is said as it is written, without underscores.
Knows: names in service_levels.yaml and escalation.yaml. Must not know: pages, terminals.
"""

import re

from voicebot.service.wording.names import task_said, worded

_NAMED = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")
"""A name of the house among other words."""

_DUE_KINDS = {"warning": "Warning", "step": "Ladder"}

_TARGETS = {
    "standard": "a usual call",
    "supervisor": "a call by a supervisor",
    "repeat": "a call to somebody who called again",
    "after_miss": "a call after a miss",
    "find_number": "a number that is to be found",
}
"""What is promised, by the name of its target in `service_levels.yaml`."""

_CALLS = {
    "standard": "Call the complainant",
    "supervisor": "A supervisor calls the complainant",
    "repeat": "Call the complainant, who called again",
    "after_miss": "Call the complainant after a miss",
}

_DECISIONS = {
    "standard": "Decide what we do",
    "safety": "Decide, since somebody may come to harm",
    "unanswered": "Answer what nobody answered",
}

_STEPS = {
    "half_gone": "half of the time is gone",
    "three_quarters_gone": "three quarters of the time are gone",
    "missed": "nobody has called in time",
    "second_supervisor": "a second supervisor is told",
    "heads": "the heads are told",
    "executive": "the executive is told",
    "decision_half_gone": "half of the time to decide is gone",
    "decision_three_quarters_gone": "three quarters of the time to decide are gone",
    "decision_late": "the decision is late",
    "decision_heads": "the decision is late, and the heads are told",
    "decision_executive": "the decision is late, and the executive is told",
}
"""Why staff are told, by the name of the step in `escalation.yaml`."""


def target_said(name: str) -> str:
    """Say what is promised by the name of its target."""
    return _TARGETS.get(name) or worded(name)


def step_said(name: str) -> str:
    """Say why staff are told by the name of the step."""
    return _STEPS.get(name) or worded(name)


def why_said(line: str) -> str:
    """Say a line of "why this instant" without names of the house."""
    target, colon, rest = line.removeprefix("target ").partition(":")
    said = f"{target_said(target)}{colon}{rest}" if line.startswith("target ") else line
    return _NAMED.sub(lambda found: worded(found[0]), said)


def due_said(what: str) -> str:
    """Say what is due, such as `Call the complainant`, `Warning: half of the time is gone`."""
    kind, _, name = what.partition(" ")
    if kind == "call":
        return _CALLS.get(name) or f"Call the complainant ({worded(name)})"
    if kind == "waiting":
        return "Wait for the complainant until then"
    if kind == "decision":
        return _DECISIONS.get(name) or f"Decide: {worded(name)}"
    if kind == "task":
        return f"Task: {task_said(name)}"
    return f"{_DUE_KINDS.get(kind, kind)}: {step_said(name)}"
