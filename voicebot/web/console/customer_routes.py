"""The company's customers. Staff have one looked up anew, and an administrator brings them in from a file.

A file is seen before it is taken, and stays nowhere between the two. So it is chosen twice, and the second time it has
to be the one that was seen.
Knows: routes under `/console`, files of forms, use cases. Must not know: columns, tables.
"""

from hashlib import sha256
from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from voicebot.domain.customer_file import decoded
from voicebot.domain.permission import Permission
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline
from voicebot.service.ticket.look_up import look_up_again
from voicebot.service.upkeep.customer_import import ImportReport, import_customers
from voicebot.web.console.case_forms import do_for_case
from voicebot.web.guard.guards import Guard, guarded

MOST_LINES = 5_000
"""A few seconds of work. The size of a form ends most files sooner (web/transport/request_reader.py)."""


class CustomerPages:
    """Routes of customers."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline

    def register(self, console: Blueprint) -> None:
        """Add the routes."""
        console.add_url_rule("/cases/<case>/lookups", "look_up", self.look_up, methods=["POST"])
        console.add_url_rule("/customers", "customers", self.page)
        console.add_url_rule("/customers/imports", "customers_imports_form", self.take_file, methods=["POST"])

    @guarded(Guard.STAFF, Permission.SERVE)
    def look_up(self, case: str) -> ResponseReturnValue:
        """Have the number of a case looked up anew, for which nobody waits."""

        def want() -> str:
            look_up_again(self._hotline, case)
            return "It is looked up within seconds, and stands here then."

        return do_for_case(case, want)

    @guarded(Guard.STAFF, Permission.RUN_HOTLINE)
    def page(self) -> ResponseReturnValue:
        """Ask for a file."""
        return _page()

    @guarded(Guard.STAFF, Permission.RUN_HOTLINE)
    def take_file(self) -> ResponseReturnValue:
        """Show what a file would change, or take it where it is the one that was shown."""
        sent = request.files.get("customers")
        body = sent.read() if sent is not None else b""
        digest, seen = sha256(body).hexdigest(), request.form.get("seen", "")
        try:
            if not body:
                raise Refused("choose a file first, and one that is not empty", code="customer-file")
            report = self._import(body, is_dry=seen != digest)
        except Refused as problem:
            return _page(problem=f"{str(problem)[0].upper()}{str(problem)[1:]}."), 409
        if report.is_written:
            flash(f"Imported: {report.new} new, {report.changed} changed, {report.same} as they were.")
            return redirect(url_for("console.customers"), code=303)
        return _page(report, digest=digest, problem=_why_not(seen, digest)), 409 if seen else 200

    def _import(self, body: bytes, *, is_dry: bool) -> ImportReport:
        lines = decoded(BytesIO(body), most=MOST_LINES)
        skips = request.form.get("skip") == "on"
        return import_customers(self._hotline, lines, is_dry=is_dry, skips_faulty=skips, is_small=True)


def _page(report: ImportReport | None = None, *, digest: str = "", problem: str = "") -> str:
    return render_template("console/customers.html", report=report, digest=digest, problem=problem)


def _why_not(seen: str, digest: str) -> str:
    if not seen:
        return ""
    if seen != digest:
        return "This is another file than the one you have seen, so nothing was imported. See what it holds first."
    return "Nothing was imported: mend the faulty lines, or say that they are left out."
