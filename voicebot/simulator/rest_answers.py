"""What the parts of the REST API share, such as what they may ask of the carrier, errors, pages, dates.

Source: Twilio, usage/twilios-response (paging), its OpenAPI for dates (RFC 2822).
Knows: Flask, the ledger. Must not know: any one resource.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Protocol
from urllib.parse import urlencode

from flask import Response, jsonify, request

from voicebot.simulator.call_context import OutboundOrder
from voicebot.simulator.clock import CarrierClock
from voicebot.simulator.ledger import API_VERSION, Ledger
from voicebot.simulator.line import LineCall
from voicebot.simulator.options import CarrierOptions

Shape = dict[str, Any]
ROOT = f"/{API_VERSION}/Accounts/<account>"


class Switchboard(Protocol):
    """What the API needs of the carrier."""

    clock: CarrierClock
    ledger: Ledger
    options: CarrierOptions
    api_url: str
    credentials: dict[str, str]
    """User and password of the API."""

    def dial(self, order: OutboundOrder) -> LineCall:
        """Ring somebody for the hotline."""
        ...

    def callback(
        self, subject: str, url: str, form: Mapping[str, str], *, method: str = "POST", delay_s: float = 0.0
    ) -> None:
        """Post a status callback in the background."""
        ...


class ApiError(Exception):
    """An answer that is an error, where `code` is Twilio's number."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def created(shape: Shape) -> Response:
    """Answer 201 with one resource."""
    response = jsonify(shape)
    response.status_code = 201
    return response


def stamp(at: datetime | None) -> str | None:
    """Return an instant as the API writes it (RFC 2822)."""
    return format_datetime(at) if at is not None else None


def page(carrier: Switchboard, name: str, path: str, *, found: list[Shape]) -> Response:
    """Answer with one page of a list, as `Page` and `PageSize` ask, where most is 1,000."""
    size = min(int(request.args.get("PageSize", "50")), 1000)
    number = int(request.args.get("Page", "0"))
    base = carrier.api_url if carrier.options.absolute_page_uris else ""

    def uri(page_number: int) -> str:
        asked = {name: value for name, value in request.args.items() if name not in {"PageSize", "Page"}}
        return f"{base}{path}?{urlencode(asked | {'PageSize': str(size), 'Page': str(page_number)})}"

    shown = found[number * size : (number + 1) * size]
    has_more = len(found) > (number + 1) * size
    return jsonify(
        {
            name: shown,
            "page": number,
            "page_size": size,
            "start": number * size,
            "end": number * size + max(len(shown) - 1, 0),
            "uri": uri(number),
            "first_page_uri": uri(0),
            "previous_page_uri": uri(number - 1) if number else None,
            "next_page_uri": uri(number + 1) if has_more else None,
        }
    )


def iso_stamp(at: datetime) -> str:
    """Return an instant as the newer resources write it (ISO 8601)."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def v1_page(carrier: Switchboard, name: str, *, found: list[Shape]) -> Response:
    """Answer with one page of a list as the newer resources do, where addresses are absolute, `meta` tells where we
    are.
    """
    size = min(int(request.args.get("PageSize", "50")), 1000)
    number = int(request.args.get("Page", "0"))

    def url(page_number: int) -> str:
        return f"{carrier.api_url}{request.path}?PageSize={size}&Page={page_number}"

    meta = {
        "key": name,
        "page": number,
        "page_size": size,
        "url": url(number),
        "first_page_url": url(0),
        "previous_page_url": url(number - 1) if number else None,
        "next_page_url": url(number + 1) if len(found) > (number + 1) * size else None,
    }
    return jsonify({name: found[number * size : (number + 1) * size], "meta": meta})


def day_filter(name: str, *, whole_days: bool = False) -> Callable[[datetime | None], bool]:
    """Return a test of instants against `name`, `name<` and `name>` of the query (days or instants).

    With `whole_days` an instant is cut to its day, as the documentation of calls has it.
    """
    asked = {suffix: request.args.get(name + suffix) for suffix in ("", "<", ">")}
    bounds = {suffix: bound[:10] if bound and whole_days else bound for suffix, bound in asked.items()}

    def is_within(at: datetime | None) -> bool:
        if at is None:
            return not any(bounds.values())
        day, whole = at.strftime("%Y-%m-%d"), at.strftime("%Y-%m-%dT%H:%M:%SZ")

        def mine(bound: str) -> str:
            return whole if "T" in bound else day

        return (
            (not bounds[""] or day == bounds[""][:10])
            and (not bounds["<"] or mine(bounds["<"]) <= bounds["<"])
            and (not bounds[">"] or mine(bounds[">"]) >= bounds[">"])
        )

    return is_within
