"""The Flask application, with routes hung up, guards in front, one log line per request that names no caller.

Knows: every part of this floor. Must not know: adapters (bootstrap/ wires them).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import structlog
from flask import Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, InternalServerError

from voicebot.errors import CarrierFault
from voicebot.service.hotline import Hotline
from voicebot.service.listening import CallListening, Observer
from voicebot.telephony.addressee import Addressee
from voicebot.telephony.identity import Identity
from voicebot.telephony.signature import SignatureCheck
from voicebot.telephony.static_words import static_words
from voicebot.telephony.twiml import StaticWords, TwimlWriter
from voicebot.telephony.urls import HotlineUrls
from voicebot.web.api.door import ApiDoor
from voicebot.web.api.problems import problem_json
from voicebot.web.api.site import install_api
from voicebot.web.carrier.answered_calls import ANSWERED_CALLS, AnsweredCalls
from voicebot.web.carrier.clips import Clips
from voicebot.web.carrier.identity import IdentityRoutes
from voicebot.web.carrier.media import MediaSockets
from voicebot.web.carrier.recordings import RecordingWebhooks
from voicebot.web.carrier.resume_watch import ResumeWatch
from voicebot.web.carrier.sms import SmsWebhooks
from voicebot.web.carrier.staff_calls import StaffCallWebhooks
from voicebot.web.carrier.stream_talk import MediaDependencies
from voicebot.web.carrier.voice import VoiceDependencies, VoiceWebhooks
from voicebot.web.console.door import ConsoleDoor
from voicebot.web.console.member_cookies import MEMBER_COOKIES, MemberCookies
from voicebot.web.console.problem_page import problem_page
from voicebot.web.console.site import ConsoleOptions, install_console
from voicebot.web.guard.early_refusal import refuse_early
from voicebot.web.guard.guards import METRICS_TOKEN, install_guards
from voicebot.web.guard.refusal_log import RefusalLog
from voicebot.web.resilience.call_event_writer import CALL_EVENT_WRITER, CallEventWriter
from voicebot.web.resilience.faults import log_fault, route_name
from voicebot.web.resilience.report_retry import REPORT_RETRY, ReportRetryQueue
from voicebot.web.status.health import HealthRoutes
from voicebot.web.status.metrics import MetricsRoute
from voicebot.web.transport.budgets import BUDGETS, Sorter, is_api_path, is_console_path
from voicebot.web.transport.request_reader import MAX_BODY_BYTES

STRANGERS = frozenset({403, 404, 405})
"""What is answered to those who are not the carrier and not staff."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class WebOptions:
    """What the web process needs beside the hotline."""

    auth_tokens: tuple[str, ...]
    """The account's auth token, and the second one while it is being changed."""
    clips_dir: Path
    """Folder of `<locale>/<clip>.wav`."""
    observer: Observer | None = None
    """Sees what callers say, for the demo's terminal. None in service."""
    console: ConsoleOptions | None = None
    """What the staff's pages need. Without it there are none."""
    max_calls: int = 40
    """Calls that may hold a thread of this process."""
    metrics_token: str = ""
    """Bearer token of `/metrics`. Empty means that it answers nobody."""
    resume_patience_s: float = 2.0
    """How long the carrier may take to fetch what is next after we closed a stream."""
    account_sid: str = ""
    """The account at the carrier, compared with what its webhooks say. Empty when it is not compared."""


