"""`voicebot tokens` makes, lists and revokes the tokens with which other programs ask us over HTTP.

A token is shown once, on standard output alone, so that it can be led into a file that only one program reads.
Knows: the terminal, use cases. Must not know: tables, HTTP.
"""

import sys
from collections.abc import Mapping
from datetime import datetime

import click
from rich.console import Console
from rich.table import Table

from voicebot.cli.login_name import login_name
from voicebot.cli.opening import opened_hotline
from voicebot.domain.api_token import ApiToken
from voicebot.domain.instants import read_instant, written_instant
from voicebot.domain.staff import Role
from voicebot.service.hotline import Hotline
from voicebot.service.staff.tokens import NewToken, all_tokens, make_token, revoke_token, tokens_without_maker

_by = click.option("--by", "actor", default=login_name, help="Who does it (staff id); default: your login.")


@click.group()
def tokens() -> None:
    """Make, list and revoke tokens with which other programs ask us over HTTP."""


@tokens.command()
@click.argument("name")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="What it may ask for.")
@click.option("--expires", default="", help="When it ends, such as 2027-01-31, on the company's clock; default: never.")
@_by
def create(name: str, role: str, expires: str, actor: str) -> None:
    """Make a token called NAME, and show it this once."""
    hotline = opened_hotline()
    ends_at = read_instant(expires, _zone(hotline)) if expires else None
    token, text = make_token(hotline, NewToken(name=name, role=Role(role), made_by=actor, expires_at=ends_at))
    click.echo(text)
    until = "" if ends_at is None else f", until {written_instant(ends_at, _zone(hotline))}"
    click.echo(f"{token.name} may ask as {token.role.value}{until}; histories call it {token.staff_id}.", err=True)
    click.echo("It is shown this once, and only a digest of it is kept.", err=True)


@tokens.command(name="list")
def list_command() -> None:
    """List every token, with its role, its last use and its end, but never its text."""
    hotline = opened_hotline()
    known = all_tokens(hotline)
    if not known:
        click.echo("No program may ask yet: voicebot tokens create NAME --role ROLE")
        return
    ends = {token.id: _end(token, _zone(hotline), hotline.clock.now()) for token in known}
    ends |= dict.fromkeys(tokens_without_maker(hotline), "no: the login of who made it is disabled")
    Console(width=None if sys.stdout.isatty() else 160).print(_table(known, _zone(hotline), ends))


@tokens.command()
@click.argument("name")
@_by
def revoke(name: str, actor: str) -> None:
    """Let the token called NAME open nothing any more, at once and for good."""
    token = revoke_token(opened_hotline(), name, by=actor)
    click.echo(f"{token.name} opens nothing any more.")


def _zone(hotline: Hotline) -> str:
    return hotline.flows.current_policy().calendar.zone


def _table(known: tuple[ApiToken, ...], zone: str, ends: Mapping[str, str]) -> Table:
    table = Table("Name", "Role", "In histories", "Made", "By", "Last used", "Opens", title="Tokens")
    for token in known:
        used = "never" if token.last_used_at is None else written_instant(token.last_used_at, zone)
        made = written_instant(token.made_at, zone)
        table.add_row(token.name, token.role.value, token.staff_id, made, token.made_by, used, ends[token.id])
    return table


def _end(token: ApiToken, zone: str, now: datetime) -> str:
    if token.revoked_at is not None:
        return f"no: revoked {written_instant(token.revoked_at, zone)}"
    if token.expires_at is None:
        return "yes"
    end = written_instant(token.expires_at, zone)
    return f"yes, until {end}" if token.is_live(now) else f"no: ended {end}"
