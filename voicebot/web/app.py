"""The Flask application: routes hung up, guards in front, one log line per request that names no caller.

Knows: every part of this floor. Must not know: adapters (bootstrap.py wires them).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from voicebot.errors import CarrierFault
from voicebot.flow.definition import Flow
from voicebot.flow.prompts import SLOT
from voicebot.service.hotline import Hotline
from voicebot.service.listening import CallListening, Observer
from voicebot.telephony.signature import SignatureCheck
from voicebot.telephony.twiml import StaticWords, TwimlWriter
from voicebot.telephony.urls import HotlineUrls
from voicebot.web.clips import Clips
from voicebot.web.faults import log_fault, route_name
from voicebot.web.guards import Guard, guarded, install_guards
from voicebot.web.media import MediaSockets
from voicebot.web.recordings import RecordingWebhooks
from voicebot.web.resumes import ResumeWatch
from voicebot.web.sms import SmsWebhooks
from voicebot.web.stream_talk import MediaDesk
from voicebot.web.voice import VoiceDesk, VoiceWebhooks

MAX_FORM_BYTES = 256 * 1024
"""No webhook of the carrier comes near; a larger body is not read."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class WebOptions:
    """What the web process needs beside the hotline."""

    auth_tokens: tuple[str, ...]
    """The account's auth token, and the second one while it is being changed."""
    clips_dir: Path
    """Folder of `<locale>/<clip>.wav`."""
    observer: Observer | None = None
    """Sees what callers say, for the demo's terminal; None in service."""
    resume_patience_s: float = 2.0
    """How long the carrier may take to fetch what is next after we closed a stream."""


def create_app(hotline: Hotline, options: WebOptions) -> Flask:
    """Make the application for one hotline."""
    app = Flask("voicebot", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_FORM_BYTES
    _log_requests(app)
    install_guards(app, SignatureCheck(public_url=hotline.rules.public_url, tokens=options.auth_tokens))
    urls = HotlineUrls(hotline.rules.public_url)
    resumes = ResumeWatch(hotline, resume_url=urls.resume, patience_s=options.resume_patience_s)
    clips = Clips(options.clips_dir)
    desk = VoiceDesk(
        hotline=hotline,
        writer=TwimlWriter(urls=urls, has_clip=clips.has_clip),
        static_words=_static_words(hotline),
        resumes=resumes,
    )
    VoiceWebhooks(desk).register(app)
    RecordingWebhooks(hotline).register(app)
    SmsWebhooks(hotline).register(app)
    clips.register(app)
    MediaSockets(MediaDesk(hotline=hotline, resumes=resumes, new_listening=_listening(hotline, options))).register(app)
    app.add_url_rule("/healthz", "healthz", healthz)
    app.register_error_handler(Exception, _answer_error)
    return app


@guarded(Guard.PUBLIC)
def healthz() -> Response:
    """Say that this process answers."""
    return Response("ok\n", mimetype="text/plain")


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


def _static_words(hotline: Hotline) -> StaticWords:
    """Take the words of last resort from the flow now, since later there may be no flow to be had."""
    flow = hotline.flows.current_flow(hotline.rules.flow_name)
    locale = flow.locales[0]
    return StaticWords(
        locale=locale,
        apology=_fixed_words(flow, locale, key="static_fallback", company=hotline.rules.company),
        goodbye=_fixed_words(flow, locale, key="say_goodbye", company=hotline.rules.company),
    )


def _fixed_words(flow: Flow, locale: str, *, key: str, company: str) -> str:
    words = flow.prompts[locale]
    slots = {"company": company, "hash_key": words.get("hash_key", "#")}
    return SLOT.sub(lambda slot: slots.get(slot.group(1), ""), words[key])


def _log_requests(app: Flask) -> None:
    """Log rule, status and time of each request; never the path (tokens) nor the form (numbers, words)."""

    def begin() -> None:
        structlog.contextvars.clear_contextvars()
        g.started = monotonic()

    def end(response: Response) -> Response:
        took_ms = round((monotonic() - g.started) * 1000)
        log.info("request", route=route_name(), method=request.method, status=response.status_code, took_ms=took_ms)
        return response

    app.before_request(begin)
    app.after_request(end)


def _answer_error(error: Exception) -> Response:
    """Answer outside a call (receipts, callbacks): say which side failed, and nothing of what."""
    if isinstance(error, HTTPException):
        return Response(f"{error.name}\n", status=error.code, mimetype="text/plain")
    log_fault(error)
    return Response(status=400 if isinstance(error, CarrierFault) else 500)
