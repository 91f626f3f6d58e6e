"""The process's log. It has one JSON object per line in service, plain lines on a terminal, with no telephone number in
either.

Libraries log through the standard library, so their lines run through the same processors. Errors are logged by kind,
code and place, not by message, for messages of strangers quote parameters, inputs and addresses. Nobody fills the disk,
because every text is cut, every list is short, and what libraries warn of (their warnings quote what strangers sent) is
told once a second for each place in their code, with how often it came. Our own lines are gated where a stranger can
cause them (web/guard/refusal_log.py), while the others tell of one case each, and each is told.
Source: libraries.md F and H.
Knows: structlog and logging. Must not know: what is logged.
"""

import logging
import re
import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping, MutableMapping
from itertools import islice
from time import monotonic
from typing import Any, TextIO

import structlog
from cachetools import TTLCache

NUMBER = re.compile(r"(?<![0-9A-Za-z_.-])(\+\d[\d ().-]{5,}\d|\d{7,15})(?![0-9A-Za-z_])")
"""A telephone number, with or without its plus, while hexadecimal ids, times and case numbers with hyphens are none."""

SOCKET = re.compile(r"/twilio/media/\S+")
"""The address of a media socket, which ends in the call's one-time token."""

MASK = "[number]"
MOST_CHARACTERS = 300
"""Of one text in a line. Our own messages are shorter, but `voicebot flows check` tells all faults of a file."""
MOST_PARTS = 20
"""Of one list or mapping."""
PAUSE_S = 1.0
"""Between two lines of a library's warning from the same place."""
MOST_PLACES = 1_000
"""In libraries' code that warned within the pause, and one forgotten earlier warns once more."""
OURS = "voicebot"
QUIET_LOGGERS = ("twilio", "twilio.http_client", "urllib3", "werkzeug", "alembic", "dbos", "gunicorn.access")
"""They log addresses, parameters or every poll at INFO."""

_UNMASKED = frozenset({"timestamp"})


def configure_log(*, level: str, is_json: bool, stream: TextIO | None = None) -> None:
    """Send everything to one stream (stderr) through the same processors.

    Whatever has logged before goes there, too, since no logger keeps what it found at its first line. gunicorn's
    configuration logs before the settings of the web process are read.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_fault,
        mask_numbers,
        cut_long,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.addFilter(SeldomWarnings())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(is_json=is_json)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)


def mask_numbers(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace telephone numbers in every text of the line."""
    for key, value in event.items():
        if key not in _UNMASKED and not key.startswith("_"):
            event[key] = _masked(value)
    return event


def cut_long(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Cut every text of the line, after numbers are masked, because half a number would be none to the mask."""
    for key, value in event.items():
        if not key.startswith("_"):
            event[key] = _cut(value)
    return event


class SeldomWarnings(logging.Filter):
    """Lets a library's warning pass once in a while for each place in its code, with their number since the last."""

    def __init__(self, *, pause_s: float = PAUSE_S, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._untold: Counter[tuple[str, int]] = Counter()
        self._just_told: TTLCache[tuple[str, int], None] = TTLCache(maxsize=MOST_PLACES, ttl=pause_s, timer=clock)

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether the line is written."""
        if record.levelno < logging.WARNING or record.name.partition(".")[0] == OURS:
            return True
        place = (record.pathname, record.lineno)
        with self._lock:
            self._untold[place] += 1
            if place in self._just_told:
                return False
            self._just_told[place] = None
            times = self._untold.pop(place)
        if times > 1:
            record.times = times
        return True


def name_fault(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace an exception by its kind and the place where it was raised."""
    problem = event.pop("exc_info", None)
    if problem is True:
        problem = sys.exc_info()
    if isinstance(problem, tuple):
        problem = problem[1]
    if isinstance(problem, BaseException):
        event["fault"] = type(problem).__name__
        event["place"] = _place(problem)
    return event


def _place(problem: BaseException) -> str:
    trace = problem.__traceback__
    places = []
    while trace is not None:
        places.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(places[-6:])


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return NUMBER.sub(MASK, SOCKET.sub("/twilio/media/[token]", value))
    if isinstance(value, Mapping):
        return {key: _masked(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_masked(part) for part in value)
    return value


def _cut(value: Any) -> Any:
    if isinstance(value, str):
        left_out = len(value) - MOST_CHARACTERS
        return value if left_out <= 0 else f"{value[:MOST_CHARACTERS]}… ({left_out} more)"
    if isinstance(value, Mapping):
        return {_cut(key): _cut(part) for key, part in islice(value.items(), MOST_PARTS)}
    if isinstance(value, list | tuple):
        return type(value)(_cut(part) for part in value[:MOST_PARTS])
    return value


def _renderer(*, is_json: bool) -> Any:
    if is_json:
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
