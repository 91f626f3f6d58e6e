"""Calls and texts from different numbers at fixed rates, beside an empty route of the same server in the same run.

Each request is a genuine webhook, which is signed, with the carrier's fields, to the real web process on a fresh
database. Numbers are those that North America keeps for fiction, one of each area code after the other, so that no two
callers share a block, while the limits for everybody together are lifted. A call rings and is answered, and nobody
talks, for what talking costs is what `bench listening` shows.
Knows: the carrier's forms, the web process. Must not know: how a number is shown.
"""

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode
from uuid import uuid4

import sqlalchemy
import yaml
from twilio.request_validator import RequestValidator

from voicebot.cli.bench.empty_route import EMPTY_PATH
from voicebot.cli.bench.open_load import Answers, Request, arrivals, send_all
from voicebot.cli.bench.process_meter import cpu_s
from voicebot.cli.bench.web_process import web_process
from voicebot.cli.demo.sandbox import HOTLINE, Sandbox, set_up
from voicebot.distribution import flows_dir
from voicebot.flow.policy_files import SERVICE_LEVELS_FILE
from voicebot.simulator.ledger import new_sid

Kind = Literal["empty", "calls", "texts"]
KINDS: tuple[Kind, ...] = ("empty", "calls", "texts")
WARM_UP = 10
"""Requests of each kind that go before, so that nothing is measured that happens once."""

_PATHS: dict[Kind, str] = {"empty": EMPTY_PATH, "calls": "/twilio/voice", "texts": "/twilio/sms"}
_NO_LIMIT = 100_000
_FIRST_AREA, _AREAS = 201, 780
_SERVER = (sys.executable, "-m", "gunicorn", "--no-control-socket", "--config", "python:voicebot.web.server")
_SERVED = "voicebot.cli.bench.empty_route:application()"


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookRun:
    """One kind of request at one rate."""

    kind: Kind
    rate: float
    answers: Answers
    cpu_ms: float
    """Of the web process, for each request."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What is asked of one database."""

    rates: Sequence[float]
    seconds: float
    database_url: str
    """Empty means a SQLite file in the folder."""


def run_webhooks(plan: Plan, folder: Path) -> Iterator[WebhookRun]:
    """Ask for every kind at every rate, one after the other. Raises: Unavailable when the server does not come up."""
    sandbox = set_up(folder)
    settings = {
        "VOICEBOT_POLICY_DIR": str(_policy_of_a_crowd(sandbox.folder / "policy")),
        "VOICEBOT_GATE_EXCEPTIONS": "+1",
        "VOICEBOT_DATABASE_URL": plan.database_url or sandbox.database_url,
        "VOICEBOT_LOG_LEVEL": "WARNING",
    }
    strangers = iter(range(10_000_000))
    with web_process(sandbox, settings, command=(*_SERVER, _SERVED)) as process:
        for kind in KINDS:
            _ask(sandbox, kind, strangers, [number / WARM_UP for number in range(WARM_UP)])
        for rate in plan.rates:
            for kind in KINDS:
                due, before_s = arrivals(rate, plan.seconds), cpu_s(process.pid)
                answers = _ask(sandbox, kind, strangers, due)
                used_ms = (cpu_s(process.pid) - before_s) * 1000
                yield WebhookRun(kind=kind, rate=rate, answers=answers, cpu_ms=used_ms / len(due))


def _policy_of_a_crowd(folder: Path) -> Path:
    """Copy the policy, but let everybody together ring and write as often as they like, since a bench is one long
    rush.
    """
    shutil.copytree(flows_dir() / "policy", folder)
    file = folder / SERVICE_LEVELS_FILE
    levels = yaml.safe_load(file.read_text())
    levels["limits"]["calls"]["in_all"] = {"at_once": _NO_LIMIT, "a_day": _NO_LIMIT, "talk_a_day": f"{_NO_LIMIT} hours"}
    levels["limits"]["texts_received"]["in_all"] = {"a_day": _NO_LIMIT}
    file.write_text(yaml.safe_dump(levels))
    return folder


@contextmanager
def fresh_database(server_url: str) -> Iterator[str]:
    """Make a database of our own on a PostgreSQL server, and give its URL, and drop it afterwards."""
    name = f"voicebot_bench_{uuid4().hex}"
    _administer(server_url, f"CREATE DATABASE {name}")
    try:
        yield sqlalchemy.make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(server_url, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(server_url: str, statement: str) -> None:
    url = sqlalchemy.make_url(server_url).set(drivername="postgresql+psycopg")
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text(statement))


def _ask(sandbox: Sandbox, kind: Kind, strangers: Iterator[int], due: Sequence[float]) -> Answers:
    requests = [_request(sandbox, kind, next(strangers)) for _ in due]
    return send_all(sandbox.port, requests, due, is_refusal=_is_refusal)


def _is_refusal(status: int, body: bytes) -> bool:
    return status >= 400 or b"<Reject" in body


def _request(sandbox: Sandbox, kind: Kind, stranger: int) -> Request:
    path, form = _PATHS[kind], _form(sandbox, kind, _number(stranger))
    signature = RequestValidator(sandbox.auth_token).compute_signature(sandbox.hotline_url + path, form)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
    return Request(path, urlencode(form).encode(), headers)


def _number(stranger: int) -> str:
    last, area = divmod(stranger, _AREAS)
    return f"+1{_FIRST_AREA + area}55501{last % 100:02}"


def _form(sandbox: Sandbox, kind: Kind, number: str) -> dict[str, str]:
    form = {"AccountSid": sandbox.account_sid, "From": number, "To": HOTLINE, "ApiVersion": "2010-04-01"}
    if kind == "texts":
        sid = new_sid("SM")
        return form | {"MessageSid": sid, "SmsSid": sid, "Body": "My parcel came broken.", "NumMedia": "0"}
    return form | {"CallSid": new_sid("CA"), "CallStatus": "ringing", "Direction": "inbound", "Called": HOTLINE}
