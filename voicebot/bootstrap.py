"""The one place that wires adapters to ports.

Two depths: `build_hotline` makes a hotline that any command can use at once (nothing is loaded, nothing connected);
`check_service` asks, before anything serves, whether all that serving needs is there, and refuses with a sentence
that names the cure. The speech model loads at its first use, since only web and worker ever need it;
`warm_up` does it before the first call.
Knows: settings, adapters, ports. Must not know: use cases, routes.
"""

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from voicebot.adapters.audio_store import PathAudioStore
from voicebot.adapters.console_sms import ConsoleSms
from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.job_queue import open_jobs
from voicebot.adapters.live_view import LiveView
from voicebot.adapters.prompt_clips import RECORD_COMMAND, PromptClips
from voicebot.adapters.speech_model import INSTALL_COMMAND, find_model
from voicebot.adapters.spool import FolderSpool
from voicebot.adapters.store import is_migrated, open_engine, open_store
from voicebot.adapters.system_clock import SecretIds, SystemClock
from voicebot.adapters.twilio_rest import TwilioAccount, TwilioRest
from voicebot.config import Settings
from voicebot.domain.phone import is_e164, region_of
from voicebot.errors import SettingFault, Unavailable
from voicebot.flow.definition import Flow
from voicebot.flow.prompts import spoken_fragments
from voicebot.service.hotline import Hotline, HotlineRules
from voicebot.service.ports import CarrierControl, Recogniser, Recognisers, SmsSender
from voicebot.telephony.urls import HotlineUrls


def build_hotline(settings: Settings) -> Hotline:
    """Wire a hotline; quick, and without the model or the database being there yet.

    Raises: SettingFault when a setting cannot be used at all.
    """
    engine = open_engine(settings.resolved_database_url())
    ids = SecretIds()
    sms_sender, carrier = _carrier(settings, ids)
    return Hotline(
        rules=_rules(settings),
        unit_of_work=open_store(engine, open_jobs(engine)),
        clock=SystemClock(),
        ids=ids,
        flows=FlowFiles(settings.flows_dir, settings.resolved_policy_dir()),
        recognisers=RecognisersWhenNeeded(lambda: _load_recognisers(settings)),
        prompts=PromptClips(clips_dir(settings)),
        audio=PathAudioStore(settings.resolved_audio_root()),
        spool=FolderSpool(settings.data_dir / "spool"),
        sms_sender=sms_sender,
        carrier=carrier,
    )


def clips_dir(settings: Settings) -> Path:
    """Return the folder of recorded prompts."""
    return settings.flows_dir / "clips"


def live_view(settings: Settings) -> LiveView | None:
    """Return the demo's view of calls; None in service. Raises: SettingFault when its file cannot be written."""
    return None if settings.live_view_file is None else LiveView(settings.live_view_file, SystemClock())


def warm_up(hotline: Hotline) -> None:
    """Load the speech model now, so that no caller waits for it. Raises: SettingFault when it is missing or broken."""
    hotline.recognisers.supports("en")


def check_service(settings: Settings) -> None:
    """Refuse to serve without what serving needs.

    Raises: SettingFault (credential, address, folder, model, clip, database), FlowFault (flow, policy), Unavailable.
    """
    _check_credentials(settings)
    _check_public_url(settings)
    _check_folders(settings)
    _check_model(settings)
    _check_definitions(settings)
    _check_database(settings)


def check_definitions_and_account(settings: Settings) -> None:
    """Check what needs no database yet: account, address, folders, flow, policy, clips. Raises: as `check_service`."""
    _check_credentials(settings)
    _check_public_url(settings)
    _check_folders(settings)
    _check_definitions(settings)


def doubts(settings: Settings) -> tuple[str, ...]:
    """Return what lets us serve and yet would break our word, each with its cure. Raises: FlowFault."""
    policy = FlowFiles(settings.flows_dir, settings.resolved_policy_dir()).current_policy()
    silent = [member.id for member in policy.staff if not is_e164(member.phone)]
    if not silent:
        return ()
    return (
        f"nobody can text {', '.join(silent)} when a promise is missed; "
        f"write their phone into {settings.resolved_policy_dir() / 'escalation.yaml'}",
    )


