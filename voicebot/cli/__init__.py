"""The command line: one file per command group, each loaded only when it is asked for.

`voicebot --help` lists the groups without importing any of them, so that small commands start at once. An error of
ours becomes one sentence on stderr and exit code 1; the message names the cure (errors.py), a trace would hide it.
To add a command: write `cli/<noun>.py`, add a line to `COMMANDS`.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click

from voicebot.errors import VoicebotError


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command is defined, and what it does in one line."""

    module: str
    name: str
    help: str


COMMANDS = {
    "serve": Place("serve", "serve", "Run release, then web and worker together."),
    "release": Place("serve", "release", "Migrate the database and check flows and policy."),
    "web": Place("serve", "web", "Run the web process: webhooks and media sockets."),
    "worker": Place("serve", "worker", "Run the worker: jobs, and sweeps for what is due."),
    "demo": Place("demo", "demo", "Ring the hotline with a natural voice and show what becomes of the call."),
    "tickets": Place("ticket", "tickets", "List cases, show one, log that the complainant was called."),
    "flows": Place("flow", "flows", "Check, rehearse, explain and record call flows."),
    "settings": Place("settings", "settings", "List every setting with its meaning and value."),
    "database": Place("database", "database", "Prepare and inspect the database."),
    "model": Place("model", "model", "Install and check the speech model."),
    "simulate": Place("simulate", "simulate", "Run the pretend carrier."),
    "bench": Place("bench", "bench", "Measure what listening costs."),
}
"""Every command, in the order in which help lists them."""


class LazyCommands(click.Group):
    """Loads a command's module when that command is run or asked for help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in their own order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        command = getattr(import_module(f"voicebot.cli.{place.module}"), place.name)
        assert isinstance(command, click.Command), f"voicebot.cli.{place.module}.{place.name} is no command"
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.help) for name, place in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error of ours is one sentence."""
        try:
            return super().invoke(ctx)
        except VoicebotError as error:
            raise Stopped(str(error)) from error


class Stopped(click.ClickException):
    """Ends the command with one sentence and exit code 1."""

    def show(self, file: Any = None) -> None:
        """Write the sentence to stderr."""
        click.echo(f"voicebot: {self.format_message()}", file=file, err=file is None)


@click.group(cls=LazyCommands)
def main() -> None:
    """The hotline that answers a complaint and keeps its word."""