def create_app(hotline: Hotline, options: WebOptions) -> Flask:
    """Make the application for one hotline."""
    app = Flask("voicebot", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.config[METRICS_TOKEN] = options.metrics_token
    _log_requests(app)
    door = None if options.console is None else _door(hotline, options.console)
    refusals = RefusalLog()
    signatures = SignatureCheck(public_url=hotline.rules.public_url, tokens=options.auth_tokens)
    programs = None if options.console is None else ApiDoor(app, hotline)
    install_guards(app, signatures, door, refusals=refusals, addressee=_addressee(hotline, options), tokens=programs)
    urls = HotlineUrls(hotline.rules.public_url)
    book = app.extensions[CALL_EVENT_WRITER] = CallEventWriter(hotline)
    resumes = ResumeWatch(hotline, book, resume_url=urls.resume, patience_s=options.resume_patience_s)
    clips = Clips(options.clips_dir)
    media = MediaDependencies(hotline=hotline, resumes=resumes, book=book, new_listening=_listening(hotline, options))
    live_calls = app.extensions[ANSWERED_CALLS] = AnsweredCalls(hotline, is_carrying=media.is_carrying)
    owed = app.extensions[REPORT_RETRY] = ReportRetryQueue()
    dependencies = VoiceDependencies(
        hotline=hotline,
        writer=TwimlWriter(urls=urls, has_clip=clips.has_clip),
        static_words=_static_words(hotline),
        resumes=resumes,
        live_calls=live_calls,
        owed=owed,
        book=book,
    )
    (voice := VoiceWebhooks(dependencies)).register(app)
    RecordingWebhooks(hotline, owed).register(app)
    SmsWebhooks(hotline, owed).register(app)
    StaffCallWebhooks(hotline, urls, owed, talk=voice.twiml).register(app)
    clips.register(app)
    IdentityRoutes(_identity(hotline, options)).register(app)
    MediaSockets(media).register(app)
    HealthRoutes(hotline, max_calls=options.max_calls).register(app)
    MetricsRoute(hotline, max_calls=options.max_calls, behind_s=media.behind_s).register(app)
    app.register_error_handler(Exception, _answer_error)
    if door is not None and programs is not None:
        _install_staff_side(app, hotline, options, door=door, programs=programs)
    app.extensions[BUDGETS] = _sorter(app, signatures, options.console)
    refuse_early(app, refusals)
    return app


def _door(hotline: Hotline, console: ConsoleOptions) -> ConsoleDoor:
    life = {} if console.provider is None else {"provider_life": console.provider.session_life}
    return ConsoleDoor(hotline, console.logins, second_factor_for=console.second_factor_for, **life)


def _install_staff_side(
    app: Flask, hotline: Hotline, options: WebOptions, *, door: ConsoleDoor, programs: ApiDoor
) -> None:
    """Add what people see of cases, and what programs may ask."""
    assert options.console is not None, "who has a door has a console"
    door.install(app)
    install_console(app, hotline, options.console)
    install_api(app, hotline, programs)


def _sorter(app: Flask, signatures: SignatureCheck, console: ConsoleOptions | None) -> Sorter:
    """Make what sorts requests by budget, where without a console nobody is staff."""
    if console is None:
        return Sorter(signatures)
    cookies: MemberCookies = app.extensions[MEMBER_COOKIES]
    return Sorter(signatures, proxy_hops=console.proxy_hops, are_members=cookies.are_members)


def _listening(hotline: Hotline, options: WebOptions) -> Callable[[str], CallListening]:
    def listen(call_id: str) -> CallListening:
        return CallListening(
            call_id=call_id,
            recognisers=hotline.recognisers,
            prompts=hotline.prompts,
            spool=hotline.spool,
            observer=options.observer,
        )

    return listen


def _addressee(hotline: Hotline, options: WebOptions) -> Addressee:
    return Addressee(account_sid=options.account_sid, numbers=hotline.rules.own_numbers)


def _identity(hotline: Hotline, options: WebOptions) -> Identity:
    rules = hotline.rules
    return Identity(token=next(iter(options.auth_tokens), ""), number=rules.own_number, public_url=rules.public_url)


def _static_words(hotline: Hotline) -> StaticWords:
    """Take the words of last resort from the flow now, since later there may be no flow to be had."""
    flow = hotline.flows.current_flow(hotline.rules.flow_name)
    return static_words(flow, company=hotline.rules.company)


def _log_requests(app: Flask) -> None:
    """Log rule, status and time of each request, but never the path (tokens) nor the form (numbers, words)."""

    def begin() -> None:
        structlog.contextvars.clear_contextvars()
        g.started = monotonic()

    def end(response: Response) -> Response:
        took_ms = round((monotonic() - g.started) * 1000)
        # Strangers may send a thousand a second: those are counted (guard/refusal_log.py), not told one by one.
        tell = log.debug if response.status_code in STRANGERS else log.info
        tell("request", route=route_name(), method=request.method, status=response.status_code, took_ms=took_ms)
        return response

    app.before_request(begin)
    app.after_request(end)
    # Gunicorn uses its threads again, and logs before Flask begins: no line may name the case of the one before.
    app.teardown_request(lambda _error: structlog.contextvars.clear_contextvars())


def _answer_error(error: Exception) -> ResponseReturnValue:
    """Answer outside a call (receipts, callbacks). Say which side failed, and nothing of what. Staff get a page."""
    if isinstance(error, InternalServerError) and isinstance(error.original_exception, Exception):
        error = error.original_exception  # what goes wrong after the view comes in this envelope
    if is_api_path(request.path):
        return problem_json(error)
    if is_console_path(request.path) and "console" in current_app.blueprints:
        return problem_page(error)
    if isinstance(error, HTTPException):
        return Response(f"{error.name}\n", status=error.code, mimetype="text/plain")
    log_fault(error)
    return Response(status=400 if isinstance(error, CarrierFault) else 500)