class RecognisersWhenNeeded:
    """Fulfils `service.ports.Recognisers`; loads the model when first asked for more than room."""

    def __init__(self, load: Callable[[], Recognisers]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._loaded: Recognisers | None = None

    def reserve(self) -> bool:
        """Take one place for a call; False when all are taken."""
        return self._recognisers().reserve()

    def release(self) -> None:
        """Give the place back."""
        self._recognisers().release()

    def has_room(self) -> bool:
        """Whether another call would find a place now."""
        return self._recognisers().has_room()

    def supports(self, locale: str) -> bool:
        """Whether there is a model for the locale's language."""
        return self._recognisers().supports(locale)

    def make(self, locale: str, grammar: tuple[str, ...] | None) -> Recogniser:
        """Make the recogniser of one prompt."""
        return self._recognisers().make(locale, grammar)

    def _recognisers(self) -> Recognisers:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded


class NoCarrier:
    """Fulfils `service.ports.CarrierControl` where there is no account: development without a carrier."""

    def redirect(self, carrier_call_id: str, url: str) -> None:
        """Raises: Unavailable."""
        raise _no_account()

    def download_recording(self, recording_sid: str) -> bytes:
        """Raises: Unavailable."""
        raise _no_account()

    def delete_recording(self, recording_sid: str) -> None:
        """Raises: Unavailable."""
        raise _no_account()


def _no_account() -> Unavailable:
    return Unavailable("asking the carrier: there is no account; set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN")


def _rules(settings: Settings) -> HotlineRules:
    own_number = settings.twilio_phone_number
    own_region = frozenset({region_of(own_number)}) if own_number else frozenset[str]()
    return HotlineRules(
        company=settings.company,
        own_number=own_number,
        flow_name=settings.flow,
        callback_countries=settings.region_list() or own_region,
        gate_exceptions=settings.gate_exception_list(),
        public_url=settings.public_url,
    )


def _carrier(settings: Settings, ids: SecretIds) -> tuple[SmsSender, CarrierControl]:
    token = settings.twilio_auth_token.get_secret_value()
    if not (settings.twilio_account_sid and token):
        return ConsoleSms(sys.stderr, ids.new_id), NoCarrier()
    rest = TwilioRest(
        TwilioAccount(
            account_sid=settings.twilio_account_sid,
            auth_token=token,
            sender=settings.twilio_phone_number,
            status_callback_url=HotlineUrls(settings.public_url).sms_status(),
            api_url=settings.twilio_api_url,
        )
    )
    return rest, rest


def _load_recognisers(settings: Settings) -> Recognisers:
    # Imported here: the engine takes a third of a second that no other command should wait for.
    from voicebot.adapters.vosk_recogniser import load_recognisers

    return load_recognisers(settings.model_dir, limit=settings.max_recognisers)


def _check_credentials(settings: Settings) -> None:
    wanted = {
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": settings.twilio_auth_token.get_secret_value(),
        "TWILIO_PHONE_NUMBER": settings.twilio_phone_number,
    }
    missing = [name for name, value in wanted.items() if not value]
    if missing:
        raise SettingFault(
            f"starting the hotline: {', '.join(missing)} not set; take it from the account's console page "
            "and put it into the environment or into .env"
        )
    if not is_e164(settings.twilio_phone_number):
        raise SettingFault("starting the hotline: TWILIO_PHONE_NUMBER must be in E.164 form, such as +12025550123")


def _check_public_url(settings: Settings) -> None:
    """Refuse an address to which the real carrier opens no stream; the pretend one takes plain http.

    Source: Twilio, voice/twiml/stream: only wss, on port 443.
    """
    if settings.twilio_api_url or _is_streamable(settings.public_url):
        return
    raise SettingFault(
        "starting the hotline: VOICEBOT_PUBLIC_URL must be https://host without a port (or with 443), because Twilio "
        f"streams calls to nothing else, and is {settings.public_url}; set it to the address where Twilio reaches us"
    )


def _is_streamable(public_url: str) -> bool:
    try:
        parts = urlsplit(public_url)
        return parts.scheme == "https" and bool(parts.hostname) and parts.port in {None, 443}
    except ValueError:
        return False


def _check_folders(settings: Settings) -> None:
    for folder in (settings.data_dir, settings.data_dir / "spool"):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            raise _unwritable(folder) from None
        if not os.access(folder, os.W_OK | os.X_OK):
            raise _unwritable(folder)


def _unwritable(folder: Path) -> SettingFault:
    return SettingFault(
        f"starting the hotline: cannot write in {folder.absolute()}; give this user the right to, "
        "or name another folder in VOICEBOT_DATA_DIR"
    )


def _check_model(settings: Settings) -> None:
    if find_model(settings.model_dir, "en") is None:
        raise SettingFault(
            f"starting the hotline: there is no speech model in {settings.model_dir}; run `{INSTALL_COMMAND}`",
            code="model_missing",
        )


def _check_definitions(settings: Settings) -> None:
    flows = FlowFiles(settings.flows_dir, settings.resolved_policy_dir())
    flow = flows.current_flow(settings.flow)
    flows.current_policy()
    _check_clips(settings, flow)


def _check_clips(settings: Settings, flow: Flow) -> None:
    """Refuse prompts without their clips: every caller would be taken off the stream at the first of them."""
    clips = PromptClips(clips_dir(settings))
    wanted = [(at, words) for at in flow.locales for words in spoken_fragments(flow, at, company=settings.company)]
    missing = [(locale, words) for locale, words in wanted if not clips.has_clip(locale, words)]
    if missing:
        raise SettingFault(
            f"starting the hotline: {len(missing)} of {len(wanted)} pieces of the prompts have no clip, the first is "
            f"\"{missing[0][1]}\" ({clips.path(*missing[0])}); run `pip install 'voicebot[voice]'` and "
            f"`{RECORD_COMMAND}`, or record that file yourself (VOICEBOT_COMPANY is part of the greeting)",
            code="clip_missing",
        )


def _check_database(settings: Settings) -> None:
    engine = open_engine(settings.resolved_database_url())
    try:
        if not is_migrated(engine):
            raise SettingFault("starting the hotline: the database is not migrated; run `voicebot release`")
    finally:
        engine.dispose()
