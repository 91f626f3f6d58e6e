"""`voicebot webhooks` tells where events go, what became of them, and sends one again.

A secret is printed once, where it is made. An address may hold a secret too, so lists have its host alone.
Knows: the terminal, use cases. Must not know: tables, HTTP.
"""

import click
from rich.console import Console
from rich.table import Table

from voicebot.cli.login_name import login_name
from voicebot.cli.opening import opened_hotline
from voicebot.cli.terminal import shown
from voicebot.domain.instants import exact_instant
from voicebot.domain.webhook import Detail, WebhookEndpoint
from voicebot.service.hotline import Hotline
from voicebot.service.webhook.endpoints import (
    add_endpoint,
    remove_endpoint,
    rotate_secret,
    send_trial,
    switch_off,
    switch_on,
)
from voicebot.service.webhook.log import (
    MOST_LISTED,
    DeliveryLine,
    EndpointLine,
    replay,
    view_deliveries,
    view_endpoints,
)

BY = click.option("--by", "actor", default=login_name, help="Who does it (staff id); default: your login.")
_DETAIL = click.Choice([detail.value for detail in Detail])
ENDPOINT = click.argument("endpoint_id", metavar="ENDPOINT")


@click.group(invoke_without_command=True)
@click.pass_context
def webhooks(context: click.Context) -> None:
    """List where events go (docs: `voicebot docs webhooks`)."""
    if context.invoked_subcommand is not None:
        return
    hotline = opened_hotline()
    lines = view_endpoints(hotline)
    if not lines:
        click.echo("No webhooks are set up. `voicebot webhooks add https://…` adds one.")
        return
    Console().print(_endpoints(lines, _zone(hotline)))


@webhooks.command()
@click.argument("url")
@click.option("--events", default="", help="Names with commas between them; default: all.")
@click.option("--detail", type=_DETAIL, default=Detail.THIN.value, help="full: with number and words.")
@BY
def add(url: str, events: str, detail: str, actor: str) -> None:
    """Send events to URL from now on, and print the secret that signs them, once."""
    _print_secret(*add_endpoint(opened_hotline(), url, events=events, detail=Detail(detail), actor=actor))


@webhooks.command()
@ENDPOINT
@BY
def rotate(endpoint_id: str, actor: str) -> None:
    """Give ENDPOINT a new secret and print it, once. The old one signs beside it for a day."""
    hotline = opened_hotline()
    endpoint, secret = rotate_secret(hotline, endpoint_id, actor=actor)
    _print_secret(endpoint, secret)
    if endpoint.old_secret_until is None:
        click.echo("The one before is lost and signs nothing. The receiver needs the new one now.")
    else:
        click.echo(f"The one before signs beside it until {exact_instant(endpoint.old_secret_until, _zone(hotline))}.")


@webhooks.command()
@ENDPOINT
@BY
def disable(endpoint_id: str, actor: str) -> None:
    """Send nothing to ENDPOINT any more. What waits, waits."""
    click.echo(f"Off: {switch_off(opened_hotline(), endpoint_id, actor=actor).host}.")


@webhooks.command("on")
@ENDPOINT
@BY
def on(endpoint_id: str, actor: str) -> None:
    """Send what waits for ENDPOINT, and events from now on."""
    click.echo(f"On: {switch_on(opened_hotline(), endpoint_id, actor=actor).host}.")


@webhooks.command()
@ENDPOINT
@click.option("--yes", is_flag=True, help="Do not ask again.")
@BY
def remove(endpoint_id: str, yes: bool, actor: str) -> None:
    """Remove ENDPOINT with its log and what waits for it."""
    if not yes:
        click.confirm("Remove this endpoint with its log", abort=True)
    click.echo(f"Removed: {remove_endpoint(opened_hotline(), endpoint_id, actor=actor).host}.")


@webhooks.command()
@ENDPOINT
def test(endpoint_id: str) -> None:
    """Let the worker send a trial to ENDPOINT."""
    delivery_id = send_trial(opened_hotline(), endpoint_id)
    click.echo(f"Written: {delivery_id}. `voicebot webhooks deliveries` shows what came of it once the worker ran.")


@webhooks.command()
@click.option("--endpoint", "endpoint_id", default="", help="Those of one endpoint.")
@click.option("--failed", "only_failed", is_flag=True, help="Those given up.")
@click.option("--limit", type=click.IntRange(1, 1000), default=MOST_LISTED, show_default=True)
def deliveries(endpoint_id: str, only_failed: bool, limit: int) -> None:
    """List what was sent, or is to be, newest first."""
    hotline = opened_hotline()
    found = view_deliveries(hotline, endpoint_id=endpoint_id, only_failed=only_failed, limit=limit)
    Console().print(_deliveries(found, _zone(hotline)))


@webhooks.command("replay")
@click.argument("delivery_ids", metavar="DELIVERY…", nargs=-1, required=True)
def again(delivery_ids: tuple[str, ...]) -> None:
    """Send each DELIVERY again, under its id."""
    click.echo(f"To be sent again: {replay(opened_hotline(), delivery_ids)}.")


def _print_secret(endpoint: WebhookEndpoint, secret: str) -> None:
    click.echo(f"Endpoint {endpoint.id}\nSecret   {secret}\nGive the secret to the receiver; it is not shown again.")


def _endpoints(lines: tuple[EndpointLine, ...], zone: str) -> Table:
    table = Table("Endpoint", "Host", "Events", "Detail", "State", "Waiting")
    for line in lines:
        each = line.endpoint
        events = ", ".join(each.events) or "all"
        table.add_row(each.id, shown(each.host), events, each.detail, shown(_state(each, zone)), str(line.waiting))
    return table


def _state(endpoint: WebhookEndpoint, zone: str) -> str:
    if endpoint.off_at is not None:
        return f"off since {exact_instant(endpoint.off_at, zone)}: {endpoint.off_reason}"
    return f"failing since {exact_instant(endpoint.failing_since, zone)}" if endpoint.failing_since else "on"


def _deliveries(lines: tuple[DeliveryLine, ...], zone: str) -> Table:
    table = Table("Delivery", "Written", "Event", "Case", "Host", "State", "Tries", "Answer")
    for line in lines:
        each = line.delivery
        answer = f"{each.status or ''} {each.answer[:60]}".strip()
        table.add_row(
            each.id,
            exact_instant(each.at, zone),
            each.event,
            line.case,
            shown(line.host),
            each.state,
            str(each.attempts),
            shown(answer),
        )
    return table


def _zone(hotline: Hotline) -> str:
    return hotline.flows.current_policy().calendar.zone
