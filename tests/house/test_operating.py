"""The page for whoever runs it names what there is: settings that exist, and every line of the log worth a look."""

import ast
import re
from collections.abc import Iterator
from configparser import ConfigParser

import pytest
from click import Context

from tests.house import tree
from voicebot.cli import main
from voicebot.config import Settings, shown_settings

PAGE = (tree.PROJECT_DIR / "docs/operating.md").read_text()
SETTINGS = {setting.name for setting in shown_settings(Settings())}
LOUD = {"warning", "error", "critical", "exception"}


def _logged(levels: set[str]) -> Iterator[str]:
    """Yield the event of every line logged at one of these levels."""
    for path in tree.modules():
        for node in ast.walk(tree.parsed(path)):
            if _logs(node, levels) and isinstance(node, ast.Call) and node.args:
                yield from (each.value for each in ast.walk(node.args[0]) if _is_text(each))  # type: ignore[attr-defined]


def _logs(node: ast.AST, levels: set[str]) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in levels
        and getattr(node.func.value, "id", "") == "log"
    )


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_every_event_of_the_log_has_a_name_that_can_be_searched_for() -> None:
    events = sorted(set(_logged({"debug", "info", "warning", "error", "exception", "critical"})))
    assert len(events) > 20
    assert [event for event in events if not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", event)] == []


def test_every_setting_on_the_page_exists() -> None:
    named = set(re.findall(r"\b(?:VOICEBOT|TWILIO)_[A-Z_]+", PAGE))
    assert len(named) > 10
    assert named - SETTINGS == set()


def test_every_loud_line_of_the_log_has_its_cure_on_the_page() -> None:
    events = sorted(set(_logged(LOUD)))
    assert len(events) > 10
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    row_of = {event: next((row for row in rows if f"`{event}`" in row), "") for event in events}
    assert [event for event, row in row_of.items() if not row] == [], "docs/operating.md: what it means, what to do"
    assert [event for event, row in row_of.items() if len(row.split(" | ")) != 3] == []


def test_metrics_on_the_page_exist() -> None:
    watching = (tree.PROJECT_DIR / "docs/watching.md").read_text()
    named = set(re.findall(r"`(voicebot_[a-z_]+)`", PAGE))
    assert named
    assert {name for name in named if f"`{name}" not in watching} == set()


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([a-z./]+)\)", PAGE))))
def test_page_that_is_linked_exists(link: str) -> None:
    assert (tree.PROJECT_DIR / "docs" / link).is_file()


def test_the_unit_starts_a_command_that_exists_gives_calls_their_time_and_never_gives_up() -> None:
    unit = ConfigParser(interpolation=None)
    (text,) = re.findall(r"^```\n(\[Unit\].*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    unit.read_string(text)
    service = unit["Service"]
    program, *command = service["ExecStart"].split()
    assert command in [[name] for name in main.list_commands(Context(main))]
    assert program.startswith(f"{service['WorkingDirectory']}/"), "`.env` lies beside the program"
    assert service["WorkingDirectory"].startswith(f"{service['ReadWritePaths']}/")
    assert int(service["TimeoutStopSec"]) == Settings().grace_s + 60
    assert (service["Restart"], unit["Unit"]["StartLimitIntervalSec"]) == ("always", "0")
    assert service["PrivateTmp"] == "yes", "a strict unit has no temporary folder of its own accord"
