"""A line of the log about a failure helps whoever looks into it, and names nobody."""

import structlog
from structlog.testing import capture_logs

from voicebot.errors import CarrierFault, Unavailable
from voicebot.service.failure_log import log_failure

log = structlog.get_logger(__name__)


def test_a_strange_error_is_told_by_its_kind_alone() -> None:
    with capture_logs() as lines:
        log_failure(log.warning, "kettle_failed", ValueError("+12025550143 said: my parcel"), kettle="blue")
    (line,) = lines
    assert line == {
        "event": "kettle_failed",
        "log_level": "warning",
        "kind": "ValueError",
        "code": "",
        "problem": "",
        "kettle": "blue",
    }


def test_an_error_of_ours_is_told_with_its_code_and_words() -> None:
    with capture_logs() as lines:
        log_failure(log.error, "kettle_failed", CarrierFault("reading a webhook: no call"))
        log_failure(log.info, "kettle_failed", Unavailable("the disk is full", code="disk-full"))
    assert [(line["log_level"], line["kind"], line["code"], line["problem"]) for line in lines] == [
        ("error", "CarrierFault", "carrier", "reading a webhook: no call"),
        ("info", "Unavailable", "disk-full", "the disk is full"),
    ]
