"""Checks run one by one; a check that fails or hangs is a line of the report and stops no other."""

import threading
from collections.abc import Iterator

from tests.service.doctor.verdicts import BROKEN, FINE, verdicts
from voicebot.errors import SettingFault
from voicebot.service.doctor.examination import examine
from voicebot.service.doctor.finding import Check, Finding, fine


def well() -> Iterator[Finding]:
    yield fine("well")


def test_every_check_is_told_before_it_begins_and_reported_in_order() -> None:
    begun: list[str] = []
    checks = [Check(name="first", look=well), Check(name="second", look=lambda: [fine("a"), fine("b")])]
    reports = list(examine(checks, begin=lambda check: begun.append(check.name)))
    assert begun == ["first", "second"]
    assert [(report.check, report.finding.found) for report in reports] == [
        ("first", "well"),
        ("second", "a"),
        ("second", "b"),
    ]


def test_crashing_check_is_a_finding_without_strangers_words() -> None:
    def crash() -> Iterator[Finding]:
        raise ValueError("+12025550143 is not a number")

    reports = list(examine([Check(name="bad", look=crash), Check(name="good", look=well)]))
    assert verdicts(report.finding for report in reports) == [BROKEN, FINE]
    assert reports[0].finding.found == "the check itself failed with ValueError"


def test_error_of_ours_is_told_with_its_cure() -> None:
    def refuse() -> Iterator[Finding]:
        yield fine("so far so good")
        raise SettingFault("reading the settings: PORT is no number; set it")

    (report,) = examine([Check(name="bad", look=refuse)])
    assert (report.finding.verdict, report.finding.cure) == (BROKEN, "set it")


def test_hanging_check_is_left_behind_when_its_time_is_over() -> None:
    released = threading.Event()

    def hang() -> Iterator[Finding]:
        released.wait()
        yield fine("at last")

    reports = list(examine([Check(name="slow", look=hang, limit_s=0.05), Check(name="good", look=well)]))
    released.set()
    assert verdicts(report.finding for report in reports) == [BROKEN, FINE]
    assert reports[0].finding.found == "no end within 0.05 seconds"
    assert reports[0].took_s < 5


def test_later_checks_may_depend_on_what_earlier_ones_found() -> None:
    seen: list[str] = []

    def checks() -> Iterator[Check]:
        yield Check(name="first", look=lambda: [fine(seen.append("looked") or "x")])  # type: ignore[func-returns-value]
        assert seen == ["looked"]
        yield Check(name="second", look=well)

    assert [report.check for report in examine(checks())] == ["first", "second"]
