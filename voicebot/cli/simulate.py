"""`voicebot simulate` lets the pretend carrier ring a hotline that runs on this machine, or keeps its API open.

Who rings is a script, or a person in a browser (phone/).

Knows: settings, the simulator. Must not know: what a call does inside the hotline.
"""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from socket import create_server
from urllib.parse import urlsplit

import click
from werkzeug.serving import BaseWSGIServer

from voicebot.cli.demo.hotline_process import HotlineProcess
from voicebot.cli.demo.sandbox import set_up
from voicebot.cli.phone.desk import Desk
from voicebot.cli.phone.hotline import HotlineFacts, HotlineProbe, of_sandbox, of_settings
from voicebot.cli.phone.site import HOST, make_site, make_web_server
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
            _serve_api(carrier, port)
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
        click.echo(f"the pretend carrier answers at {_serve_api(carrier, port)}; Ctrl-C ends it")
        _await_end()


@simulate.command()
@click.option("--port", default=8071, show_default=True, type=click.IntRange(0, 65535), help="of the page; 0: any")
@click.option("--hotline", default="", help="origin of the hotline; default: VOICEBOT_PUBLIC_URL")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("phone-data"),
    show_default=True,
    help="of the phone's own hotline, emptied at the start; unused where TWILIO_AUTH_TOKEN is set",
)
def phone(*, port: int, hotline: str, folder: Path) -> None:
    """Open a telephone in the browser: dial, talk by microphone, press keys, see what the hotline makes of it.

    Rings the hotline of the settings when TWILIO_AUTH_TOKEN is set, otherwise one of its own, which it starts with the
    flows of this folder and ends with the page's server. Only this machine can open the page. Ctrl-C ends it.
    """
    settings = read_settings()
    with ExitStack() as exits:
        if settings.twilio_auth_token.get_secret_value():
            url, process = hotline or settings.public_url, None
            api_port = _api_port(settings.twilio_api_url)
            facts = of_settings(settings, url, account_sid=ACCOUNT, number=NUMBER, api_port=api_port)
        else:
            facts, process = _own_hotline(settings, folder, exits)
        carrier = exits.enter_context(_carrier_of(facts))
        if facts.api_port:
            _serve_api(carrier, facts.api_port)
        desk = Desk(carrier, facts, HotlineProbe(facts.url, process), is_own=process is not None)
        exits.enter_context(_served(make_web_server(make_site(desk), port)))
        _await_end()


def _own_hotline(settings: Settings, folder: Path, exits: ExitStack) -> tuple[HotlineFacts, HotlineProcess]:
    sandbox = set_up(folder)
    process = HotlineProcess(replace(sandbox, flows=settings.flows_dir, policy_dir=settings.resolved_policy_dir()))
    exits.callback(process.stop)
    process.start()
    click.echo(f"starting a hotline of the phone's own in {sandbox.folder}, with the flows of {settings.flows_dir}")
    return of_sandbox(sandbox, settings.flows_dir), process


def _carrier_of(facts: HotlineFacts) -> PretendCarrier:
    try:
        return PretendCarrier(facts.account_sid, facts.auth_token, facts.number, facts.url)
    except NotLoopback as error:
        raise SettingFault(f"--hotline: {error}") from error


@contextmanager
def _served(server: BaseWSGIServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    click.echo(f"the phone is at http://{HOST}:{server.port}/ in a browser on this machine; Ctrl-C ends it")
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


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


def _serve_api(carrier: PretendCarrier, port: int) -> str:
    """Open the REST API and return its address. Raises: SettingFault when something else has its port."""
    try:
        create_server((HOST, port)).close()
    except OSError as problem:
        raise SettingFault(
            f"VOICEBOT_TWILIO_API_URL: port {port} is taken on this machine, perhaps by another pretend carrier; "
            "end that one first, or name another port here and in the hotline's settings"
        ) from problem
    return carrier.serve_api(port)


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
