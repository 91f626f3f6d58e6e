"""The one place that wires adapters to ports.

`build_hotline` makes a hotline that any command can use at once, since nothing is loaded or connected. The speech model
loads at its first use, since only web and worker ever need it, and `warm_up` does it before the first call.
Knows: settings, adapters, ports, channels to staff. Must not know: other use cases, routes.
"""

import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property, partial
from pathlib import Path

from voicebot.adapters.audio_store import PathAudioStore
from voicebot.adapters.calendar_fetch import CalendarFetch
from voicebot.adapters.calendar_file import MOST_BYTES, events_in
from voicebot.adapters.console_sms import ConsoleSms
from voicebot.adapters.customer_lookup import CustomerLookup
from voicebot.adapters.decode_meter import MeteredRecognisers
from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.job_queue import open_jobs
from voicebot.adapters.live_view import LiveView
from voicebot.adapters.prompt_clips import PromptClips
from voicebot.adapters.sealed_text import SealedText, webhook_lost
from voicebot.adapters.second_ear import open_second_ear
from voicebot.adapters.smtp_mail import SmtpMail, read_mail_server
from voicebot.adapters.spool import FolderSpool
from voicebot.adapters.store import BUSY_TIMEOUT_MS, LOOK_TIMEOUT_S, SqlVitals, open_engine, open_reader, open_store
from voicebot.adapters.store.scrub import clear_erased
from voicebot.adapters.system_clock import SecretIds, SystemClock
from voicebot.adapters.twilio_rest import TwilioAccount, TwilioCalls, TwilioListing, TwilioNumbers, TwilioRest
from voicebot.adapters.webhook_post import WebhookPost
from voicebot.bootstrap.console import console_secret, old_secrets
from voicebot.bootstrap.no_account import NoCalls, NoListing, NoNumbers, no_account
from voicebot.config import Settings
from voicebot.domain.phone import region_of
from voicebot.service.callback.voice_channel import VoiceChannel
from voicebot.service.hotline import AlarmAddresses, Hotline, HotlineRules, StaffChannel
from voicebot.service.outbox.chat_channel import ChatChannel
from voicebot.service.outbox.mail_channel import MailChannel
from voicebot.service.outbox.text_channel import TextChannel
from voicebot.service.ports import CarrierControl, Places, Recogniser, Recognisers, Seat, SmsSender
from voicebot.telephony.urls import HotlineUrls

LOOK_AT_FILES_EVERY_S = 0.5
"""An edited flow or policy may come into force so late."""


def build_hotline(
    settings: Settings, *, database_patience_ms: int = BUSY_TIMEOUT_MS, statement_timeout_ms: int = 0
) -> Hotline:
    """Wire a hotline, which is quick, and without the model or the database being there yet.

    `database_patience_ms` is how long a use case waits for a database that is locked or away, `statement_timeout_ms`
    for one statement (PostgreSQL, 0 means as long as it needs). Those who only look wait less long.
    Raises: SettingFault when a setting cannot be used at all.
    """
    engine = open_engine(
        settings.resolved_database_url(),
        busy_timeout_ms=database_patience_ms,
        statement_timeout_ms=statement_timeout_ms,
    )
    # A command's statement may take as long as it needs, also when it only looks.
    reader = open_reader(
        settings.resolved_database_url(), statement_timeout_ms=min(statement_timeout_ms, LOOK_TIMEOUT_S * 1000)
    )
    jobs, ids = open_jobs(engine), SecretIds()
    clock, account = SystemClock(), twilio_account(settings)
    sms_sender, carrier = _carrier(account, ids)
    return Hotline(
        rules=hotline_rules(settings),
        unit_of_work=open_store(engine, jobs),
        look=open_store(reader, jobs),
        look_at_original=open_store(reader, jobs, is_original=True),
        clock=clock,
        ids=ids,
        flows=FlowFiles(settings.flows_dir, settings.resolved_policy_dir(), look_every_s=LOOK_AT_FILES_EVERY_S),
        recognisers=RecognisersWhenNeeded(lambda: _load_recognisers(settings)),
        prompts=PromptClips(clips_dir(settings)),
        audio=PathAudioStore(settings.resolved_audio_root()),
        spool=FolderSpool(settings.data_dir / "spool"),
        sms_sender=sms_sender,
        carrier=carrier,
        calls=TwilioCalls(account, HotlineUrls(settings.public_url)) if account else NoCalls(),
        vitals=SqlVitals(open_reader(settings.resolved_database_url())),
        calendars=CalendarFetch(settings.calendar_origin_list(), events_in, most_bytes=MOST_BYTES),
        listing=TwilioListing(account) if account else NoListing(),
        numbers=TwilioNumbers(account) if account else NoNumbers(),
        webhooks=WebhookPost(SealWhenNeeded(settings)),
        staff_channels=staff_channels(settings),
        alarm_addresses=alarm_addresses(settings),
        customer_source=_customer_source(settings),
        second_ear=open_second_ear(settings.second_model_dir),
        clear_erased=partial(clear_erased, engine),
        started_at=clock.now(),
    )


