"""`voicebot doctor` asks whether this hotline could serve callers now. It prints one line for each check, and what
would put it right.

Knows: the terminal. Must not know: what is checked (bootstrap/examination.py), how it is judged (service/doctor).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from textwrap import wrap
from typing import Any

import click
from rich.console import Console

from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.log import configure_log
from voicebot.bootstrap.examination import Examination
from voicebot.cli.flow import all_faults
from voicebot.cli.terminal import harmless, json_text
from voicebot.config import Settings, read_settings
from voicebot.service.doctor.examination import Begin, examine
from voicebot.service.doctor.finding import Reported, Verdict
from voicebot.telephony.static_words import last_resort, static_words

_STYLES: dict[Verdict, dict[str, Any]] = {
    Verdict.FINE: {"fg": "green"},
    Verdict.DOUBT: {"fg": "yellow"},
    Verdict.BROKEN: {"fg": "red", "bold": True},
}
_VERDICT_WIDTH = max(len(verdict) for verdict in Verdict)
_CHECK_WIDTH = 15
_NARROWEST = 40
_WIDTH_OF_A_FILE = 118


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object at the end, for programs.")
@click.option(
    "--offline", "is_offline", is_flag=True, help="Ask nothing through the net: neither Twilio nor ourselves."
)
@click.option("--last-resort", "is_last_resort", is_flag=True, help="Only print the answer to be put on another host.")
def doctor(*, as_json: bool, is_offline: bool, is_last_resort: bool) -> None:
    """Look whether callers could be served now, and say what would put right what could not.

    Nothing is changed, nobody is rung or texted. Exit code 1 when something is broken, while a doubt leaves it 0.
    """
    settings = read_settings()
    if is_last_resort:
        click.echo(_last_resort(settings))
        return
    # Lines of the log would stand between those of the report.
    configure_log(level="ERROR", is_json=False)
    examination = Examination(settings, faults=lambda: all_faults(settings, with_model=False), is_offline=is_offline)
    reports = list(_told(examination, is_silent=as_json))
    if as_json:
        click.echo(_as_json(reports, examination.not_asked))
    else:
        _print_end(reports, examination.not_asked)
    if _count(reports, Verdict.BROKEN):
        raise click.exceptions.Exit(1)


def _last_resort(settings: Settings) -> str:
    """Return TwiML that speaks for us while our host is down."""
    flow = FlowFiles(settings.flows_dir, settings.resolved_policy_dir()).current_flow(settings.flow)
    return last_resort(static_words(flow, company=settings.company))


def _told(examination: Examination, *, is_silent: bool) -> Iterator[Reported]:
    """Yield each report once its line stands on the terminal."""
    console = Console()
    width = console.width if console.is_terminal else _WIDTH_OF_A_FILE
    with _progress() as begin:
        for report in examine(examination.checks(), begin=begin):
            if not is_silent:
                _print(report, width)
            yield report


@contextmanager
def _progress() -> Iterator[Begin]:
    """Show on stderr which check is at work, where somebody watches."""
    watching = Console(stderr=True)
    if not watching.is_terminal:
        yield lambda _: None
        return
    with watching.status("looking") as status:
        yield lambda check: status.update(f"looking: {check.name}")


def _print(report: Reported, width: int) -> None:
    """Print a finding and below it the cure, where both begin in the third column."""
    finding = report.finding
    verdict = click.style(f"{finding.verdict:<{_VERDICT_WIDTH}}", **_STYLES[finding.verdict])
    indent = " " * (_VERDICT_WIDTH + _CHECK_WIDTH + 4)
    room = max(width - len(indent), _NARROWEST)
    cure = f"→ {finding.cure}" if finding.cure else ""
    # What answers at our address, or names a service, may be anybody.
    words = [*wrap(harmless(finding.found), room), *wrap(harmless(cure), room)]
    click.echo(f"{verdict}  {report.check:<{_CHECK_WIDTH}}  " + f"\n{indent}".join(words))


def _print_end(reports: list[Reported], not_asked: list[str]) -> None:
    for what in not_asked:
        click.echo(f"not asked: {what}")
    counts = ", ".join(f"{_count(reports, verdict)} {verdict}" for verdict in Verdict)
    click.echo(f"\n{counts}. {_conclusion(reports)}")


def _conclusion(reports: list[Reported]) -> str:
    if _count(reports, Verdict.BROKEN):
        return "Callers or promises would be let down: put right what is broken."
    if _count(reports, Verdict.DOUBT):
        return "Callers can be served; read the doubts."
    return "Callers can be served."


def _count(reports: list[Reported], verdict: Verdict) -> int:
    return sum(report.finding.verdict is verdict for report in reports)


def _as_json(reports: list[Reported], not_asked: list[str]) -> str:
    told = {
        "checks": [
            {"check": report.check, "took_s": round(report.took_s, 3), **asdict(report.finding)} for report in reports
        ],
        "not_asked": not_asked,
        "is_broken": _count(reports, Verdict.BROKEN) > 0,
    }
    return json_text(told)
