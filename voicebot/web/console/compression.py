"""Pages and files of the console, and what programs read, sent compressed to whoever takes it.

Compression tells by its length what a text has in common with a guess (BREACH). Who guesses has to put the guess into a
page beside a secret, and to see lengths on the wire. So:
- The search is never compressed. It is the one page that repeats what its address says.
- What a caller says stands on pages as well, and callers can guess. The one secret of a page that is worth it is the
  token of its forms. Its signature is over the second at which the page was made, so guesses at one say nothing of the
  one of another second. No PIN stands on any page.
- Sessions are sent to no page of another site (SameSite), so that nobody else makes a browser ask again and again.
- Voices are not text, and gain nothing. Sheets stream, and are sent as they come.
- No secret stands in what programs read, and no page of another site can make a program ask.
gzip of the standard library, since all that has to be decided is here, and a package would decide it otherwise.
Source: Gluck, Harris, Prado: BREACH (2013). RFC 9110, sections 8.4 and 12.5.3.
Knows: headers, sizes. Must not know: what stands on a page.
"""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

from voicebot.web.transport.budgets import is_api_path, is_console_path

TEXT = frozenset(
    {"application/json", "text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml"}
)
LEAST_BYTES = 1_000
"""Below that it fits into one packet either way."""
LEVEL = 6
NEVER = frozenset({"console.search"})
"""Pages that repeat what their address says."""


def install_compression(app: Flask) -> None:
    """Compress answers under `/console` and `/api` on their way out."""
    app.after_request(_compress)


def _compress(answer: Response) -> Response:
    if not _may_be(answer):
        return answer
    answer.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] <= 0:
        return answer
    answer.direct_passthrough = False
    whole = answer.get_data()
    is_file = request.endpoint in {"console.static", "console.bootstrap"}
    answer.set_data(_once(whole) if is_file else gzip.compress(whole, LEVEL))
    answer.headers["Content-Encoding"] = "gzip"
    tag, _ = answer.get_etag()
    if tag is not None:
        answer.set_etag(tag, weak=True)  # the same file, in other bytes
    return answer


def _may_be(answer: Response) -> bool:
    is_ours = (is_console_path(request.path) or is_api_path(request.path)) and request.endpoint not in NEVER
    is_whole = answer.status_code == 200 and "Content-Encoding" not in answer.headers
    return is_ours and is_whole and answer.mimetype in TEXT and (answer.content_length or 0) >= LEAST_BYTES


@lru_cache(maxsize=32)
def _once(whole: bytes) -> bytes:
    """Compress a file of ours once in a process."""
    return gzip.compress(whole, 9)
