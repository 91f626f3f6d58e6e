"""`announcements.yaml`: what is written becomes notices by the company's clock, what does not fit is named."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from voicebot.errors import FlowFault
from voicebot.flow.policy import Policy, read_policy
from voicebot.flow.policy_announcements import ANNOUNCEMENTS_FILE
from voicebot.flow.policy_check import POLICY_FILES

FOLDER = Path(__file__).parents[2] / "flows" / "policy"
FILE = """\
spec: 1
announcements:
  - from: 2026-12-24 12:00
    until: 2026-12-28 09:00
    says: {en: "Our branches are closed."}
"""


def _policy(text: str | None) -> Policy:
    texts = {name: (FOLDER / name).read_text(encoding="utf-8") for name in POLICY_FILES}
    zoned = texts["calendar.yaml"].replace("zone: UTC", "zone: Asia/Jerusalem")
    return read_policy({**texts, "calendar.yaml": zoned, **({} if text is None else {ANNOUNCEMENTS_FILE: text})})


def test_a_notice_holds_by_the_clock_of_the_company() -> None:
    policy = _policy(FILE)
    (notice,) = policy.announcements
    assert notice.words == {"en": "Our branches are closed."}
    assert notice.begins_at == datetime(2026, 12, 24, 12, tzinfo=notice.begins_at.tzinfo)
    assert str(notice.begins_at.tzinfo) == policy.calendar.zone
    assert notice.ends_at > notice.begins_at.astimezone(UTC)


def test_without_the_file_there_is_no_notice() -> None:
    assert _policy(None).announcements == ()
    assert _policy("spec: 1\n").announcements == ()


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("2026-12-24 12:00", "tomorrow", "'tomorrow' is no instant"),
        ("2026-12-28 09:00", "2026-12-24 12:00", "it ends before it begins"),
        ("Our branches are closed.", "", "0 words"),
        ("Our branches are closed.", "so " * 26, "26 words: say it in 25"),
    ],
)
def test_what_cannot_be_said_is_named(old: str, new: str, found: str) -> None:
    with pytest.raises(FlowFault, match=found):
        _policy(FILE.replace(old, new))


def test_the_number_for_callers_in_danger_is_the_policys_or_the_one_that_every_mobile_telephone_knows() -> None:
    assert [_policy(text).emergency_number for text in (None, "spec: 1\n", 'spec: 1\nemergency_number: "999"\n')] == [
        "112",
        "112",
        "999",
    ]
    with pytest.raises(FlowFault, match="emergency_number"):
        _policy('spec: 1\nemergency_number: "the police"\n')
