"""Which permission each command needs. It is the table of the terminal, as the routes of the console state theirs.

Nobody logs in at the terminal. Who acts is the login at the machine, and whom `--by` names. Each of them who is known
here, by an account or by the policy, has to hold the permission; whoever is known to neither runs the machine, and may.
A command that sets the machine up asks nobody, because there may be no database yet, and whoever may start programs
here can do all that it does.
Knows: names of commands, permissions. Must not know: what a command does.
"""

from collections.abc import Callable, Mapping
from functools import partial, wraps
from types import MappingProxyType
from typing import Any

import click

from voicebot.domain.permission import Permission, who_may
from voicebot.errors import Refused, Unavailable

MACHINE = None
"""Asked of nobody. Whoever may start programs on the machine may run it."""

_BY_PERMISSION: Mapping[Permission | None, str] = MappingProxyType(
    {
        Permission.READ_CASES: """
            tickets, tickets adjustments, tickets find, tickets show, calls live, calls show, calls turned-away,
            customers show
        """,
        Permission.SEE_ORIGINAL: "tickets original, tickets unmask",
        Permission.TAKE_WORDS: "tickets words",
        Permission.TAKE_LISTS: "export calls, export cases",
        Permission.REVIEW_WORDS: "tickets heard, tickets review",
        Permission.SERVE: """
            tickets adjust, tickets called, tickets end-offer, tickets fields, tickets follow, tickets follow-none,
            tickets go-on, tickets join, tickets late, tickets look-up, tickets move, tickets number, tickets split,
            tickets take-back, tickets take-out, tickets unadjust, tickets update, tickets wait, call
        """,
        Permission.DECIDE: """
            tickets about, tickets acknowledge, tickets answered, tickets ask, tickets assign,
            tickets category, tickets close, tickets done, tickets kind,
            tickets not-a-complaint, tickets note, tickets reopen, tickets second-look, tickets take, tickets why-late
        """,
        Permission.OVERRULE: "retention hold, retention holds, retention lift",
        Permission.SEE_ROTA: "rota, rota write-calendar",
        Permission.KEEP_OWN_DUTY: "drill",
        Permission.PLAN_ROTA: """
            rota away, rota back, rota follow-calendar, rota here, rota person, rota remove, rota shift, rota sick,
            rota swap, rota take-calendar, staff test
        """,
        Permission.SEE_FIGURES: "figures",
        Permission.SEE_MANAGEMENT: "management, morning",
        Permission.SEE_LOOKS: "export log",
        Permission.KEEP_ACCOUNTS: """
            staff add, staff disable, staff history, staff list, staff password,
            staff second-factor reset, staff unlink, tokens create, tokens list, tokens revoke
        """,
        Permission.RUN_HOTLINE: """
            canary, customers import, folders, folders give-up, person erase, person export, person scrub,
            retention, retention erase, twilio connect,
            twilio reconcile, webhooks, webhooks add, webhooks deliveries, webhooks disable, webhooks on,
            webhooks remove, webhooks replay, webhooks rotate, webhooks test
        """,
        MACHINE: """
            serve, release, web, worker, demo, doctor, docs, settings, backup, restore, database migrate,
            database status, model check, model install, flows check, flows copy, flows draw, flows explain,
            flows record, flows rehearse, simulate api, simulate phone, simulate ring, bench accuracy,
            bench answers, bench digits, bench doubt, bench listening, bench noise, bench pages, bench private,
            bench search, bench webhooks
        """,
    }
)
NEEDED: Mapping[str, Permission | None] = MappingProxyType(
    {path.strip(): needed for needed, paths in _BY_PERMISSION.items() for path in paths.split(",")}
)
"""What each command needs, by its words."""


def asked_who(command: click.Command, path: str) -> click.Command:
    """Return the command with those below it, each of which asks who runs it before it does anything. Repeatable."""
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            asked_who(below, f"{path} {name}")
    needed = NEEDED.get(path)
    if needed is not None and command.callback is not None and not hasattr(command.callback, "needed"):
        command.callback = _asking(command.callback, needed)
    return command


def _asking(run: Callable[..., Any], needed: Permission) -> Callable[..., Any]:
    @wraps(run)
    def ask(*given: Any, **options: Any) -> Any:
        context = click.get_current_context()
        if context.invoked_subcommand is None:
            refuse_others(needed, by=str(options.get("actor") or ""))
        return run(*given, **options)

    ask.__dict__["needed"] = needed
    return ask


def refuse_others(needed: Permission, *, by: str = "") -> None:
    """Refuse whom an account or the policy does not permit this. Raises: Refused."""
    # Imported here, since a command's help needs none of it.
    from voicebot.bootstrap import build_hotline
    from voicebot.cli.login_name import login_name
    from voicebot.config import read_settings
    from voicebot.service.staff.members import permissions_of

    hotline = build_hotline(read_settings())
    try:
        with hotline.look() as work:
            allowed = partial(permissions_of, work, hotline.flows.current_policy())
            barred = [who for who in dict.fromkeys((login_name(), by or login_name())) if needed not in allowed(who)]
    except Unavailable:
        return  # the command itself says what is wrong with the database
    if barred:
        raise Refused(f"{barred[0]} may not do this: it is for {who_may(needed)}", code="not-permitted")