def _customer_source(settings: Settings) -> CustomerLookup | None:
    address = settings.checked_customer_lookup()
    return CustomerLookup(address, settings.customer_lookup_secret.get_secret_value()) if address else None


def staff_channels(settings: Settings) -> tuple[StaffChannel, ...]:
    """Return the channels to staff, where one that needs a setting is there only with it.

    Raises: SettingFault when such a setting cannot be used.
    """
    texts = TextChannel()
    channels: list[StaffChannel] = [texts]
    if twilio_account(settings):
        channels.append(VoiceChannel(texts))
    if mail_url := settings.mail_url.get_secret_value():
        channels.append(MailChannel(SmtpMail(read_mail_server(mail_url), settings.mail_from)))
    if chats := settings.chat_list():
        # Imported here: Apprise looks through a hundred services, which takes a second that only this setting is worth.
        from voicebot.adapters.apprise_chat import AppriseChat

        chat = AppriseChat(chats)
        channels.append(ChatChannel(chat, chat.names))
    return tuple(channels)


def alarm_addresses(settings: Settings) -> AlarmAddresses | None:
    """Return where alarms about the watch itself go, or None where no address is set. Raises: SettingFault."""
    urls = settings.alarm_urls.get_secret_value().split()
    if not urls:
        return None
    # Imported here for the same reason.
    from voicebot.adapters.apprise_chat import AppriseChat

    named = {f"address {number}": url for number, url in enumerate(urls, 1)}
    return AlarmAddresses(sender=AppriseChat(named, setting="VOICEBOT_ALARM_URLS"), names=tuple(named))


def clips_dir(settings: Settings) -> Path:
    """Return the folder of recorded prompts."""
    return settings.flows_dir / "clips"


def live_view(settings: Settings) -> LiveView | None:
    """Return the demo's view of calls, or None in service. Raises: SettingFault when its file cannot be written."""
    return None if settings.live_view_file is None else LiveView(settings.live_view_file, SystemClock())


def warm_up(hotline: Hotline) -> None:
    """Load the speech model now, so that no caller waits for it. Raises: SettingFault when it is missing or broken."""
    hotline.recognisers.supports("en")


