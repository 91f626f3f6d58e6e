"""`voicebot staff` knows who may log in to the console (add, list, disable, a new password, a lost second factor), and
whom a message reaches.

A password is asked for twice on a terminal, read once from standard input without one, or made and shown once.
Knows: the terminal, use cases. Must not know: tables, sessions.
"""

import secrets
import sys

import click
from rich.console import Console
from rich.table import Table

from voicebot.adapters.passwords import hash_password, normal_password
from voicebot.cli.given_text import not_text, unreadable
from voicebot.cli.opening import opened_hotline
from voicebot.domain.instants import written_instant
from voicebot.domain.staff import Role, StaffAccount, password_fault
from voicebot.errors import Refused
from voicebot.service.outbox.compose import Template
from voicebot.service.outbox.try_out import tell_of_account, try_out
from voicebot.service.staff.accounts import (
    NewAccount,
    add_account,
    all_accounts,
    check_new,
    disable_account,
    find_account,
    history_of,
    set_password,
)
from voicebot.service.staff.provider_sign_in import unlink
from voicebot.service.staff.second_factor import reset_second_factor

_GENERATED_BYTES = 15
"""120 bits, 20 characters, so nobody guesses it, and it can still be typed once."""

_generate = click.option("--generate", is_flag=True, help="Make a password and show it once.")


@click.group()
def staff() -> None:
    """Add, list and disable logins of the console, and give new passwords."""


@staff.command()
@click.argument("email")
@click.option("--name", required=True, help="As colleagues and histories read it.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="What they may do.")
@click.option("--member", help="Who of the policy's escalation.yaml this is, e.g. owner_1; default: nobody of them.")
@_generate
def add(email: str, name: str, role: str, member: str | None, generate: bool) -> None:
    """Let somebody log in as EMAIL."""
    hotline = opened_hotline()
    new = NewAccount(email=email, name=name, role=Role(role), member_id=member)
    check_new(hotline, new)
    password = _new_password(is_generated=generate)
    account = add_account(hotline, new, hash_password(password))
    click.echo(f"{account.name} may log in as {account.role.value}; histories call them {account.staff_id}.")
    _show_generated(password, is_generated=generate)


@staff.command(name="list")
def list_command() -> None:
    """List everybody who may log in, and who may no more."""
    accounts = all_accounts(opened_hotline())
    if not accounts:
        click.echo("Nobody may log in yet: voicebot staff add E-MAIL --name NAME --role administrator")
        return
    Console(width=None if sys.stdout.isatty() else 160).print(_table(accounts))


@staff.command()
@click.argument("email")
def disable(email: str) -> None:
    """Let EMAIL log in no more and end their sessions, while histories keep their name."""
    account = disable_account(opened_hotline(), email)
    click.echo(f"{account.name} may log in no more; every session has ended.")


@staff.command()
@click.argument("email")
@_generate
def password(email: str, generate: bool) -> None:
    """Give EMAIL a new password. It ends their sessions, and lets them in again if they were disabled."""
    hotline = opened_hotline()
    find_account(hotline, email)
    chosen = _new_password(is_generated=generate)
    account = set_password(hotline, email, hash_password(chosen))
    click.echo(f"{account.name} has a new password; every session has ended.")
    _show_generated(chosen, is_generated=generate)


@staff.command()
@click.argument("email")
def history(email: str) -> None:
    """Show what happened to EMAIL's login, oldest first."""
    events = history_of(opened_hotline(), email)
    if not events:
        click.echo("Nothing has happened to this login.")
    for event in events:
        click.echo(f"{written_instant(event.at, 'UTC')}  {event.verb}, by {event.actor}")


@staff.command(name="unlink")
@click.argument("email")
def unlink_command(email: str) -> None:
    """Forget who EMAIL is at the company's own sign-in, and end their sessions."""
    account = unlink(opened_hotline(), email)
    click.echo(f"{account.name} is linked anew at the next login by the company's sign-in; every session has ended.")


@staff.group(name="second-factor")
def second_factor() -> None:
    """Help who has lost the telephone that shows their codes."""


@second_factor.command()
@click.argument("email")
def reset(email: str) -> None:
    """Take EMAIL's second factor away, end their sessions, and tell them by how they are told."""
    hotline = opened_hotline()
    account = reset_second_factor(hotline, email)
    click.echo(
        f"{account.name} logs in by the password alone, until they set up a second factor; every session has ended."
    )
    told = tell_of_account(hotline, account.staff_id, Template.STAFF_SECOND_FACTOR_RESET)
    click.echo(f"They are told by {' and '.join(told)}." if told else "No channel reaches them: tell them yourself.")


@staff.command()
@click.argument("member")
@click.argument("channel", required=False, default="")
def test(member: str, channel: str) -> None:
    """Send MEMBER (an id of escalation.yaml) a trial now, by CHANNEL or by each of theirs, and say what came of it."""
    trials = try_out(opened_hotline(), member, channel)
    for trial in trials:
        click.echo(f"{trial.person}, {trial.channel}: {trial.said}")
    if not any(trial.is_sent for trial in trials):
        raise SystemExit(1)


def _new_password(*, is_generated: bool) -> str:
    """Return a password that holds the rule of the house. Raises: Refused."""
    if is_generated:
        return secrets.token_urlsafe(_GENERATED_BYTES)
    chosen = _typed() if sys.stdin.isatty() else _piped()
    fault = password_fault(normal_password(chosen))
    if fault:
        raise Refused(f"choosing a password: {fault}; or let one be made with --generate", code="password-refused")
    return chosen


def _piped() -> str:
    try:
        chosen = sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError as problem:
        raise unreadable() from problem
    if not_text(chosen):
        raise unreadable()
    return chosen


def _typed() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="The same again"))


def _show_generated(password: str, *, is_generated: bool) -> None:
    if is_generated:
        click.echo(f"Password: {password}")
        click.echo("It is shown this once; they change it at /console/password after logging in.")


def _table(accounts: tuple[StaffAccount, ...]) -> Table:
    table = Table("Name", "E-mail", "Role", "In histories", "May log in", "Second factor", "Last login", title="Logins")
    for account in accounts:
        last = "never" if account.last_login_at is None else written_instant(account.last_login_at, "UTC")
        may = "yes" if account.is_active else "no"
        second = "none" if account.second_factor_at is None else "set up"
        table.add_row(account.name, account.email, account.role.value, account.staff_id, may, second, last)
    return table
