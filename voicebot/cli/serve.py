"""`voicebot serve`, and the three processes it runs together, which are `release`, `web`, `worker`.

`serve` runs release, then web and worker as children, while a dead child is started again, sooner the first times.
SIGTERM and SIGINT are passed on, and the web child then lets running calls finish. For a Procfile the three stand
alone. The next release is started beside the running one and takes over its port (handover.py). Then that one gets
SIGTERM, and it answers until the next one is ready, and its calls finish. Its worker works until they have, and the
next one waits. Web and worker are roofs like this one, and roofs do not import one another, so both are named as
programs are.
Knows: processes and signals. Must not know: what they do.
"""

import os
import sys
from importlib import import_module

import click

from voicebot.adapters.log import configure_log
from voicebot.adapters.process_handover import hand_down
from voicebot.bootstrap import check_definitions_and_account, check_service, doubts
from voicebot.cli.children import Child, watch_children
from voicebot.cli.database import migrate_database
from voicebot.cli.handover import Port, offer_port, open_port
from voicebot.config import Settings, address_of, read_settings
from voicebot.errors import SettingFault

WEB_START = "voicebot.web.gunicorn_start"
WEB_CONFIG = "python:voicebot.web.server"
WEB_APPLICATION = "voicebot.web.server:application()"
WORKER = "voicebot.worker"

GRACE_MARGIN_S = 10
"""Beyond the calls' own grace time, for gunicorn to end its worker and the worker its jobs."""


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="TCP port; the setting VOICEBOT_PORT otherwise.")
def serve(port: int | None) -> None:
    """Run release, then web and worker together until SIGTERM or Ctrl-C, where calls get time to finish."""
    settings = _with_port(port)
    _release(settings)
    check_service(settings)
    with _port(settings).listener as listener:
        offer_port(listener, settings.host, settings.port)
        hand_down(listener)
        click.echo(f"voicebot: serving {settings.public_url} on {address_of(settings.host, settings.port)}")
        watch_children(
            (
                Child("web", tuple(gunicorn_command()), open_files=(listener.fileno(),), on_end=listener.close),
                Child("worker", (sys.executable, "-m", "voicebot", "worker")),
            ),
            grace_s=settings.grace_s + GRACE_MARGIN_S,
            tell=lambda line: click.echo(f"voicebot: {line}"),
        )


@click.command()
def release() -> None:
    """Migrate the database, then check account, folders, flow and policy."""
    _release(read_settings())


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="TCP port; the setting VOICEBOT_PORT otherwise.")
def web(port: int | None) -> None:
    """Run the web process, with webhooks, media sockets, clips. SIGTERM lets running calls finish."""
    settings = _with_port(port)
    check_service(settings)
    listener = _port(settings).listener
    hand_down(listener)
    address = address_of(settings.host, settings.port)
    click.echo(f"voicebot: web on {address}, up to {settings.max_recognisers} live recognisers")
    sys.stdout.flush()
    os.execv(sys.executable, gunicorn_command())


@click.command()
def worker() -> None:
    """Run the worker, with jobs as they come, and sweeps for everything whose instant has come."""
    settings = read_settings()
    configure_log(level=settings.log_level, is_json=not sys.stderr.isatty())
    check_service(settings)
    click.echo(f"voicebot: worker {settings.executor_id}, sweeping every {settings.worker_poll_s} s")
    import_module(WORKER).run(settings)


def gunicorn_command() -> list[str]:
    """Return the command line of the web process, while everything else stands in `voicebot.web.server`."""
    return [sys.executable, "-m", WEB_START, "--no-control-socket", "--config", WEB_CONFIG, WEB_APPLICATION]


def _port(settings: Settings) -> Port:
    """Open the port here, so that it stays open while the web process is started again.

    Raises: SettingFault when the port is taken or the address is not ours.
    """
    try:
        port = open_port(settings.host, settings.port)
    except OSError as problem:
        raise SettingFault(
            f"starting the hotline: cannot listen on {address_of(settings.host, settings.port)} ({problem.strerror}); "
            "stop what holds the port, or choose another with --port"
        ) from problem
    if port.shared_with is not None:
        click.echo(
            f"voicebot: process {port.shared_with} answers on this port too; end it with SIGTERM: "
            "it stops as soon as this one is ready, and its calls finish"
        )
    return port


def _release(settings: Settings) -> None:
    check_definitions_and_account(settings)
    number = migrate_database(settings.resolved_database_url())
    click.echo(f"voicebot: flows and policy are whole, the database is at migration {number}")
    for doubt in doubts(settings):
        click.echo(f"voicebot: warning: {doubt}", err=True)


def _with_port(port: int | None) -> Settings:
    """Read the settings, while a port given by hand goes into the environment, where children find it too."""
    if port is not None:
        os.environ["VOICEBOT_PORT"] = str(port)
    return read_settings()
