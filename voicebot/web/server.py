"""Gunicorn's configuration and the application it serves. It has one process, a thread for each call.

`gunicorn --config python:voicebot.web.server 'voicebot.web.server:application()'`, and `voicebot web` runs just that,
by gunicorn_start.py.
One worker, because the media sockets of a call need its recogniser's process. It is respawned at once when a decoder
aborts it, and the callers resume. Which threads there are stands in transport/budgets.py.
Source: libraries.md B and H (read and tried with gunicorn 27).
Knows: settings, gunicorn's names. Must not know: routes.
"""

import sys
from typing import Any

from flask import Flask
from gunicorn.glogging import Logger

from voicebot.adapters.log import configure_log
from voicebot.adapters.process_handover import has_inherited_listener
from voicebot.bootstrap import (
    build_hotline,
    check_service,
    clips_dir,
    clock_witnesses,
    company_sign_in,
    console_secret,
    live_view,
    old_secrets,
    open_logins,
    warm_up,
)
from voicebot.config import Settings, address_of, read_settings
from voicebot.service.call.first_call import rehearse_first_call
from voicebot.web.app import WebOptions, create_app
from voicebot.web.console import ConsoleOptions
from voicebot.web.resilience.second_watch import SECOND_WATCH, SecondWatch
from voicebot.web.resilience.time_limits import DATABASE_PATIENCE_MS, STATEMENT_PATIENCE_MS
from voicebot.web.transport.budgets import shares

_settings = read_settings()

bind = [] if has_inherited_listener() else [address_of(_settings.host, _settings.port)]
"""Nothing where `voicebot serve` has opened the port, because the worker listens on it once it can answer
(draining.py).
"""
worker_class = "voicebot.web.draining.DrainingWorker"
workers = 1
threads = sum(share.threads for share in shares(max_calls=_settings.max_calls).values())
graceful_timeout = _settings.grace_s
keepalive = 75
"""Seconds, which is longer than a carrier's pause between two webhooks of a call, so that it need not connect anew."""
control_socket_disable = True
forwarder_headers = ""
"""No peer says where we are mounted, because gunicorn would take `SCRIPT_NAME` off the path, past the rules of a
proxy.
"""
sendfile = False
"""Answers go through answer_socket.py."""
accesslog = None
"""Never, because its lines hold paths, and those of sockets hold tokens. web/app.py logs requests."""


class PlainLogger(Logger):  # type: ignore[misc]
    """Gunicorn's log without handlers of its own, because every line goes to the root logger, which masks."""

    def setup(self, cfg: Any) -> None:
        """Give the process's log its form, and let gunicorn's lines run into it."""
        configure_log(level=_settings.log_level, is_json=not sys.stderr.isatty())
        self.cfg = cfg
        for log in (self.error_log, self.access_log):
            log.handlers[:] = []
            log.propagate = True


logger_class = PlainLogger


def application() -> Flask:
    """Build what is served, in the worker process, with model loaded, everything checked. Raises: VoicebotError."""
    settings = read_settings()
    configure_log(level=settings.log_level, is_json=not sys.stderr.isatty())
    app = make_application(settings)
    app.extensions[SECOND_WATCH].begin()
    return app


def make_application(settings: Settings) -> Flask:
    """Build the application for these settings, model loaded. Raises: VoicebotError naming what is missing."""
    check_service(settings)
    hotline = build_hotline(
        settings, database_patience_ms=DATABASE_PATIENCE_MS, statement_timeout_ms=STATEMENT_PATIENCE_MS
    )
    warm_up(hotline)
    tokens = (settings.twilio_auth_token, settings.twilio_auth_token_second)
    options = WebOptions(
        auth_tokens=tuple(token.get_secret_value() for token in tokens if token.get_secret_value()),
        clips_dir=clips_dir(settings),
        observer=live_view(settings),
        console=_console(settings),
        max_calls=settings.max_calls,
        metrics_token=settings.metrics_token.get_secret_value(),
        account_sid=settings.twilio_account_sid,
    )
    app = create_app(hotline, options)
    rehearse_first_call(hotline)
    app.extensions[SECOND_WATCH] = SecondWatch(hotline, tuple(clock_witnesses(settings)))
    return app


def _console(settings: Settings) -> ConsoleOptions:
    return ConsoleOptions(
        secret_key=console_secret(settings),
        old_secret_keys=old_secrets(settings),
        logins=open_logins(
            settings, database_patience_ms=DATABASE_PATIENCE_MS, statement_timeout_ms=STATEMENT_PATIENCE_MS
        ),
        limiter_storage=settings.limiter_storage,
        proxy_hops=settings.proxy_hops,
        second_factor_for=settings.second_factor_role_set(),
        provider=company_sign_in(settings),
    )
