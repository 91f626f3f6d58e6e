"""The command line, with one file or folder for each command, loaded only when it is asked for.

`voicebot --help` lists the commands without importing any of them, so that small commands start at once. An error of
ours becomes one sentence on stderr and exit code 1. The sentence names the cure (`errors.py`).

- To try and to run: `demo`, `serve`, `doctor`, `settings`, `docs`. `serve` uses `children` for its processes and
  `handover` for its open port.
- Cases and calls: `ticket` (a whole case is a `ticket_page`, decisions about it are `ticket_steps`, a logged call is
  `ticket_call`, windows are listed by `ticket_windows`, cases found by `ticket_find`, words heard and mended by
  `ticket_review`, what there is to do shown by `ticket_lanes`, who complains written down by `ticket_fields`, what was
  agreed with them by `ticket_adjust`, many on one cause are led by `ticket_lead`, private numbers are shown as they
  were said, or for good, by `ticket_original`),
  `call`, `staff_call` rings a complainant, `staff`, `tokens` of other programs, `export` (lists as CSV),
  `rota`, `figures`, `morning` (the list to management), `management` (what waits for them), `drill`, `canary` (the
  test call).
- Call flows: `flow`, with `record` for their clips (`record_take` from a file) and `flow_shown` (a picture, sentences).
  The speech `model`.
- To operate: `database`, `backup`, `folders`, `retention`, `twilio`, `customer` (who is in the company's books),
  `webhooks`, `person` (what is kept of one).
- To measure and to try out: `bench`, `simulate`, whose `phone` is a telephone in the browser.
- Shared by commands: `given_text` refuses text in a wrong encoding, `terminal` makes strangers' text safe to print,
  `login_name` says who acts, `who_may` which permission each command needs, `opening` opens the hotline with its log.

To add a command, write `cli/<noun>.py`, or a folder with a module `command`, and add a line to `COMMANDS`.
"""

import os
from dataclasses import dataclass
from functools import partial
from typing import Any

import click

from voicebot import __version__
from voicebot.cli.given_text import refuse_unreadable
from voicebot.cli.who_may import asked_who
from voicebot.errors import VoicebotError
from voicebot.loading import loaded

PRIVATE = 0o077
"""The umask under which neither group nor others may read what is written, whoever starts us."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command is defined, and what it does in one line."""

    module: str
    name: str
    help: str
    is_private: bool = True
    """Whether what it writes (cases, voices, backups) is for its own user alone."""


COMMANDS = {
    "serve": Place("serve", "serve", "Run release, then web and worker together."),
    "release": Place("serve", "release", "Migrate the database and check flows and policy."),
    "web": Place("serve", "web", "Run the web process: webhooks and media sockets."),
    "worker": Place("serve", "worker", "Run the worker: jobs, and sweeps for what is due."),
    "demo": Place("demo.command", "demo", "Ring the hotline with a natural voice and show what becomes of the call."),
    "doctor": Place("doctor", "doctor", "Look whether callers could be served now, and what would put it right."),
    "tickets": Place("ticket", "tickets", "List cases, show one, log that the complainant was called."),
    "staff": Place("staff", "staff", "Add, list and disable logins of the console; give new passwords."),
    "tokens": Place("tokens", "tokens", "Make, list and revoke tokens with which other programs ask us over HTTP."),
    "rota": Place("rota", "rota", "Show who is on duty; shifts, absences, swaps, calendars, somebody who is ill."),
    "figures": Place("figures", "figures", "Show how promises are kept: by week, category, channel or owner."),
    "management": Place("management", "management", "Show what waits for management, by name."),
    "morning": Place("morning", "morning", "Show the morning list to management, and who has got today's."),
    "drill": Place("drill", "drill", "Show the last monthly drill; say that somebody was reached by it."),
    "canary": Place("canary", "canary", "Ring the hotline from its second number; say whether that came through."),
    "customers": Place("customer", "customers", "Bring in the company's customers; look one up by telephone number."),
    "call": Place("staff_call", "call", "Call a case's complainant: your telephone rings, key 1 connects you."),
    "export": Place("export", "export", "Write cases or calls as CSV; list who took such a list along."),
    "calls": Place("call", "calls", "Show how each call of a case went, from all parts; list live calls."),
    "flows": Place("flow", "flows", "Check, rehearse, draw, explain, copy and record call flows.", is_private=False),
    "docs": Place("docs", "docs", "Show the operator's pages: settings, errors, what to do when.", is_private=False),
    "settings": Place("settings", "settings", "List every setting with its meaning and value.", is_private=False),
    "database": Place("database", "database", "Prepare and inspect the database."),
    "backup": Place("backup.command", "backup", "Write database, audio and spool into one file, or check such a file."),
    "restore": Place("backup.command", "restore", "Bring a backup back into an empty installation."),
    "folders": Place("folders", "folders", "Show which machine holds voices not stored yet; give up one that is gone."),
    "retention": Place("retention", "retention", "Let go what was kept for its time; holds, erasing on request."),
    "model": Place("model", "model", "Install and check the speech model.", is_private=False),
    "person": Place("person", "person", "Hand out, or erase, everything about one telephone number."),
    "webhooks": Place("webhooks", "webhooks", "Tell other systems what happens: endpoints, deliveries, replay."),
    "twilio": Place("twilio", "twilio", "Connect the number at Twilio; compare Twilio's books with ours."),
    "simulate": Place("simulate", "simulate", "Run the pretend carrier.", is_private=False),
    "bench": Place("bench.command", "bench", "Measure what listening costs.", is_private=False),
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
        command = getattr(loaded(f"voicebot.cli.{place.module}"), place.name)
        assert isinstance(command, click.Command), f"voicebot.cli.{place.module}.{place.name} is no command"
        return asked_who(command, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.help) for name, place in COMMANDS.items()])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse what is no text before any command sees it."""
        try:
            refuse_unreadable(args)
        except VoicebotError as error:
            raise Stopped(str(error)) from error
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, where an error of ours is one sentence."""
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
@click.version_option(__version__, prog_name="voicebot", message="%(prog)s %(version)s")
@click.pass_context
def main(ctx: click.Context) -> None:
    """The hotline that answers a complaint and keeps its word."""
    if ctx.invoked_subcommand and COMMANDS[ctx.invoked_subcommand].is_private:
        ctx.call_on_close(partial(os.umask, os.umask(PRIVATE)))
