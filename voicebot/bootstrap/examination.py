"""Wires the doctor's checks. It knows which there are, in which order, and which make no sense once another has failed.

Checks come lazily, the quick ones first. What asks the carrier comes only if it accepts us, what asks our address only
if somebody answers there. `Examination.not_asked` names what was left out.
Knows: settings, adapters, checks. Must not know: how a check judges, the terminal.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, partial
from pathlib import Path

from voicebot.adapters.front_door import PublicFrontDoor
from voicebot.adapters.machine import LocalMachine
from voicebot.adapters.provider_discovery import discovered
from voicebot.adapters.store import SqlInspection, open_engine
from voicebot.adapters.twilio_rest import TwilioAccountReader
from voicebot.bootstrap.checks import (
    COPY_THEM,
    COUNT_PROXIES,
    EXAMPLES,
    ONE_ADDRESS,
    check_settings,
    has_only_examples,
    has_uncounted_proxy,
)
from voicebot.bootstrap.company import look_at_greeting, look_at_texts
from voicebot.bootstrap.console import company_sign_in
from voicebot.bootstrap.hearing import known_clip
from voicebot.bootstrap.wiring import build_hotline, twilio_account
from voicebot.config import Settings
from voicebot.domain.phone import is_e164, region_of
from voicebot.service.answer.folders import held_by_folders
from voicebot.service.background import health
from voicebot.service.doctor import address, capacity, carrier, countries, hearing, promises, sign_in, storage, webhooks
from voicebot.service.doctor.finding import Check, Finding, Verdict, doubt, fine
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.outbox.channels import why_no_address
from voicebot.service.ports import CarrierNumber, SecondEar, TextGroup
from voicebot.service.ports.account import AccountFacts, CarrierAccount
from voicebot.service.staff.accounts import all_accounts
from voicebot.service.staff.calendar_feed import all_calendars
from voicebot.service.watch.canary_report import why_off
from voicebot.service.watch.second_way import is_told_by_texts_alone
from voicebot.telephony.identity import Identity

UNITED_STATES = "US"
SQLITE = "sqlite:///"
MODEL_LIMIT_S = 90.0
SECOND_MODEL_LIMIT_S = 180.0
"""It loads at the lowest priority."""
DATABASE_LIMIT_S = 40.0
"""Longer than a writer waits for another (`BUSY_TIMEOUT_MS`), twice."""
CARRIER_LIMIT_S = 40.0
"""A few requests of at most fifteen seconds each."""
Faults = Callable[[], Iterable[str]]


class Examination:
    """The checks of one installation, to be iterated over once."""

    def __init__(self, settings: Settings, *, faults: Faults, is_offline: bool) -> None:
        """`faults` names every fault of flows and policy, as `voicebot flows check` does."""
        self._settings = settings
        self._faults = faults
        self._is_offline = is_offline
        self._account_facts: AccountFacts | None = None
        self._number: CarrierNumber | None = None
        self._hotline: Hotline | None = None
        self._is_database_good = False
        self._is_reached = False
        self.not_asked: list[str] = []

    def checks(self) -> Iterator[Check]:
        """Yield the checks one by one, since each is to be run before the next is asked for."""
        yield Check(name="settings", look=self._look_at_settings)
        if self._hotline is None:
            return
        yield from self._at_home(self._hotline)
        if self._is_offline:
            self.not_asked.append("everything that asks Twilio or our public address (--offline)")
        else:
            yield from self._at_carrier(self._hotline)
            yield from self._at_door(self._hotline)
        yield Check(name="model", look=partial(self._hear, self._hotline), limit_s=MODEL_LIMIT_S)
        if (ear := self._hotline.second_ear) is not None:
            listens = partial(self._listen_again, self._hotline, ear)
            yield Check(name="second-model", look=listens, limit_s=SECOND_MODEL_LIMIT_S)

    # --- here --------------------------------------------------------------------------------------------------

    def _look_at_settings(self) -> Iterator[Finding]:
        self._hotline = build_hotline(self._settings)
        check_settings(self._settings)
        yield fine("account, number and public URL are set")
        if has_uncounted_proxy(self._settings):
            yield doubt(ONE_ADDRESS, cure=COUNT_PROXIES)

    def _at_home(self, hotline: Hotline) -> Iterator[Check]:
        policy, now = hotline.flows.current_policy, hotline.clock.now
        yield Check(name="database", look=lambda: self._look_at_database(hotline), limit_s=DATABASE_LIMIT_S)
        yield Check(name="disk", look=lambda: storage.disk(self._machine))
        yield Check(name="audio", look=lambda: storage.audio(hotline.audio, hotline.ids))
        yield Check(name="spool", look=lambda: storage.spool(hotline.spool, hotline.ids))
        yield Check(name="flows", look=self._look_at_flows)
        yield Check(name="company", look=self._look_at_company)
        yield Check(
            name="ladder",
            look=lambda: promises.ladder(policy(), partial(why_no_address, hotline.staff_channels, hotline.rules)),
        )
        yield Check(name="hours", look=lambda: promises.opening_hours(policy().calendar, now()))
        yield Check(name="holidays", look=lambda: promises.holidays(policy().calendar, now()))
        yield Check(name="machine", look=self._look_at_machine)
        if is_e164(self._settings.twilio_phone_number):
            yield Check(name="senders", look=lambda: countries.senders(self._countries, own_region=self._own_region))
        yield from self._in_database(hotline)

    def _in_database(self, hotline: Hotline) -> Iterator[Check]:
        if not self._is_database_good:
            self.not_asked.append(
                "logins, second-factor, owner, calendars, folders, webhooks, alarm, test call, worker "
                "(the database is not ready)"
            )
            return
        policy = hotline.flows.current_policy
        yield Check(name="logins", look=lambda: promises.logins(all_accounts(hotline)))
        if (company := company_sign_in(self._settings)) is not None:
            issuer = company.issuer
            yield Check(name="sign-in", look=lambda: sign_in.provider(lambda: discovered(issuer)))
        must_have = self._settings.second_factor_role_set
        yield Check(name="second-factor", look=lambda: sign_in.second_factors(all_accounts(hotline), must_have()))
        yield Check(name="owner", look=lambda: promises.owner(policy(), all_accounts(hotline)))
        yield Check(
            name="calendars",
            look=lambda: promises.calendars(all_calendars(hotline), policy().rota, hotline.clock.now()),
        )
        yield Check(name="folders", look=lambda: self._look_at_folders(hotline))
        yield Check(name="webhooks", look=lambda: self._look_at_webhooks(hotline))
        yield Check(name="alarm", look=lambda: self._look_at_alarm(hotline))
        yield Check(name="test-call", look=lambda: self._look_at_test_call(hotline))
        yield Check(name="worker", look=lambda: promises.watch(health.why_unwell(hotline)))

    @staticmethod
    def _look_at_webhooks(hotline: Hotline) -> Iterator[Finding]:
        with hotline.look() as work:
            return webhooks.webhooks(work.webhooks.endpoints(), context_of(hotline, work).now)

    @staticmethod
    def _look_at_alarm(hotline: Hotline) -> Iterator[Finding]:
        addresses = hotline.alarm_addresses
        with hotline.look() as work:
            is_texts_alone = is_told_by_texts_alone(context_of(hotline, work))
        return promises.second_way(0 if addresses is None else len(addresses.names), is_texts_alone=is_texts_alone)

    @staticmethod
    def _look_at_test_call(hotline: Hotline) -> Iterator[Finding]:
        with hotline.look() as work:
            return promises.test_call(why_off(context_of(hotline, work)))

    @staticmethod
    def _look_at_folders(hotline: Hotline) -> Iterator[Finding]:
        return storage.folders(held_by_folders(hotline), own=hotline.spool.folder_id, now=hotline.clock.now())

    def _look_at_company(self) -> Iterator[Finding]:
        yield look_at_greeting(self._settings)
        yield look_at_texts(self._settings)

    def _look_at_flows(self) -> Iterator[Finding]:
        yield from promises.definitions(self._faults)
        if has_only_examples(self._settings):
            yield doubt(EXAMPLES, cure=COPY_THEM)

    def _look_at_database(self, hotline: Hotline) -> Iterator[Finding]:
        inspection = SqlInspection(open_engine(self._settings.resolved_database_url()))
        findings = tuple(storage.database(inspection, hotline.unit_of_work))
        self._is_database_good = all(finding.verdict is not Verdict.BROKEN for finding in findings)
        yield from findings

    @cached_property
    def _machine(self) -> LocalMachine:
        settings = self._settings
        places = {"spool": settings.data_dir}
        database, audio = settings.resolved_database_url(), settings.resolved_audio_root()
        if database.startswith(SQLITE):
            places["database"] = Path(database.removeprefix(SQLITE)).parent
        if "://" not in audio:
            places["audio"] = Path(audio)
        return LocalMachine(places)

    def _look_at_machine(self) -> Iterator[Finding]:
        settings = self._settings
        return capacity.machine(self._machine, max_recognisers=settings.max_recognisers, max_calls=settings.max_calls)

    def _hear(self, hotline: Hotline) -> Iterator[Finding]:
        return hearing.model(hotline.recognisers, known_clip())

    def _listen_again(self, hotline: Hotline, ear: SecondEar) -> Iterator[Finding]:
        return hearing.second_model(ear, known_clip(), hotline.flows.current_flow(self._settings.flow).locales)

    @property
    def _countries(self) -> frozenset[str]:
        assert self._hotline is not None, "asked once the hotline is wired"
        return self._hotline.rules.callback_countries

    @property
    def _own_region(self) -> str:
        return region_of(self._settings.twilio_phone_number)

    # --- at the carrier ----------------------------------------------------------------------------------------

    def _at_carrier(self, hotline: Hotline) -> Iterator[Check]:
        account = twilio_account(self._settings)
        if account is None or not is_e164(self._settings.twilio_phone_number):
            self.not_asked.append("everything that asks Twilio (account or number is not set)")
            return
        reader = TwilioAccountReader(account)
        yield self._asking("account", lambda: self._look_at_account(reader))
        facts = self._account_facts
        if facts is None:
            self.not_asked.append("everything else that asks Twilio (the account could not be read)")
            return
        yield Check(name="clock", look=lambda: carrier.clock(facts, hotline.clock.now()))
        yield self._asking("number", lambda: self._look_at_number(hotline))
        yield from self._of_number(hotline, reader)
        limit = self._settings.max_calls
        yield self._asking("calls-at-once", lambda: capacity.calls_at_once(reader, max_calls=limit))
        yield self._asking("voice-countries", lambda: countries.voice(reader, self._countries))
        yield self._asking("text-countries", lambda: countries.texts(reader, self._countries))

    def _of_number(self, hotline: Hotline, reader: CarrierAccount) -> Iterator[Check]:
        number = self._number
        if number is None:
            self.not_asked.append("fallback, text-group and registration (the number could not be read)")
            return
        url = self._settings.public_url
        yield Check(name="fallback", look=lambda: carrier.fallback(number, url))
        found: list[TextGroup | None] = []

        def look_at_group() -> Iterator[Finding]:
            found.append(hotline.numbers.text_group_of(number.sid))
            yield from carrier.text_group(found[0])

        yield self._asking("text-group", look_at_group)
        if found and UNITED_STATES in self._countries:
            yield self._asking("registration", lambda: countries.united_states(reader, number, found[0]))

    def _asking(self, name: str, look: Callable[[], Iterator[Finding]]) -> Check:
        return Check(name=name, look=lambda: carrier.asked(look), limit_s=CARRIER_LIMIT_S)

    def _look_at_account(self, reader: CarrierAccount) -> Iterator[Finding]:
        self._account_facts = reader.account()
        yield from carrier.account(self._account_facts)

    def _look_at_number(self, hotline: Hotline) -> Iterator[Finding]:
        self._number = hotline.numbers.find(self._settings.twilio_phone_number)
        yield from carrier.number(self._number, self._settings.public_url)

    # --- at our own door ---------------------------------------------------------------------------------------

    def _at_door(self, hotline: Hotline) -> Iterator[Check]:
        settings = self._settings
        url, token = settings.public_url, settings.twilio_auth_token.get_secret_value()
        door = PublicFrontDoor(url, token)
        own = Identity(token=token, number=settings.twilio_phone_number, public_url=url)

        def entering(name: str, look: Callable[[], Iterator[Finding]]) -> Check:
            return Check(name=name, look=lambda: address.reached(look, url), limit_s=30)

        def look_at_health() -> Iterator[Finding]:
            findings = tuple(address.health(door))
            self._is_reached = True
            yield from findings

        is_pretend = bool(settings.twilio_api_url)
        now = hotline.clock.now
        yield entering("certificate", lambda: address.certificate(door, now(), is_pretend=is_pretend))
        yield entering("address", look_at_health)
        if not self._is_reached:
            self.not_asked.append("identity, socket and round-trip (nobody answers at the public URL)")
            return
        yield entering("identity", lambda: address.identity(door, hotline.ids, own.proof))
        yield entering("socket", lambda: address.socket(door))
        yield entering("round-trip", lambda: address.round_trip(door))
