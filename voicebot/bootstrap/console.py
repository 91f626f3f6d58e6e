"""What the console is opened with, namely the secret that signs its sessions, and the accounts that may log in.

Knows: settings, adapters. Must not know: pages.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from voicebot.adapters.provider_discovery import ProviderOptions, is_safe_address
from voicebot.adapters.secret_key import LEAST_LENGTH, kept_secret
from voicebot.adapters.store import BUSY_TIMEOUT_MS, open_engine
from voicebot.config import Settings
from voicebot.domain.sign_in import SignInRules
from voicebot.domain.staff import Role
from voicebot.errors import SettingFault

if TYPE_CHECKING:
    from voicebot.adapters.store.logins import Logins


def console_secret(settings: Settings) -> str:
    """Return what signs sessions. That is the setting, else the one kept in the data folder. Raises: SettingFault."""
    given = settings.secret_key.get_secret_value()
    if not given:
        return kept_secret(settings.data_dir)
    if len(given) < LEAST_LENGTH:
        raise SettingFault(
            f"starting the console: VOICEBOT_SECRET_KEY has fewer than {LEAST_LENGTH} characters and could be guessed; "
            "make one with `openssl rand -hex 32`, or leave it out"
        )
    return given


def old_secrets(settings: Settings) -> tuple[str, ...]:
    """Return the keys from before, under which something may be sealed still."""
    return tuple(settings.old_secret_keys.get_secret_value().split())


def company_sign_in(settings: Settings) -> ProviderOptions | None:
    """Return the company's own sign-in, or None where there is none. Raises: SettingFault when it cannot be used.

    Administrators always may log in by a password, for the day on which the provider is away.
    """
    if not settings.oidc_issuer:
        return None
    secret = settings.oidc_client_secret.get_secret_value()
    if not is_safe_address(settings.oidc_issuer) or not (settings.oidc_client_id and secret):
        raise SettingFault(
            "reading the settings: the company's sign-in needs VOICEBOT_OIDC_ISSUER (beginning with https, or with "
            "http on this machine), VOICEBOT_OIDC_CLIENT_ID and VOICEBOT_OIDC_CLIENT_SECRET",
            code="sign-in-provider",
        )
    return ProviderOptions(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=secret,
        rules=SignInRules(
            role_claim=settings.oidc_role_claim,
            roles=settings.oidc_role_list(),
            makes_accounts=settings.oidc_new_accounts,
            second_factor=settings.oidc_second_factor_set(),
        ),
        passwords_for=frozenset({Role.ADMINISTRATOR}) if settings.oidc_only else frozenset(Role),
        session_life=timedelta(minutes=settings.oidc_session_minutes),
    )


def open_logins(
    settings: Settings, *, database_patience_ms: int = BUSY_TIMEOUT_MS, statement_timeout_ms: int = 0
) -> "Logins":
    """Open the accounts for logins, on connections of their own, because they commit beside the units of work.

    The limits are those of `build_hotline`.
    """
    # Imported here: Flask-Security is a tenth of what the worker and commands would import, and only pages need it.
    from voicebot.adapters.store.logins import Logins

    engine = open_engine(
        settings.resolved_database_url(),
        busy_timeout_ms=database_patience_ms,
        statement_timeout_ms=statement_timeout_ms,
        is_silence_given_up=True,
    )
    return Logins(engine)
