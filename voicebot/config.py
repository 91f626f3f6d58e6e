"""Settings from the environment, each with its meaning and unit, which `voicebot settings` lists.

Knows: names, defaults. Must not know: who uses a setting (bootstrap/ wires).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, StringConstraints, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from voicebot.distribution import flows_dir, is_replaced_by_upgrades
from voicebot.domain.calendar_feed import is_origin
from voicebot.domain.customer_lookup import may_ask
from voicebot.domain.phone import is_e164
from voicebot.domain.staff import Role
from voicebot.errors import SettingFault

_PASSWORD = re.compile(r"(://[^/?#\s:@]*:)[^@\s]*(?=@)|([?&]password=)[^&#\s]*")
"""A password within an address, as in user:password@host, or ?password=… (SQLAlchemy, libpq)."""


def default_flows_dir() -> Path:
    """Return `flows` in the working folder where that holds a call flow, else the folder that came with us."""
    own = Path("flows")
    return own.absolute() if any(own.glob("*/flow.yaml")) else flows_dir()


class Settings(BaseSettings):
    """One field per setting, whose description is the operator's documentation."""

    model_config = SettingsConfigDict(
        env_prefix="VOICEBOT_", env_file=".env", extra="ignore", hide_input_in_errors=True, populate_by_name=True
    )

    twilio_account_sid: str = Field(
        "", validation_alias="TWILIO_ACCOUNT_SID", description="account at Twilio (AC…); needed to serve"
    )
    twilio_auth_token: SecretStr = Field(
        SecretStr(""), validation_alias="TWILIO_AUTH_TOKEN", description="its primary auth token: signs webhooks"
    )
    twilio_auth_token_second: SecretStr = Field(
        SecretStr(""),
        validation_alias="TWILIO_AUTH_TOKEN_SECOND",
        description="second auth token that may also sign webhooks, while tokens are being changed; empty: none",
    )
    twilio_phone_number: str = Field(
        "", validation_alias="TWILIO_PHONE_NUMBER", description="the hotline's number, E.164; sender of texts"
    )
    more_numbers: str = Field(
        "",
        description="further numbers of the account, E.164 with commas, whose calls and texts come to this hotline; "
        "requests for any other number are refused",
    )
    canary_number: str = Field(
        "",
        description="a second number of the account, E.164, from which the hotline rings itself each working "
        "morning to show that a call comes through (voicebot canary); empty: no test call",
    )
    public_url: str = Field(
        "http://127.0.0.1:8080",
        description="how Twilio reaches us: https://host; with the pretend carrier also http://127.0.0.1:port",
    )
    database_url: str = Field("", description="SQLAlchemy URL; empty: SQLite file voicebot.db in VOICEBOT_DATA_DIR")
    data_dir: Path = Field(Path("data"), description="folder for the SQLite file, audio, spool and models")
    audio_root: str = Field("", description="where answers' audio stays: a folder or s3://…; empty: data_dir/audio")
    model_dir: Path = Field(
        Path.home() / ".cache" / "voicebot" / "models", description="folder of speech models (voicebot model install)"
    )
    model_digest: str = Field(
        "", description="sha256 by which you vouch for a speech model of your own; empty: only the official one"
    )
    second_model_dir: Path | None = Field(
        None,
        description="folder of a model that listens to stored voices again when nobody is on the line: a Whisper model "
        "for faster-whisper, or a larger Vosk model; empty: nobody listens again",
    )
    flows_dir: Path = Field(
        default_factory=default_flows_dir,
        description="folder of call flows, clips and policy (voicebot flows copy makes one to edit); "
        "empty: flows in the working folder where it has a flow, else the ones that came with voicebot",
    )
    mail_url: SecretStr = Field(
        SecretStr(""),
        description="mail server by which staff are told: smtps://user:password@host (TLS) or smtp://… (STARTTLS); "
        "empty: no mail",
    )
    mail_from: str = Field("", description="sender of mails to staff, such as hotline@example.com; needed to mail")
    chat_urls: SecretStr = Field(
        SecretStr(""),
        description="chats and push services by which staff are told, name=address with spaces between them; addresses "
        "as Apprise writes them (slack://…, msteams://…, ntfys://…); a person's chat: in escalation.yaml has the name",
    )
    calendar_origins: str = Field(
        "",
        description="scheme and host from which calendars of the rota may be fetched, with commas, such as "
        "https://calendar.google.com,https://outlook.office365.com; empty: none are fetched",
    )
    customer_lookup_url: str = Field(
        "",
        description="address of the company's own system, asked by POST who has a caller's number when a case opens; "
        "https, or http on this machine; empty: nobody is asked",
    )
    customer_lookup_secret: SecretStr = Field(
        SecretStr(""), description="sent to VOICEBOT_CUSTOMER_LOOKUP_URL as a bearer token; empty: none"
    )
    alarm_urls: SecretStr = Field(
        SecretStr(""),
        description="addresses with spaces between them, as Apprise writes them (ntfys://…, mailtos://…), told when "
        "the watch over promises itself stops: another way than staff are told by; empty: people of the policy",
    )
    policy_dir: Path | None = Field(
        None, description="folder of calendar, service_levels, escalation; empty: policy in VOICEBOT_FLOWS_DIR"
    )
    flow: str = Field("complaint", description="which flow answers the hotline")
    company: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)] = Field(
        "Harbour Goods",
        description="company name, as written in texts, and as spoken once a clip says it (voicebot doctor)",
    )
    twilio_api_url: str = Field("", description="base URL instead of Twilio's REST API (the pretend carrier)")
    max_recognisers: int = Field(8, ge=0, description="live recognisers per process; further callers are recorded")
    max_calls: int = Field(40, ge=1, description="calls per process that hold a thread of the web server")
    callback_countries: str = Field(
        "",
        description="regions we may ring and text, e.g. US,CA, each with its territories (US: Puerto Rico, Guam …); "
        "empty: the hotline's own",
    )
    gate_exceptions: str = Field("", description="number prefixes let through the number gate; for tests only")
    port: int = Field(8080, ge=1, le=65535, description="TCP port of the web process")
    host: str = Field("127.0.0.1", description="address the web process listens on; :: for IPv6 and IPv4")
    worker_poll_s: float = Field(0.5, gt=0, description="seconds between two sweeps of the worker")
    worker_silent_s: float = Field(
        30, gt=0, description="seconds without a sign of life after which /healthz calls the worker dead"
    )
    grace_s: int = Field(900, ge=0, description="seconds that running calls get to finish after SIGTERM")
    executor_id: str = Field("voicebot-1", description="stable name of this machine's worker")
    metrics_token: SecretStr = Field(
        SecretStr(""), description="bearer token that /metrics asks for; empty: /metrics answers nobody"
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="signs the console's sessions, 32 characters or more, the same on every machine; "
        "empty: made once and kept in data_dir/secret_key",
    )
    old_secret_keys: SecretStr = Field(
        SecretStr(""),
        description="values of secret_key from before, with spaces between them; what was sealed under them (second "
        "factors, secrets of webhooks) still opens, and is sealed anew; they sign nothing",
    )
    oidc_issuer: str = Field(
        "",
        description="the company's own sign-in (an OpenID Connect provider) as it calls itself, such as "
        "https://login.example.com/realms/staff; https, or http on this machine; empty: passwords only",
    )
    oidc_client_id: str = Field("", description="who we are at the company's sign-in, as it was registered there")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="our secret at the company's sign-in")
    oidc_role_claim: str = Field("groups", description="claim of the company's sign-in that holds somebody's groups")
    oidc_roles: str = Field(
        "",
        description="roles by group of the company's sign-in, the first that fits, such as "
        "hotline-admins=administrator,hotline=handler; who is in none is refused; empty: roles are given here only",
    )
    oidc_new_accounts: bool = Field(
        False,
        description="whether whom the company's sign-in lets in gets an account, as handler where no group says",
    )
    oidc_only: bool = Field(
        False, description="whether only administrators may still log in by a password beside the company's sign-in"
    )
    oidc_second_factor: str = Field(
        "mfa",
        description="values of the claims amr and acr, with commas, by which the company's sign-in says that somebody "
        "gave two factors; whoever has a second factor here, or must have one, is asked for it otherwise; always: the "
        "sign-in counts as two factors whatever it says; empty: never",
    )
    oidc_session_minutes: int = Field(
        60,
        ge=5,
        le=720,
        description="minutes after which the company's sign-in is asked again whether it still lets somebody in, and "
        "in which role (5 to 720); what is typed meanwhile is taken for as long again",
    )
    second_factor_roles: str = Field(
        "",
        description="roles, with commas, that must log in with a code of their telephone beside the password, such as "
        "administrator,supervisor; empty: whoever wants to",
    )
    limiter_storage: str = Field(
        "memory://",
        description="where wrong logins are counted: memory:// in each process, redis://… for several machines",
    )
    proxy_hops: int = Field(
        0,
        ge=0,
        le=5,
        description="proxies of ours before the web process: so many addresses of X-Forwarded-For are believed",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="least weight of lines logged")
    live_view_file: Path | None = Field(
        None, description="development only: file that gets callers' words and keys as they come; empty: no such file"
    )

    @field_validator("public_url")
    @classmethod
    def _is_origin(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[^\s/?#]+", value):
            raise PydanticCustomError("origin", "write it as https://host, without a path or a slash at its end")
        return value

    def resolved_database_url(self) -> str:
        """Return the database URL with the SQLite default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'voicebot.db'}"

    def resolved_audio_root(self) -> str:
        """Return the audio root with its default filled in."""
        return self.audio_root or str(self.data_dir.resolve() / "audio")

    def region_list(self) -> frozenset[str]:
        """Return `callback_countries` as regions, or empty when the hotline's own is meant."""
        return frozenset(_listed(self.callback_countries.upper()))

    def more_number_list(self) -> frozenset[str]:
        """Return `more_numbers` as numbers. Raises: SettingFault when one is not in E.164 form."""
        numbers = frozenset(_listed(self.more_numbers))
        if not all(is_e164(number) for number in numbers):
            raise SettingFault(
                "reading the settings: VOICEBOT_MORE_NUMBERS must be numbers in E.164 form with commas between them, "
                "such as +12025550123,+12025550124",
                code="own-number",
            )
        return numbers

    def checked_canary_number(self) -> str:
        """Return `canary_number`. Raises: SettingFault when it is no number, or one whose calls come to the hotline."""
        number = self.canary_number.strip()
        if number and (not is_e164(number) or number in {self.twilio_phone_number, *self.more_number_list()}):
            raise SettingFault(
                "reading the settings: VOICEBOT_CANARY_NUMBER must be one number in E.164 form, such as +12025550123, "
                "that is neither TWILIO_PHONE_NUMBER nor one of VOICEBOT_MORE_NUMBERS",
                code="canary-number",
            )
        return number

    def calendar_origin_list(self) -> frozenset[str]:
        """Return `calendar_origins`. Raises: SettingFault when one is none."""
        origins = frozenset(origin.lower() for origin in _listed(self.calendar_origins))
        if not all(is_origin(origin) for origin in origins):
            raise SettingFault(
                "reading the settings: VOICEBOT_CALENDAR_ORIGINS must be scheme and host with commas between them, "
                "without a path, such as https://calendar.google.com",
                code="calendar-origin",
            )
        return origins

    def checked_customer_lookup(self) -> str:
        """Return `customer_lookup_url`. Raises: SettingFault when a number may not be sent there."""
        if self.customer_lookup_url and not may_ask(self.customer_lookup_url):
            raise SettingFault(
                "reading the settings: VOICEBOT_CUSTOMER_LOOKUP_URL must be a whole address with https, or with http "
                "on this machine, and without a password in it",
                code="customer-lookup",
            )
        return self.customer_lookup_url

    def chat_list(self) -> dict[str, str]:
        """Return the addresses of `chat_urls` by name. Raises: SettingFault, which repeats no address."""
        pairs = [pair.partition("=") for pair in self.chat_urls.get_secret_value().split()]
        wrong = next((at for at, (name, _, url) in enumerate(pairs, 1) if not name or "://" not in url), None)
        if wrong is not None:
            raise SettingFault(
                f"reading the settings: entry {wrong} of VOICEBOT_CHAT_URLS is not understood; write name=address with "
                "spaces between entries, such as supervisors=ntfys://ntfy.sh/our-topic",
                code="chat-address",
            )
        return {name: url for name, _, url in pairs}

    def second_factor_role_set(self) -> frozenset[Role]:
        """Return `second_factor_roles`. Raises: SettingFault when one is no role."""
        return frozenset(
            read_role(each, of="VOICEBOT_SECOND_FACTOR_ROLES") for each in _listed(self.second_factor_roles)
        )

    def oidc_role_list(self) -> tuple[tuple[str, Role], ...]:
        """Return `oidc_roles` as groups with their roles. Raises: SettingFault when one names no role."""
        pairs = [each.rpartition("=") for each in _listed(self.oidc_roles)]
        return tuple((group.strip(), read_role(role.strip(), of="VOICEBOT_OIDC_ROLES")) for group, _, role in pairs)

    def oidc_second_factor_set(self) -> frozenset[str]:
        """Return `oidc_second_factor` as values."""
        return frozenset(_listed(self.oidc_second_factor))

    def gate_exception_list(self) -> tuple[str, ...]:
        """Return `gate_exceptions` as prefixes."""
        return tuple(_listed(self.gate_exceptions))

    def resolved_policy_dir(self) -> Path:
        """Return the policy folder with its default filled in."""
        return self.policy_dir or self.flows_dir / "policy"

    def place_of_policy(self, file: str) -> str:
        """Return where a file of the policy is to be edited, where the installed package's own is copied first."""
        path = self.resolved_policy_dir() / file
        return f"flows/policy/{file} after `voicebot flows copy`" if is_replaced_by_upgrades(path) else str(path)

    def own_flows_dir(self) -> Path:
        """Return the folder of call flows for writing. Raises: SettingFault where an upgrade would undo the change."""
        if is_replaced_by_upgrades(self.flows_dir):
            raise SettingFault(
                f"writing call flows: {self.flows_dir} is part of the installed package, and the next upgrade replaces "
                "it; run `voicebot flows copy` and stay in this folder, or name your own in VOICEBOT_FLOWS_DIR"
            )
        return self.flows_dir


def read_settings() -> Settings:
    """Read the settings. Raises: SettingFault that names every setting that cannot be used, and never its value."""
    try:
        return Settings()
    except ValidationError as problem:
        wrong = "; ".join(f"{_variable_at(error['loc'])}: {error['msg']}" for error in problem.errors())
        raise SettingFault(f"reading the settings: {wrong}; `voicebot docs settings` says what each means") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise SettingFault(
            f"reading the settings: cannot read {Path('.env').absolute()} ({type(problem).__name__}); it must be UTF-8 "
            "text that belongs to the user who runs this"
        ) from None


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownSetting:
    """One setting as people may see it."""

    name: str
    """Name of the environment variable."""
    meaning: str
    default: str
    value: str
    """Never a secret, since those show only whether they are set."""


def shown_settings(settings: Settings) -> Iterator[ShownSetting]:
    """Yield every setting with its meaning, default and present value, in the order in which they are declared."""
    for field, info in Settings.model_fields.items():
        yield ShownSetting(
            name=_variable(field),
            meaning=info.description or "",
            default=_shown(info.get_default(call_default_factory=True)),
            value=_shown(getattr(settings, field)),
        )


def _variable(field: str) -> str:
    alias = Settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else f"VOICEBOT_{field.upper()}"


def _variable_at(place: tuple[int | str, ...]) -> str:
    """Name the variable of a fault, where pydantic gives the field, or its alias where there is one."""
    name = str(place[0]) if place else ""
    return _variable(name) if name in Settings.model_fields else name.upper()


def _shown(value: Any) -> str:
    if isinstance(value, SecretStr):
        return "(set)" if value.get_secret_value() else ""
    return "" if value is None else without_password(str(value))


def read_role(written: str, *, of: str) -> Role:
    """Return the role that a setting names. Raises: SettingFault when there is none of that name."""
    try:
        return Role(written.lower())
    except ValueError:
        raise SettingFault(
            f"reading the settings: {of} names a role that does not exist; there are {', '.join(Role)}",
            code="role-unknown",
        ) from None


def address_of(host: str, port: int) -> str:
    """Return host and port as people and URLs write them, where an IPv6 address stands in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def without_password(address: str) -> str:
    """Return an address with the password in it hidden, as in `postgresql://we:***@host/name`."""
    return _PASSWORD.sub(r"\1\2***", address)


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
