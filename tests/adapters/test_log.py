"""What a log line may hold."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from structlog.testing import capture_logs

from voicebot.adapters.log import MOST_CHARACTERS, MOST_PARTS, SeldomWarnings, configure_log, mask_numbers


class _Lines(io.StringIO):
    """The lines written so far."""

    def all(self) -> list[dict[str, object]]:
        """Read them as JSON."""
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture
def lines() -> Iterator[_Lines]:
    """The process's log as in service, put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    lines = _Lines()
    configure_log(level="INFO", is_json=True, stream=lines)
    yield lines
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    "number", ["+12025550142", "12025550142", "2025550142", "+1 202 555 0142", "+1 (202) 555-0142", "+44.20.7946.0958"]
)
def test_a_telephone_number_is_masked_wherever_it_stands(number: str) -> None:
    line = mask_numbers(None, "info", {"event": f"from {number}!", "more": {"list": [number, 7]}, "_record": number})
    assert line == {"event": "from [number]!", "more": {"list": ["[number]", 7]}, "_record": number}


@pytest.mark.parametrize(
    "text",
    [
        "482-719-305",
        "CA01234567890123456789012345678901",
        "00000000000000000000000000000002",
        "2026-11-22",
        "voicebot/web/carrier/voice.py:1234",
        "127.0.0.1:8080",
    ],
)
def test_what_is_no_telephone_number_stays(text: str) -> None:
    assert mask_numbers(None, "info", {"event": text}) == {"event": text}


def test_the_token_of_a_socket_is_masked() -> None:
    line = mask_numbers(None, "info", {"event": "GET /twilio/media/abc/secret-token HTTP/1.1"})
    assert line == {"event": "GET /twilio/media/[token] HTTP/1.1"}


def test_a_line_is_one_json_object_with_the_call_it_belongs_to(lines: _Lines) -> None:
    with structlog.contextvars.bound_contextvars(call="c1"):
        structlog.get_logger("voicebot.test").info("request", caller="+12025550142")
    (line,) = lines.all()
    assert (line["event"], line["call"], line["caller"], line["level"]) == ("request", "c1", "[number]", "info")


def test_lines_of_libraries_are_filled_and_masked_too(lines: _Lines) -> None:
    logging.getLogger("some_package").warning("calling %s", "+12025550142")
    (line,) = lines.all()
    assert (line["event"], line["logger"]) == ("calling [number]", "some_package")


@pytest.mark.parametrize("name", ["twilio.http_client", "urllib3.connectionpool", "werkzeug", "gunicorn.access"])
def test_chatty_libraries_are_heard_from_warnings_on(lines: _Lines, name: str) -> None:
    logging.getLogger(name).info("GET /twilio/media/c1/token")
    assert lines.all() == []


def test_an_exception_is_named_by_kind_and_place_and_its_message_is_left_out(lines: _Lines) -> None:
    try:
        raise ValueError("my kettle exploded")
    except ValueError:
        logging.getLogger("some_package").exception("it failed")
        structlog.get_logger("voicebot.test").error("ours failed", exc_info=True)
    first, second = lines.all()
    assert (first["fault"], second["fault"]) == ("ValueError", "ValueError")
    assert str(first["place"]).startswith(f"{__name__}:")
    assert "kettle" not in str((first, second))


def test_on_a_terminal_lines_are_plain(lines: _Lines) -> None:
    configure_log(level="INFO", is_json=False, stream=lines)
    structlog.get_logger("voicebot.test").info("request", caller="+12025550142")
    assert "caller=[number]" in lines.getvalue()


LONG = "x" * 8_000


def test_no_text_of_a_line_is_long_whoever_wrote_it(lines: _Lines) -> None:
    structlog.get_logger("voicebot.test").warning(LONG, words=LONG, more={LONG: [LONG] * 500}, many=(LONG,) * 500)
    logging.getLogger("some_package").warning("it was %s", LONG)
    logging.getLogger("some_package").error("it is %r", [LONG] * 10)
    for line in lines.getvalue().splitlines():
        assert len(line) < 2 * MOST_PARTS * (MOST_CHARACTERS + 100)
    first, second, third = lines.all()
    for text in (first["event"], first["words"], second["event"], third["event"]):
        assert len(str(text)) < MOST_CHARACTERS + 20
    assert str(first["words"]).endswith(f"… ({8_000 - MOST_CHARACTERS} more)")


def test_a_number_at_the_edge_of_a_cut_is_masked_all_the_same(lines: _Lines) -> None:
    for before in range(MOST_CHARACTERS - 14, MOST_CHARACTERS + 1):
        structlog.get_logger("voicebot.test").warning("-" * (before - 1) + " +12025550142")
    assert not any("+1" in str(line["event"]) or "2025" in str(line["event"]) for line in lines.all())


def test_a_thousand_warnings_of_a_library_are_one_line_with_their_number(lines: _Lines) -> None:
    now, written = 0.0, []
    seldom = SeldomWarnings(clock=lambda: now)

    def warn(text: str, line: int = 1, level: int = logging.WARNING, name: str = "gunicorn.error") -> None:
        record = logging.LogRecord(name, level, "base.py", line, text, None, None)
        if seldom.filter(record):
            written.append((record.getMessage(), record.__dict__.get("times", 1)))

    for number in range(1000):
        warn(f"Invalid request from ip=192.0.2.1: {number}")
    warn("from another place", line=2)
    now = 1.0
    warn("later")
    assert written == [("Invalid request from ip=192.0.2.1: 0", 1), ("from another place", 1), ("later", 1000)]
    for _ in range(3):
        warn("Booting worker", level=logging.INFO)
        warn("one of ours tells of one case", name="voicebot.service.outbox.sms")
    assert len(written) == 9


def test_the_number_stands_in_the_line(lines: _Lines) -> None:
    (handler,) = (each for each in logging.getLogger().handlers if getattr(each, "stream", None) is lines)
    record = logging.getLogger("some_package").makeRecord("some_package", logging.WARNING, "a.py", 1, "it", (), None)
    record.times = 7
    handler.handle(record)
    assert lines.all()[0]["times"] == 7


def test_a_module_that_has_logged_heeds_what_the_log_is_set_up_to_later(lines: _Lines) -> None:
    logger = structlog.get_logger("voicebot.test")
    logger.info("before")
    configure_log(level="INFO", is_json=True, stream=lines)
    with capture_logs() as told:
        logger.info("after")
    assert [line["event"] for line in told] == ["after"]
    assert [line["event"] for line in lines.all()] == ["before"]
