"""Every command says what it needs, and refuses whom an account does not permit it."""

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from tests.cli.test_ticket import begins_at
from tests.service.lines import Line
from voicebot.cli import main
from voicebot.cli.who_may import NEEDED
from voicebot.domain.staff import Role
from voicebot.service.staff.accounts import NewAccount, add_account

__all__ = ["begins_at"]


def paths(command: click.Command, path: str = "") -> Iterator[str]:
    """Yield the words of every command that does something."""
    if not isinstance(command, click.Group):
        yield path
        return
    if command.invoke_without_command:
        yield path
    context = click.Context(command)
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        assert below is not None
        yield from paths(below, f"{path} {name}".strip())


def test_every_command_states_what_it_needs() -> None:
    assert set(paths(main)) == set(NEEDED)


def add_kim(line: Line, role: Role) -> None:
    add_account(line.hotline, NewAccount(email="kim@firm.example", name="Kim", role=role), "a-hash")


def run(*words: str) -> str:
    return CliRunner().invoke(main, words, input="a quiet harbour at dawn\n").output


@pytest.mark.parametrize(
    ("role", "command", "who"),
    [
        (Role.AUDITOR, ("tickets", "note", "{case}", "--reason", "my words"), "a handler, a supervisor"),
        (Role.QUALITY, ("tickets", "called", "{case}", "--reason", "my words"), "a handler, a supervisor"),
        (Role.HANDLER, ("staff", "disable", "kim@firm.example"), "an administrator"),
        (Role.SUPERVISOR, ("retention", "erase", "{case}", "--reason", "my words"), "an administrator"),
    ],
)
def test_whom_their_account_does_not_permit_it_is_refused_and_nothing_is_done(
    line: Line, monkeypatch: pytest.MonkeyPatch, role: Role, command: tuple[str, ...], who: str
) -> None:
    ticket = line.ticket(line.told_call())
    add_kim(line, role)
    before = line.verbs(ticket.id)
    asked = [word.format(case=ticket.case_number) for word in command]
    monkeypatch.setenv("LOGNAME", "kim")
    output = run(*asked)
    assert f"kim may not do this: it is for {who}" in output
    assert "my words" not in output
    assert line.verbs(ticket.id) == before
    with line.work() as work:
        assert [each.is_active for each in work.staff.accounts()] == [True]


def test_it_counts_who_is_named_too_and_who_runs_the_machine_may(line: Line) -> None:
    case = line.ticket(line.told_call()).case_number
    add_kim(line, Role.AUDITOR)
    assert "kim may not do this" in run("tickets", "note", case, "--reason", "x", "--by", "kim")
    assert "Note kept" in run("tickets", "note", case, "--reason", "x", "--by", "deputy_1")
    assert "Note kept" in run("tickets", "note", case, "--reason", "y")
