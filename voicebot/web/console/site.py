"""Hangs the console into the application, under `/console/`. It sets up sessions, login, limits, headers and pages.

Knows: every part of this package. Must not know: what cases are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix

from voicebot.adapters.provider_discovery import ProviderOptions
from voicebot.adapters.sealed_text import SealedText
from voicebot.adapters.store.logins import Logins
from voicebot.domain.staff import Role
from voicebot.domain.visible import visible
from voicebot.service.hotline import Hotline
from voicebot.service.staff.second_factor import SecondFactorDesk
from voicebot.web.console.access_book import ACCESS_BOOK, AccessBook
from voicebot.web.console.case_forms import StaffActionForms
from voicebot.web.console.case_routes import CasePages
from voicebot.web.console.channel_routes import ChannelPages
from voicebot.web.console.compression import install_compression
from voicebot.web.console.customer_routes import CustomerPages
from voicebot.web.console.door import current_reader
from voicebot.web.console.drill_routes import DrillPages
from voicebot.web.console.endpoint_forms import EndpointForms
from voicebot.web.console.field_forms import FieldForms
from voicebot.web.console.figures_routes import FiguresPages
from voicebot.web.console.headers import install_headers
from voicebot.web.console.known_devices import KnownDevices
from voicebot.web.console.login_lanes import LoginLanes
from voicebot.web.console.login_limits import LoginLimits
from voicebot.web.console.management_routes import ManagementPages
from voicebot.web.console.member_cookies import MEMBER_COOKIES, MemberCookies
from voicebot.web.console.morning_routes import MorningPages
from voicebot.web.console.original_routes import OriginalPages
from voicebot.web.console.own_call_routes import OwnCallPages
from voicebot.web.console.person_routes import PersonPages
from voicebot.web.console.review_forms import ReviewForms
from voicebot.web.console.rota_routes import RotaPages
from voicebot.web.console.search_routes import SearchPages
from voicebot.web.console.second_factor import SecondFactorStep
from voicebot.web.console.second_factor_pages import SecondFactorPages
from voicebot.web.console.security import PASSWORDS_FOR, install_security, install_sessions
from voicebot.web.console.statics import register_statics
from voicebot.web.console.today_routes import TodayPages
from voicebot.web.console.token_routes import TokenPages
from voicebot.web.console.way_back import carry_way_back
from voicebot.web.console.webhook_routes import WebhookPages
from voicebot.web.console.wrong_logins import WrongLogins
from voicebot.web.guard.guards import Guard, guarded

if TYPE_CHECKING:
    from voicebot.web.console.provider_routes import ProviderPages


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsoleOptions:
    """What the console needs beside the hotline."""

    secret_key: str
    """Signs sessions, and is the same for every process that serves this console."""
    logins: Logins
    old_secret_keys: tuple[str, ...] = ()
    """Keys from before, which open what was sealed under them."""
    limiter_storage: str = "memory://"
    """Where wrong tries are counted. That is this process, or a store that several machines share."""
    proxy_hops: int = 0
    """How many proxies of ours stand before us, each adding one address to X-Forwarded-For.

    0 means to believe no header.
    """
    second_factor_for: frozenset[Role] = frozenset()
    """Roles that must log in with a second factor. Everybody else may."""
    provider: ProviderOptions | None = None
    """The company's own sign-in. None means that passwords are the only way in."""
    pause: Callable[[float], object] | None = None
    """How a slowed login waits, in seconds. None means that it really waits."""


def install_console(app: Flask, hotline: Hotline, options: ConsoleOptions) -> None:
    """Add the console's routes to the application, each with its guard."""
    is_https = hotline.rules.public_url.startswith("https:")
    if options.proxy_hops:
        # The address only: host, scheme and path stay as they came, and signatures are checked over public_url.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=options.proxy_hops, x_proto=0, x_host=0, x_port=0, x_prefix=0
        )
    install_sessions(app, secret_key=options.secret_key, is_https=is_https)
    app.jinja_env.finalize = printed
    install_compression(app)
    install_headers(app, is_https=is_https)
    devices = KnownDevices(secret_key=options.secret_key, clock=hotline.clock, is_https=is_https)
    app.extensions[MEMBER_COOKIES] = MemberCookies(app, devices)
    limits = LoginLimits(
        options.limiter_storage,
        devices=devices,
        wrong=WrongLogins(hotline),
        lanes=LoginLanes(pause=options.pause),
    )
    limits.install(app)
    accesses = app.extensions[ACCESS_BOOK] = AccessBook(hotline)
    console = _pages(hotline.seen_by(current_reader), accesses)
    desk = SecondFactorDesk(hotline, SealedText(options.secret_key, *options.old_secret_keys))
    step = SecondFactorStep(desk, options.logins, clock=hotline.clock)
    step.register(console, limits)
    SecondFactorPages(desk, options.logins, company=hotline.rules.company).register(console, limits)
    if options.provider is not None:
        _provider_pages(hotline, options.logins, options.provider, step).register(console, limits)
    app.register_blueprint(console)
    app.config[PASSWORDS_FOR] = frozenset(Role) if options.provider is None else options.provider.passwords_for
    install_security(app, options.logins, clock=hotline.clock, limits=limits, second_step=step)
    app.add_url_rule("/", "front", front)


def _provider_pages(
    hotline: Hotline, logins: Logins, provider: ProviderOptions, step: SecondFactorStep
) -> "ProviderPages":
    # Imported here: only who has a provider needs it. Flask-Security itself imports Authlib where that is installed,
    # which is 2 % of what the web process imports (importtime, November 2026).
    from voicebot.web.console.provider_client import ProviderClient
    from voicebot.web.console.provider_routes import ProviderPages

    return ProviderPages(hotline, logins, client=ProviderClient(provider), rules=provider.rules, step=step)


def printed(value: object) -> object:
    """Return what a page prints for a value, so that no word of a stranger holds what nobody sees."""
    return visible(value) if type(value) is str else value


@guarded(Guard.PUBLIC)
def front() -> ResponseReturnValue:
    """Show people who open the bare address to the console."""
    return redirect(url_for("console.today"))


def _pages(hotline: Hotline, accesses: AccessBook) -> Blueprint:
    console = Blueprint("console", __name__, url_prefix="/console", template_folder="templates")
    register_statics(console)
    carry_way_back(console)
    TodayPages(hotline).register(console)
    CasePages(hotline, accesses).register(console)
    SearchPages(hotline, accesses).register(console)
    StaffActionForms(hotline).register(console)
    OriginalPages(hotline, accesses).register(console)
    ReviewForms(hotline, accesses).register(console)
    FieldForms(hotline).register(console)
    CustomerPages(hotline).register(console)
    PersonPages(hotline).register(console)
    RotaPages(hotline).register(console)
    ChannelPages(hotline).register(console)
    OwnCallPages(hotline).register(console)
    FiguresPages(hotline).register(console)
    ManagementPages(hotline).register(console)
    MorningPages(hotline).register(console)
    DrillPages(hotline).register(console)
    WebhookPages(hotline).register(console)
    EndpointForms(hotline).register(console)
    TokenPages(hotline).register(console)
    return console
