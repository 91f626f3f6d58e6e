"""Where somebody sets up their second factor: the password again, a QR code, a first code of the telephone, and the
recovery codes, which are shown this once.

The key stands on one page, in clear, until it is confirmed or a quarter of an hour is over. Who has a second factor
already needs a code of it to change it, so nobody does that at a colleague's open screen.
Knows: the forms, the QR code. Must not know: how a key is kept.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security import login_user, verify_password
from markupsafe import Markup

from voicebot.adapters.passwords import normal_password
from voicebot.adapters.store.logins import Logins
from voicebot.domain.permission import Permission
from voicebot.domain.second_factor import address_of_key, in_groups
from voicebot.service.staff.second_factor import SecondFactorDesk
from voicebot.web.console.login_limits import LoginLimits
from voicebot.web.console.provider_mark import is_by_provider, remember_provider
from voicebot.web.console.second_factor import LONGEST_CODE, WRONG_CODE
from voicebot.web.guard.guards import Guard, guarded

WRONG_PASSWORD = "This is not your present password."


class SecondFactorPages:
    """Routes of setting up."""

    def __init__(self, desk: SecondFactorDesk, logins: Logins, *, company: str) -> None:
        self._desk = desk
        self._logins = logins
        self._company = company

    def register(self, console: Blueprint, limits: LoginLimits) -> None:
        """Add the routes."""
        begin = guarded(Guard.STAFF, Permission.OWN_ACCOUNT)(limits.slow_down_own_code(self.begin))
        console.add_url_rule("/second-factor", "second_factor", begin, methods=["GET", "POST"])
        console.add_url_rule("/second-factor/new", "second_factor_new", self.new, methods=["GET", "POST"])

    def begin(self) -> ResponseReturnValue:
        """Show whether a second factor is asked for, and begin a new one for whoever gives password and code."""
        problem = self._why_not() if request.method == "POST" else ""
        if request.method == "POST" and not problem:
            self._desk.begin(current_user.id)
            return redirect(url_for("console.second_factor_new"), code=303)
        return render_template(
            "security/second_factor.html",
            since=current_user.second_factor_at,
            needs_password=not self._is_vouched_for(),
            problem=problem,
        )

    @guarded(Guard.STAFF, Permission.OWN_ACCOUNT)
    def new(self) -> ResponseReturnValue:
        """Show the key that waits, and put it into force by its first code."""
        if request.method == "POST":
            codes = self._desk.confirm(current_user.id, request.form.get("code", "")[:LONGEST_CODE])
            if codes is not None:
                self._go_on()
                return render_template("security/second_factor_done.html", codes=codes)
        key = self._desk.pending_key(current_user.id)
        if key is None:
            return redirect(url_for("console.second_factor"))
        address = address_of_key(key, email=current_user.email, company=self._company)
        problem = WRONG_CODE if request.method == "POST" else ""
        return render_template(
            "security/second_factor_new.html", picture=_picture(address), key=in_groups(key), problem=problem
        )

    def _why_not(self) -> str:
        if not self._is_vouched_for() and not verify_password(
            normal_password(request.form.get("password", "")), current_user.password
        ):
            return WRONG_PASSWORD
        if current_user.second_factor_at is None:
            return ""
        checked = self._desk.check(current_user.id, request.form.get("code", "")[:LONGEST_CODE])
        return "" if checked.is_right else WRONG_CODE

    def _is_vouched_for(self) -> bool:
        """Tell whether somebody may set up a first second factor without a password, since they may have none."""
        return is_by_provider() and current_user.second_factor_at is None

    def _go_on(self) -> None:
        """Begin this browser's session anew, since every one of before has ended."""
        was_by_provider = is_by_provider()
        login_user(self._logins.of_account(current_user.id), authn_via=["password", "authenticator"])
        if was_by_provider:
            remember_provider()
        self._logins.commit()


def _picture(address: str) -> Markup:
    """Return the QR code as SVG within the page, on white, since telephones read nothing light on dark."""
    import segno  # here: only this page draws

    drawn = segno.make(address, error="m", micro=False).svg_inline(scale=5, border=4, light="#fff", omitsize=True)
    return Markup(drawn)