class RecognisersWhenNeeded:
    """Fulfils `service.ports.Recognisers`, which loads the model when first asked for more than room."""

    def __init__(self, load: Callable[[], Recognisers]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._loaded: Recognisers | None = None

    def reserve(self, seat: Seat) -> bool:
        """Take one place for a call, and return False when this caller gets none."""
        return self._recognisers().reserve(seat)

    def release(self, seat: Seat) -> None:
        """Give the place back."""
        self._recognisers().release(seat)

    def has_room(self, seat: Seat) -> bool:
        """Whether this caller would find a place now."""
        return self._recognisers().has_room(seat)

    def places(self) -> Places | None:
        """Return places taken and allowed, or None while no model is loaded."""
        with self._lock:
            return None if self._loaded is None else self._loaded.places()

    def supports(self, locale: str) -> bool:
        """Whether there is a model for the locale's language."""
        return self._recognisers().supports(locale)

    def make(self, locale: str, grammar: tuple[str, ...] | None, *, alternatives: int = 0) -> Recogniser:
        """Make the recogniser of one prompt."""
        return self._recognisers().make(locale, grammar, alternatives=alternatives)

    def _recognisers(self) -> Recognisers:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded


class SealWhenNeeded:
    """Fulfils `service.ports.Seal`, which reads its keys when first asked, since most commands need none."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def seal(self, text: str) -> str:
        """Return the text sealed. Raises: SettingFault when there can be no key."""
        return self._read.seal(text)

    def open(self, sealed: str) -> str:
        """Return the text. Raises: Refused when it was sealed under a key that is not among ours, SettingFault."""
        return self._read.open(sealed)

    def renewed(self, sealed: str) -> str:
        """Return it sealed under the newest key. Raises: Refused, SettingFault."""
        return self._read.renewed(sealed)

    @cached_property
    def _read(self) -> SealedText:
        return SealedText(console_secret(self._settings), *old_secrets(self._settings), lost=webhook_lost)


class NoCarrier:
    """Fulfils `service.ports.CarrierControl` where there is no account, in development without a carrier."""

    def redirect(self, carrier_call_id: str, url: str) -> None:
        """Raises: Unavailable."""
        raise no_account()

    def download_recording(self, recording_sid: str) -> bytes:
        """Raises: Unavailable."""
        raise no_account()

    def download_file(self, message_sid: str, media_sid: str, *, most_bytes: int) -> bytes:
        """Raises: Unavailable."""
        raise no_account()

    def delete_file(self, message_sid: str, media_sid: str) -> None:
        """Raises: Unavailable."""
        raise no_account()

    def delete_recording(self, recording_sid: str) -> None:
        """Raises: Unavailable."""
        raise no_account()


def hotline_rules(settings: Settings) -> HotlineRules:
    """Return what use cases need of the settings."""
    own_number = settings.twilio_phone_number
    own_region = frozenset({region_of(own_number)}) if own_number else frozenset[str]()
    return HotlineRules(
        company=settings.company,
        own_number=own_number,
        flow_name=settings.flow,
        callback_countries=settings.region_list() or own_region,
        more_numbers=settings.more_number_list(),
        canary_number=settings.checked_canary_number(),
        gate_exceptions=settings.gate_exception_list(),
        public_url=settings.public_url,
        calendar_origins=settings.calendar_origin_list(),
        worker_silent_after=timedelta(seconds=settings.worker_silent_s),
    )


def twilio_account(settings: Settings) -> TwilioAccount | None:
    """Return the account at Twilio, or None where there is none."""
    token = settings.twilio_auth_token.get_secret_value()
    if not (settings.twilio_account_sid and token):
        return None
    return TwilioAccount(
        account_sid=settings.twilio_account_sid,
        auth_token=token,
        sender=settings.twilio_phone_number,
        status_callback_url=HotlineUrls(settings.public_url).sms_status(),
        api_url=settings.twilio_api_url,
    )


def _carrier(account: TwilioAccount | None, ids: SecretIds) -> tuple[SmsSender, CarrierControl]:
    if account is None:
        return ConsoleSms(sys.stderr, ids.new_id), NoCarrier()
    rest = TwilioRest(account)
    return rest, rest


def _load_recognisers(settings: Settings) -> Recognisers:
    # Imported here: the engine takes a third of a second that no other command should wait for.
    from voicebot.adapters.vosk_recogniser import load_recognisers

    return MeteredRecognisers(
        load_recognisers(settings.model_dir, limit=settings.max_recognisers, vouched=settings.model_digest)
    )
