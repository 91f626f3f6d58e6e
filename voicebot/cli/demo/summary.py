"""The demo's last page, with promise, breach, steps and texts in one table, and where to listen to the call.

Knows: the case reader, the screen. Must not know: how any of it came about.
"""

import os
import sys
from datetime import datetime
from pathlib import Path

from voicebot.cli.demo.case_reader import Case
from voicebot.cli.demo.narration import Storyteller
from voicebot.cli.demo.sandbox import Sandbox
from voicebot.cli.demo.screen import Screen
from voicebot.domain.case_number import written
from voicebot.domain.escalation import StepTaken
from voicebot.domain.sms import Sms

Row = tuple[str, str, str]
_Row = tuple[datetime, str, str]


def show_case(screen: Screen, case: Case | None, teller: Storyteller) -> None:
    """Print a case as it stands at the end."""
    if case is None:
        return
    title = (
        f"\n{teller.caller}: case {written(case.ticket.case_number)} (times in UTC, the zone of the demo's calendar)"
    )
    screen.table(title, ("when", "what", "how it stands"), rows(case, teller))


def show_where_to_look(screen: Screen, case: Case | None, sandbox: Sandbox) -> None:
    """Print where both sides of a case's call are, and how to read all of it."""
    if case is None or case.ticket.complainant_number is None:
        return
    recording = sandbox.recording_of(case.ticket.complainant_number)
    screen.line("demo", f"both sides of the call, to listen to: {_short(recording)}")
    where = f"VOICEBOT_DATA_DIR={_short(sandbox.folder)} VOICEBOT_POLICY_DIR={_short(sandbox.policy_dir)}"
    program = _short(Path(sys.executable).with_name("voicebot"))
    screen.line("demo", f"the whole case: {where} {program} tickets show {written(case.ticket.case_number)}")


def show_what_is_missing(screen: Screen, lacking: list[str]) -> None:
    """Say whether everything that should have been seen was seen."""
    if lacking:
        screen.panel("\n".join(f"- {sentence}" for sentence in lacking), title="not as it should be", is_bad=True)
    else:
        screen.line(
            "demo",
            "checked: cases, words, promise, breach, ladder, texts, call back, wrap-up, recording, console: all there",
        )


def rows(case: Case, teller: Storyteller) -> list[Row]:
    """Return promises, breaches, steps and texts in the order in which they happened."""
    happened = [
        *_promises(case),
        *_breaches(case),
        *_steps(case, teller),
        *_texts_to_the_caller(case),
        *_calls_back(case),
    ]
    return [(f"{at:%H:%M:%S}", what, how) for at, what, how in sorted(happened, key=lambda row: row[0])]


def _promises(case: Case) -> list[_Row]:
    return [
        (
            promise.made_at,
            f"promise: a call from {promise.window_opens_at:%H:%M} to {promise.window_closes_at:%H:%M}",
            str(promise.state),
        )
        for promise in case.promises
    ]


def _breaches(case: Case) -> list[_Row]:
    return [(breach.at, "the window closes, nobody has called", "breach") for breach in case.breaches]


def _steps(case: Case, teller: Storyteller) -> list[_Row]:
    broken = {breach.id for breach in case.breaches}
    return [
        (
            step.taken_at,
            f"{'ladder' if step.subject_id in broken else 'warning'}: {step.step.replace('_', ' ')}",
            f"{teller.told_to(step.told)}; SMS {_states(case, step)}",
        )
        for step in case.steps
    ]


def _texts_to_the_caller(case: Case) -> list[_Row]:
    texts = [sms for sms in case.texts if sms.recipient == case.ticket.complainant_number]
    return [(sms.created_at, f"SMS to the caller: {_plain(sms)}", str(sms.state)) for sms in texts]


def _calls_back(case: Case) -> list[_Row]:
    return [
        (call.ordered_at, "the owner calls back from the case", call.result.replace("_", " ") or str(call.state))
        for call in case.calls_back
    ]


def _states(case: Case, step: StepTaken) -> str:
    """Return the states of a step's texts, whose purpose names subject and step."""
    texts = [sms for sms in case.texts if f":{step.subject_id}:{step.step}:" in sms.purpose]
    return ", ".join(sorted({str(sms.state) for sms in texts})) or "not sent"


def _plain(sms: Sms) -> str:
    return sms.template.removeprefix("sms_").replace("_", " ")


def _short(path: Path) -> str:
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
