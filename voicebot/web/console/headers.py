"""What every answer of the console tells the browser, that is to run, load and send nothing but our own, and keep
nothing.

Source: OWASP Secure Headers Project; Content Security Policy Level 3.
Knows: headers. Must not know: pages.
"""

from flask import Flask, Response, request

from voicebot.web.transport.budgets import is_console_path

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""No inline script, no inline style, because words of callers stand on these pages."""

HSTS = "max-age=31536000"
"""A year, but without sub-domains, which are not ours to speak for."""


def install_headers(app: Flask, *, is_https: bool) -> None:
    """Put the headers on every answer under `/console`, refusals included, and on the way there."""

    def protect(response: Response) -> Response:
        if not is_console_path(request.path) and request.path != "/":
            return response
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        if is_https:
            response.headers["Strict-Transport-Security"] = HSTS
        if not _may_be_kept():
            response.headers["Cache-Control"] = "no-store"
        return response

    app.after_request(protect)


def _may_be_kept() -> bool:
    """Only styles, scripts and pictures of ours, because pages and voices tell of people."""
    return request.path.startswith("/console/static/")
