"""`voicebot simulate` lets the pretend carrier ring a hotline that runs on this machine, or keeps its API open.

Knows: settings, the simulator. Must not know: what a call does inside the hotline.
"""

import signal
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import click

from voicebot.config import Settings, read_settings
from voicebot.errors import SettingFault
from voicebot.simulator import (
    AccountOptions,
    CarrierOptions,
    LineEvent,
    MessagingService,
    NotLoopback,
    PacedClock,
    PretendCarrier,
)
from voicebot.simulator.scripts import SCRIPTS

ACCOUNT = "AC" + "0" * 32
NUMBER = "+12025550100"
CALLER = "+12025550143"
LONGEST_CALL_S = 900.0


@click.group()
def simulate() -> None:
    """Run the pretend carrier against a hotline on this machine."""


@simulate.command()
@click.option("--caller", type=click.Choice(sorted(SCRIPTS)), default="complaint", show_default=True, help="who rings")
@click.option("--hotline", default="", help="origin of the hotline; default: VOICEBOT_PUBLIC_URL")
@click.option("--from", "from_number", default=CALLER, show_default=True, help="caller ID, E.164 or a stand-in")
@click.option("--pace", default=1.0, show_default=True, help="times faster than real time")
@click.option("--wav", type=click.Path(dir_okay=False, path_type=Path), help="keep both sides as a stereo WAV")
@click.option(
    "--linger",
    type=click.FloatRange(0),
    default=3.0,
    show_default=True,
    help="seconds to wait for texts after the call",
)
def ring(*, caller: str, hotline: str, from_number: str, pace: float, wav: Path | None, linger: float) -> None:
    """Ring the hotline once and tell what was heard.

    The REST API answers where VOICEBOT_TWILIO_API_URL points, when that is a port of this machine. Exit code 1
    when the carrier's error log would not be empty.
    """
    settings = read_settings()
    with _carrier(settings, hotline or settings.public_url, pace, named="--hotline") as carrier:
        port = _api_port(settings.twilio_api_url)
        if port:
            carrier.serve_api(port)
        call = carrier.ring(from_number, SCRIPTS[caller](), observer=_tell).wait(LONGEST_CALL_S)
        if wav is not None:
            click.echo(f"kept as {call.both_sides_wav(wav)}")
        time.sleep(linger if port else 0)
        sent = [text for text in carrier.ledger.messages.values() if text.direction != "inbound"]
        click.echo(f"texts sent by the hotline: {len(sent)}")
    if call.errors:
        raise SystemExit(1)


@simulate.command()
@click.option("--account", type=click.Choice(["full", "trial", "suspended"]), default="full", show_default=True)
@click.option("--registered/--unregistered", default=True, show_default=True, help="for texts to the United States")
@click.option("--premium", is_flag=True, help="the account may ring premium numbers")
def api(*, account: str, registered: bool, premium: bool) -> None:
    """Keep the pretend carrier's REST API open until Ctrl-C, where VOICEBOT_TWILIO_API_URL points.

    For trying `voicebot doctor` and `voicebot twilio` without an account.
    """
    settings = read_settings()
    port = _api_port(settings.twilio_api_url)
    if not port:
        raise SettingFault(
            "keeping the pretend carrier's API open: VOICEBOT_TWILIO_API_URL names no port of this machine; "
            "set it to one like http://127.0.0.1:8090"
        )
    options = AccountOptions(
        status="suspended" if account == "suspended" else "active",
        is_trial=account == "trial",
        may_ring_premium=premium,
    )
    fitted = CarrierOptions(account=options)
    with _carrier(settings, settings.public_url, 1.0, named="VOICEBOT_PUBLIC_URL", options=fitted) as carrier:
        if registered:
            service = MessagingService(uses_number_webhook=True, campaign_states=("VERIFIED",))
            carrier.ledger.services[service.sid] = service
        click.echo(f"the pretend carrier answers at {carrier.serve_api(port)}; Ctrl-C ends it")
        _await_end()


def _await_end() -> None:
    """Wait for Ctrl-C or SIGTERM, also where a shell started us in the background, which ignores Ctrl-C by itself."""
    end = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: end.set())
    end.wait()


def _carrier(
    settings: Settings, hotline: str, pace: float, *, named: str, options: CarrierOptions | None = None
) -> PretendCarrier:
    token = settings.twilio_auth_token.get_secret_value()
    if not token:
        raise SettingFault("ringing as the carrier needs its key to sign: set TWILIO_AUTH_TOKEN as the hotline has it")
    try:
        return PretendCarrier(
            settings.twilio_account_sid or ACCOUNT,
            token,
            settings.twilio_phone_number or NUMBER,
            hotline,
            clock=PacedClock(pace),
            options=options,
        )
    except ValueError as error:
        place = named if isinstance(error, NotLoopback) else "--pace"
        raise SettingFault(f"{place}: {error}") from error


def _api_port(url: str) -> int:
    """Return the port of a REST API on this machine, or 0. Raises: SettingFault when it cannot be read."""
    try:
        parts = urlsplit(url)
        return parts.port or 0 if parts.hostname in {"127.0.0.1", "localhost"} else 0
    except ValueError as error:
        raise SettingFault(f"VOICEBOT_TWILIO_API_URL: {error}; write it like http://127.0.0.1:8090") from error


def _tell(event: LineEvent) -> None:
    code = f" [{event.code}]" if event.code else ""
    click.echo(f"{event.at_s:8.2f} s  {event.kind.value.replace('_', ' ')}{code}  {event.detail}".rstrip())
