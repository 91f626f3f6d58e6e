"""What gunicorn is told, and the application it gets."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest
import structlog

from tests.installed_model import model_folder
from voicebot.adapters.store import migrate, open_engine
from voicebot.config import Settings
from voicebot.distribution import PROJECT_DIR
from voicebot.errors import SettingFault
from voicebot.web import server


def _settings(tmp_path: Path, **changes: object) -> Settings:
    fields: dict[str, object] = {
        "twilio_account_sid": "AC1",
        "twilio_auth_token": "token",
        "twilio_auth_token_second": "second",
        "twilio_phone_number": "+12025550100",
        "public_url": "https://hotline.example",
        "data_dir": tmp_path / "data",
        "flows_dir": PROJECT_DIR / "flows",
    }
    return Settings(_env_file=None, **fields | changes)  # type: ignore[call-arg, arg-type]


def test_one_worker_has_a_thread_for_each_call_and_some_to_spare() -> None:
    assert (server.worker_class, server.workers) == ("voicebot.web.draining.DrainingWorker", 1)
    assert server.threads > Settings().max_calls
    assert server.graceful_timeout == Settings().grace_s


def test_no_header_of_a_peer_takes_something_off_the_path() -> None:
    assert server.forwarder_headers == ""


def test_there_is_no_access_log_and_no_control_socket() -> None:
    assert server.accesslog is None
    assert server.control_socket_disable


def test_gunicorn_understands_all_of_it(tmp_path: Path) -> None:
    """Print the configuration as gunicorn reads it: a name it does not know ends in an error."""
    arguments = ("--print-config", "--config", "python:voicebot.web.server", "tests.nothing:application")
    run = subprocess.run(
        (sys.executable, "-m", "gunicorn", *arguments), capture_output=True, text=True, cwd=PROJECT_DIR, check=False
    )
    assert "threads" in run.stdout, run.stderr
    assert [line.split()[-1] for line in run.stdout.splitlines() if line.startswith("worker_class ")] == [
        "voicebot.web.draining.DrainingWorker"
    ]


def test_without_an_account_there_is_no_application(tmp_path: Path) -> None:
    with pytest.raises(SettingFault, match="TWILIO_ACCOUNT_SID"):
        server.make_application(_settings(tmp_path, twilio_account_sid=""))


def test_the_application_is_whole_once_the_database_is_migrated(tmp_path: Path) -> None:
    model_folder()
    settings = _settings(tmp_path)
    engine = open_engine(settings.resolved_database_url())
    migrate(engine)
    engine.dispose()
    app = server.make_application(settings)
    assert app.test_client().get("/livez").status_code == 200


def test_gunicorns_lines_run_into_the_processs_log() -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        logger = server.PlainLogger.__new__(server.PlainLogger)
        logger.error_log = logging.getLogger("gunicorn.error")
        logger.access_log = logging.getLogger("gunicorn.access")
        logger.setup(cfg=None)
        assert (logger.error_log.handlers, logger.error_log.propagate) == ([], True)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()
