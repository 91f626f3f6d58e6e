"""Inspects a flow without playing it. Tells every fault with file, line, what was found and what would cure it.

Knows: which inspections there are, and what a flow promises of the policy. Must not know: the disk, the model.
"""

import re
from collections.abc import Iterator, Mapping

from voicebot.flow.check_structure import check_structure
from voicebot.flow.check_words import asks_fields, check_words
from voicebot.flow.faults import Issue
from voicebot.flow.inspection import Inspection
from voicebot.flow.listens import ASK_FIELD
from voicebot.flow.nodes import PromiseNode
from voicebot.flow.policy import Policy
from voicebot.flow.timing import check_speech

_PROMISED = {
    "supervisor_told": (
        re.compile(r"\bsupervisor\b[^.]*\bwill (?:call|ring)\b", re.IGNORECASE),
        "a supervisor will call",
    ),
    "manager_told": (re.compile(r"\bmanager\b[^.]*\bknows\b", re.IGNORECASE), "a manager knows"),
}
"""By claim: the English words that need it, and what they promise."""
_LETTER_MISSED, _LETTER_LATE = "sms_promise_missed", "sms_decision_late"
"""Texts that a step of a ladder writes: a manager of whom they speak must be told by then."""

__all__ = ["Inspection", "check_flow"]


def check_flow(inspection: Inspection) -> tuple[Issue, ...]:
    """Return every fault, by file and line. None means that the flow may answer calls."""
    faults = {*check_structure(inspection), *check_words(inspection), *_check_promises(inspection)}
    return tuple(sorted(faults or set(check_speech(inspection))))  # a broken flow cannot be walked


def _check_promises(inspection: Inspection) -> Iterator[Issue]:
    """Hold the words against the policy, so that nothing is said that the company does not do."""
    if inspection.policy is None:
        return
    yield from _unknown_targets(inspection, inspection.policy)
    yield from _unkept_claims(inspection, inspection.policy)
    yield from _unclaimed_words(inspection)
    yield from _unspeakable_windows(inspection, inspection.policy)
    yield from _unspoken_questions(inspection, inspection.policy)


def _unknown_targets(inspection: Inspection, policy: Policy) -> Iterator[Issue]:
    for name, node in inspection.flow.nodes.items():
        if isinstance(node, PromiseNode) and node.target not in policy.targets:
            yield inspection.issue(
                "nodes", name, "target",
                found=f"the policy has no target {node.target}",
                cure=f"name one of {', '.join(sorted(policy.targets))}",
            )  # fmt: skip


def _unspoken_questions(inspection: Inspection, policy: Policy) -> Iterator[Issue]:
    """What a kind of complaint asks must have words, else it is never asked."""
    flow = inspection.flow
    asked = {name for category in policy.categories.values() for name in category.asks} if asks_fields(flow) else set()
    for locale in flow.locales:
        for key in sorted(f"{ASK_FIELD}{name}" for name in asked):
            if key not in flow.prompts.get(locale, {}):
                yield inspection.issue_in(
                    inspection.file_of("prompts", locale, key),
                    found=f"no words for {key} in {locale}, which categories.yaml asks",
                    cure=f"add {key} to prompts.{locale}.yaml, or ask something else",
                )


def _unkept_claims(inspection: Inspection, policy: Policy) -> Iterator[Issue]:
    for key, claims in inspection.flow.file.claims.items():
        broken = _faults_of(policy, key)
        for claim in claims:
            if (fault := broken[claim]) is not None:
                found, cure = f"the words of {key} promise {claim}, {fault[0]}", fault[1]
                yield inspection.issue("claims", key, found=found, cure=cure)


def _faults_of(policy: Policy, key: str) -> Mapping[str, tuple[str, str] | None]:
    """Return for each claim what breaks it and the cure; None where the policy keeps it."""
    step = "which no step of the ladder does", "add the step to escalation.yaml, or change the words"
    notice = "which no rule of notices.yaml does at once", "let supervisor_wanted tell a supervisor at once"
    late = f"{step[0]} in time", "let the step that apologises tell a management role, or change the words"
    writer = {_LETTER_MISSED: policy.ladder, _LETTER_LATE: policy.late_decision}.get(key)
    if writer is None:
        untold = None if policy.ladder.tells_management else step
    else:
        untold = None if writer.tells_by_letter(policy.ladder.management_roles) else late
    return {
        "manager_told": untold,
        "caller_texted": None if policy.ladder.texts_complainant else step,
        "supervisor_told": None if policy.tells_supervisor else notice,
    }


def _unclaimed_words(inspection: Inspection) -> Iterator[Issue]:
    """Whoever is promised in English words must be claimed, so that the policy is held to it."""
    flow = inspection.flow
    for locale in (each for each in flow.locales if each.split("-")[0] == "en"):
        for kind, said in (("prompts", flow.prompts), ("texts", flow.texts)):
            for key, claim in _needed_claims(said.get(locale, {})):
                if claim not in flow.file.claims.get(key, ()):
                    yield inspection.issue_in(
                        inspection.file_of(kind, locale, key), key,
                        found=f"{key} promises that {_PROMISED[claim][1]}, and flow.yaml claims nothing of it",
                        cure=f"write `{key}: [{claim}]` under `claims`",
                    )  # fmt: skip


def _needed_claims(said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for key, words in said.items():
        yield from ((key, claim) for claim, (pattern, _) in _PROMISED.items() if pattern.search(words))


def _unspeakable_windows(inspection: Inspection, policy: Policy) -> Iterator[Issue]:
    rules = policy.windows
    is_whole = not rules.grain.total_seconds() % 3600 and not rules.width.total_seconds() % 3600
    for locale in inspection.flow.locales:
        language = inspection.languages.get(locale.split("-")[0])
        if language is not None and not is_whole and not language.speaks_minutes():
            yield inspection.issue(
                "locales", found=f"{locale} speaks whole hours only", cure="let windows begin and end on whole hours"
            )
