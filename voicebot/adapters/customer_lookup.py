"""Asks the company's own system by HTTP who has a telephone number.

The number stands in the body and never in an address, for addresses are logged on the way. One short deadline covers
all of it, redirects are not followed, the environment's proxies and credentials are not used, and of an answer no more
is read than one can have.
Knows: HTTP. Must not know: cases, what is done with an answer.
"""

import requests
from pydantic import ValidationError
from urllib3.exceptions import HTTPError

from voicebot.adapters.deadline_http import Deadline, with_deadline
from voicebot.domain.customer import Customer
from voicebot.domain.customer_lookup import LookupAnswer
from voicebot.errors import Unavailable

LONGEST_S = 1.5
"""In all. Whoever has the case open waits for nothing, but the worker has more to do."""
MOST_BYTES = 64 * 1024


class CustomerLookup:
    """Fulfils `service.ports.CustomerSource`."""

    def __init__(self, address: str, secret: str, *, longest_s: float = LONGEST_S) -> None:
        self._address = address
        self._headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "voicebot"}
        if secret:
            self._headers["Authorization"] = f"Bearer {secret}"
        self._longest_s = longest_s

    def find(self, number: str) -> Customer | None:
        """Return who has a number, or None when nobody is known. Raises: Unavailable, which says why in a few words."""
        left_s = Deadline(self._longest_s)
        try:
            with requests.Session() as session:
                session.trust_env = False
                with_deadline(session, left_s)
                return self._ask(session, number, left_s())
        except ValidationError:
            raise Unavailable("its answer is not of the form that is read") from None
        except (requests.RequestException, HTTPError, OSError) as problem:
            why = "it comes too slowly" if left_s.is_over else f"no answer ({type(problem).__name__})"
            raise Unavailable(why) from None

    def _ask(self, session: requests.Session, number: str, timeout_s: float) -> Customer | None:
        with session.post(
            self._address,
            json={"number": number},
            headers=self._headers,
            timeout=timeout_s,
            stream=True,
            allow_redirects=False,
        ) as answer:
            if answer.status_code == requests.codes.not_found:
                return None
            if answer.status_code != requests.codes.ok:
                raise Unavailable(f"it answers with HTTP {answer.status_code}")
            return LookupAnswer.model_validate_json(_body(answer)).customer(number)


def _body(answer: requests.Response) -> bytes:
    body = bytearray()
    while piece := answer.raw.read1(MOST_BYTES, decode_content=False):
        body += piece
        if len(body) > MOST_BYTES:
            raise Unavailable(f"its answer has more than {MOST_BYTES:,} bytes")
    return bytes(body)
