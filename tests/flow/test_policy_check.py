"""One broken sample per kind of fault in a policy: each names file, line and cure."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from tests import quick_yaml
from voicebot.domain.canary import CanaryRules
from voicebot.domain.notice import DEFAULT_RULES, NoticeEvent
from voicebot.domain.retention import RetentionRules
from voicebot.domain.rota import RotaRules
from voicebot.errors import FlowFault
from voicebot.flow.policy import policy_from_body, read_policy
from voicebot.flow.policy_check import POLICY_FILES, PolicyParts, check_parts

FOLDER = Path(__file__).parents[2] / "flows" / "policy"

CALENDAR = "calendar.yaml"
LEVELS = "service_levels.yaml"
LADDER = "escalation.yaml"
RETENTION = "retention.yaml"
ROTA = "rota.yaml"
NOTICES = "notices.yaml"
WATCH = "watch.yaml"
CATEGORIES = "categories.yaml"
WEEK = "[9:00-13:00, 14:00-18:00]"


def texts_with(file: str, old: str, new: str) -> dict[str, str]:
    """Break the shipped policy everywhere one text stands in a file."""
    texts = {name: (FOLDER / name).read_text(encoding="utf-8") for name in POLICY_FILES}
    assert old in texts[file], f"{old!r} is not in {file} any more"
    return {**texts, file: texts[file].replace(old, new)}


@pytest.mark.parametrize(
    ("file", "old", "new", "stands_at", "found", "cure"),
    [
        # The shape of one file.
        (CALENDAR, "spec: 1", "spec: 2", "spec: 2", "'spec' does not fit", "flows/policy has an example"),
        (CALENDAR, "zone: America/New_York", "", "# yaml", "the key 'zone' is missing", "add it"),
        (
            CALENDAR,
            "New_York",
            "New_Yorck",
            "zone: America",
            "'America/New_Yorck' is no time zone",
            "write an IANA name",
        ),
        (CALENDAR, "  monday:", "  mnday:", "  mnday:", "the key 'mnday' is not known here", "correct its spelling"),
        (CALENDAR, "sunday: closed", "sunday: shut", "sunday: shut", "hours are not understood", "write `closed`"),
        (CALENDAR, "sunday: closed", "sunday: [", None, "not YAML that we read", "correct this line"),
        (CALENDAR, "sunday: closed", "monday: closed", "monday: closed", "a second time", "correct this line"),
        (
            CALENDAR,
            "special_days: []",
            "special_days: [{on: soon, hours: closed}]",
            "special_days: [",
            "'on' does not fit",
            "correct it",
        ),
        (LEVELS, "2 hours\n", "2\n", "width: 2", "'2' is not a duration", "like 30 minutes"),
        (
            LEVELS,
            "longest_call: 30 minutes",
            "longest_call: 2 minutes",
            "longest_call",
            "honest calls",
            "10 minutes or more",
        ),
        (LEVELS, "in_all: 1000", "in_all: 0", "in_all: 0", "does not fit", "correct"),
        (LEVELS, "kept_a_day: 200", "kept_a_day: 59", "kept_a_day: 59", "would not be kept", "keep at least as many"),
        (LEVELS, "a_day: 40", "a_day: 5", "per_number: {at_once", "rings 5 times in a row", "amounts that fit"),
        (
            LEVELS,
            "a_day: 200",
            "a_day: 6000",
            "per_prefix: {at_once",
            "over the budget in all",
            "fit together",
        ),
        (
            LEVELS,
            "named_numbers: []",
            'named_numbers: [{number: "+12025550123"}, {number: "+12025550123"}]',
            "named_numbers: [",
            "stands here a second time",
            "keep one of them",
        ),
        (LEVELS, "fill: 80 %", "fill: 0.8", "fill: 0.8", "'0.8' is not a share", "80 %"),
        (
            LEVELS,
            "callbacks_per_window: 10",
            "callbacks_per_window: 0",
            "callbacks_per_window",
            "does not fit",
            "correct",
        ),
        (LADDER, "do: apologise", "do: grovel", "do: grovel", "'do' does not fit", "correct it"),
        (LADDER, "at: 50 %", "at: half", "at: half", "'half' is not a share", "write for example 80 %"),
        (
            LADDER,
            'your case handler, phone: ""',
            'you, phone: "555"',
            "- {id: owner_1",
            "this is no telephone number",
            "with country code",
        ),
        # How the parts of a file meet.
        (CALENDAR, WEEK, "closed", "week:", "no weekday has hours", "give at least one weekday hours"),
        (CALENDAR, "country: US", "country: XX", "holidays:", "no public holidays are known for 'XX'", "ISO code"),
        (CALENDAR, "# subdivision: CA", "subdivision: ZZ", "holidays:", "are known for 'US ZZ'", "ISO code"),
        (
            CALENDAR,
            "special_days: []",
            "special_days:\n  - {on: 2026-12-24, hours: closed}\n  - {on: 2026-12-24, hours: all day}",
            "  - {on: 2026-12-24, hours: all day}",
            "2026-12-24 stands here a second time",
            "keep one of them",
        ),
        (LEVELS, "grain: 1 hour", "grain: 7 hours", "grain: 7 hours", "does not divide the day", "like 1 hour"),
        (LEVELS, "repeat: 4 w", "repeat: 9 w", "repeat:", "would wait longer than by 'standard'", "or shorter"),
        (LEVELS, "after_miss: 2 w", "after_miss: 1 w", "after_miss:", "ends before its first window", "as long as"),
        (LADDER, "name: heads", "name: missed", "- name: missed\n      after: 2", "a second step", "another name"),
        (
            LADDER,
            "name: three_quarters_gone",
            "name: half_gone",
            "- name: half_gone\n      at: 75",
            "a second warning is called 'half_gone'",
            "give it another name",
        ),
        (LADDER, "id: supervisor_2", "id: owner_1", "- {id: owner_1, name: Second", "a second time", "of their own"),
        (
            LADDER,
            "[second_supervisor]",
            "[boss]",
            "tell: [boss]",
            "nobody in `staff` has the role 'boss'",
            "add somebody",
        ),
        (
            LADDER,
            "name: decision_heads",
            "name: decision_late",
            None,
            "a second step is called 'decision_late'",
            "another",
        ),
        (LADDER, "tell: [owner, supervisor]", "tell: [ghost]", "tell: [ghost]", "the role 'ghost'", "another role"),
        (
            LEVELS,
            "standard: 10 working",
            "usual: 10 working",
            "  targets:\n    # Warranty",
            "no target is called",
            "add it",
        ),
        (LEVELS, "safety: 1 working day", "after_late: 1 working day", "    after_late: 1", "term after", "beside"),
        (LEVELS, "hard_stop: 30", "hard_stop: 13", "  hard_stop: 13", "comes before the ceiling", "as long"),
        (
            LEVELS,
            "ceiling: 14 calendar days",
            "ceiling: 14 days",
            "  ceiling: 14 days",
            "is not understood",
            "14 calendar",
        ),
        (LADDER, "tell: [owner]", "tell: [ghost]", "tell: [ghost]", "has the role 'ghost'", "name another role"),
        (LADDER, "role: handler", "role: helper", "staff:", "has the role 'handler'", "add somebody"),
        (
            LADDER,
            "after_second_miss: executive",
            "after_second_miss: owner",
            "responsible_after_second_miss:",
            "nobody in `staff` has the role 'owner'",
            "name another role",
        ),
        # How the files meet.
        (LEVELS, "width: 2 hours", "width: 5 hours", "width: 5 hours", "no span of calendar.yaml holds", "narrower"),
        (CALENDAR, WEEK, "[9:30-11:30]", None, "no span of calendar.yaml holds", "take a narrower width"),
        (
            LADDER,
            "apology_target: after_miss",
            "apology_target: soon",
            "apology_target:",
            "'soon' is no target",
            "add it",
        ),
    ],
)
def test_a_fault_names_file_line_and_cure(
    file: str, old: str, new: str, stands_at: str | None, found: str, cure: str
) -> None:
    texts = texts_with(file, old, new)
    with pytest.raises(FlowFault) as fault:
        read_policy(texts)
    line = next(one for one in str(fault.value).splitlines() if found in one)
    assert cure in line
    if stands_at is not None:
        number = texts[file][: texts[file].index(stands_at)].count("\n") + 1
        assert line.startswith(f"{file}:{number}: ")


def test_a_missing_file_is_a_fault() -> None:
    with pytest.raises(FlowFault) as fault:
        read_policy({})
    assert str(fault.value).splitlines() == [
        f"{name}:1: the file is missing; copy it from flows/policy and adapt it" for name in sorted(POLICY_FILES)
    ]


def test_an_empty_file_is_a_fault_of_its_first_line() -> None:
    with pytest.raises(FlowFault, match=r"calendar\.yaml:1: 'the file' does not fit"):
        read_policy(texts_with(CALENDAR, (FOLDER / CALENDAR).read_text(encoding="utf-8"), ""))


def test_a_fault_never_repeats_a_telephone_number() -> None:
    texts = texts_with(LADDER, 'phone: ""', 'phone: "2025550199"')
    with pytest.raises(FlowFault) as fault:
        read_policy(texts)
    assert "2025550199" not in str(fault.value)


@pytest.mark.parametrize(("file", "part"), [(CALENDAR, "holidays"), (LEVELS, "decisions"), (LADDER, "late_decision")])
def test_a_policy_without_a_part_that_an_earlier_release_did_not_know_is_whole(file: str, part: str) -> None:
    texts = texts_with(file, f"\n{part}:", f"\n{part}:")
    told = quick_yaml.load(texts[file]) | {"spec": "1"}
    told.pop(part)
    assert list(check_parts(PolicyParts({**texts, file: quick_yaml.dump(told)}))) == []


def test_what_cannot_be_read_is_not_compared_with_the_rest() -> None:
    parts = PolicyParts(texts_with(LEVELS, "spec: 1", "spec: 2"))
    assert [issue.file for issue in check_parts(parts)] == [LEVELS]


@pytest.mark.parametrize(
    ("old", "new", "line_of", "found"),
    [
        ("keep_audio_days: 180", "keep_audio_days: 0", "keep_audio_days", "'keep_audio_days' does not fit"),
        ("keep_audio_days: 180", "keep_audio_days: half a year", "keep_audio_days", "'keep_audio_days' does not fit"),
        ("keep_audio_days: 180", "", "# yaml", "the key 'keep_audio_days' is missing"),
        ("keep_traces_days: 90", "keep_traces_days: 2000", "keep_traces_days", "would outlive them"),
        ("keep_texts_days", "keep_text_days", "# yaml", "the key 'keep_texts_days' is missing"),
    ],
)
def test_each_fault_of_the_retention_file_names_its_line(old: str, new: str, line_of: str, found: str) -> None:
    text = (FOLDER / RETENTION).read_text(encoding="utf-8").replace(old, new)
    texts = {name: (FOLDER / name).read_text(encoding="utf-8") for name in POLICY_FILES} | {RETENTION: text}
    line = next(number for number, said in enumerate(text.splitlines(), start=1) if said.startswith(line_of))
    with pytest.raises(FlowFault, match=rf"{RETENTION}:{line}: .*{found}"):
        read_policy(texts)


def test_policy_without_a_retention_file_keeps_by_the_defaults_that_we_ship() -> None:
    texts = {name: (FOLDER / name).read_text(encoding="utf-8") for name in POLICY_FILES}
    shipped = {RETENTION: (FOLDER / RETENTION).read_text(encoding="utf-8")}
    assert read_policy(texts).retention == RetentionRules() == read_policy(texts | shipped).retention
    assert policy_from_body(read_policy(texts).body()).digest == read_policy(texts).digest
    assert read_policy(texts | shipped).digest != read_policy(texts).digest


@pytest.mark.parametrize(
    ("old", "new", "line_of", "found"),
    [
        ("calls_an_hour: 4", "calls_an_hour: 0", "calls_an_hour", "'calls_an_hour' does not fit"),
        ("load_cap: 40", "load_cap: many", "load_cap", "'load_cap' does not fit"),
        ("most_hand_offs: 3", "", "# yaml", "the key 'most_hand_offs' is missing"),
    ],
)
def test_each_fault_of_the_rota_file_names_its_line(old: str, new: str, line_of: str, found: str) -> None:
    text = (FOLDER / ROTA).read_text(encoding="utf-8").replace(old, new)
    texts = {name: (FOLDER / name).read_text(encoding="utf-8") for name in POLICY_FILES} | {ROTA: text}
    line = next(number for number, said in enumerate(text.splitlines(), start=1) if said.startswith(line_of))
    with pytest.raises(FlowFault, match=rf"{ROTA}:{line}: .*{found}"):
        read_policy(texts)


def test_policy_without_a_rota_file_takes_the_amounts_that_we_ship() -> None:
    texts = {name: (FOLDER / name).read_text(encoding="utf-8") for name in POLICY_FILES}
    shipped = {ROTA: (FOLDER / ROTA).read_text(encoding="utf-8").replace("load_cap: 40", "load_cap: 7")}
    assert read_policy(texts).rota == RotaRules()
    assert read_policy(texts | shipped).rota == RotaRules(load_cap=7)


ONE_PERSON = 'spoken_role: your case handler, phone: ""'


@pytest.mark.parametrize(
    ("added", "found", "cure"),
    [
        ("email: anna", "this is no e-mail address", "write one like anna@example.com"),
        ('email: "Anna <a@b.example>"', "this is no e-mail address", "write one like"),
        ("chat: slack://TokenA/TokenB", "the address of a chat is a secret", "into VOICEBOT_CHAT_URLS"),
        ('chat: "our room"', "this is no name for a chat", "write one like supervisors"),
        ("tell_by: [pager]", "does not fit", "flows/policy has an example"),
    ],
)
def test_an_address_of_staff_that_cannot_be_used_names_line_and_cure_and_never_itself(
    added: str, found: str, cure: str
) -> None:
    texts = texts_with(LADDER, ONE_PERSON, f"{ONE_PERSON}, {added}")
    (issue,) = check_parts(PolicyParts(texts))
    line = next(at for at, line in enumerate(texts[LADDER].splitlines(), 1) if added in line)
    assert (issue.file, issue.line) == (LADDER, line)
    assert found in issue.found
    assert cure in issue.cure
    assert "anna" not in issue.found.lower()
    assert "TokenA" not in str(issue)


def with_optional(file: str, old: str, new: str) -> dict[str, str]:
    """Return the shipped policy with one of its optional files, in which a text is replaced once."""
    texts = {name: (FOLDER / name).read_text(encoding="utf-8") for name in (*POLICY_FILES, file)}
    assert old in texts[file]
    return {**texts, file: texts[file].replace(old, new, 1)}


@pytest.mark.parametrize(
    ("old", "new", "stands_at", "found", "cure"),
    [
        ("new_case:", "new_caze:", "new_caze:", "the key 'new_caze' is not known here", "correct its spelling"),
        ("[supervisor]", "[boss]", "tell: [boss]", "nobody in `staff` has the role 'boss'", "add somebody"),
        ("[supervisor]", "[former_owner]", "tell: [former_owner]", "has the role 'former_owner'", "add somebody"),
        ("  when: at once", "  when: soon", "when: soon", "'when' does not fit", "flows/policy has an example"),
        ("  when: at once", "  when: at once\n  bundle: 3 minutes", "bundle: 3", "waits for nothing", "leave `bundle`"),
        ("bundle: 10 minutes", "bundle: 10", "bundle: 10", "'10' is not a duration", "like 30 minutes"),
    ],
)
def test_a_broken_rule_of_notices_names_line_and_cure(
    old: str, new: str, stands_at: str, found: str, cure: str
) -> None:
    texts = with_optional(NOTICES, old, new)
    (issue,) = check_parts(PolicyParts(texts))
    line = next(at for at, line in enumerate(texts[NOTICES].splitlines(), 1) if stands_at in line)
    assert (issue.file, issue.line) == (NOTICES, line)
    assert found in issue.found
    assert cure in issue.cure


def test_an_event_left_out_is_told_to_nobody_but_a_hidden_case_and_danger_and_no_file_leaves_the_defaults() -> None:
    texts = with_optional(NOTICES, "spec: 1", "spec: 1")
    assert read_policy(texts).notices == read_policy({name: texts[name] for name in POLICY_FILES}).notices
    always = (NoticeEvent.ABOUT_SAID, NoticeEvent.DANGER_HEARD)
    at_once = DEFAULT_RULES[NoticeEvent.ABOUT_SAID]
    assert read_policy({**texts, NOTICES: "spec: 1"}).notices == dict.fromkeys(always, at_once)


@pytest.mark.requirement("D-07")
@pytest.mark.parametrize(
    ("old", "new", "stands_at", "found", "cure"),
    [
        ("at: 8:30", "at: 8.30", "at: 8.30", "'8.30' is no time of day", "write for example 8:30"),
        ("at: 8:30", "at: 25:00", "at: 25:00", "'25:00' is no time of day", "write for example 8:30"),
        ("at: 8:30", "at: never", "at: never", "'never' is no time of day", "write for example 8:30"),
        ("  at: 8:30", "  is_on: false", "is_on: false", "the key 'is_on' is not known here", "remove it"),
        ("  # tell: [executive]", "  tell: [boss]", "tell: [boss]", "has the role 'boss'", "add somebody"),
        ("  # tell: [executive]", "  tell: []", "tell: []", "'tell' does not fit", "flows/policy has an example"),
        ("3 minutes", "3", "worker_silent: 3", "'3' is not a duration", "like 30 minutes"),
        ("day: 10", "day: 31", "day: 31", "'day' does not fit", "flows/policy has an example"),
        ("2 working hours", "2 hours", "answered_within", "'2 hours' is clock time", "8 working hours"),
    ],
)
def test_a_broken_rule_of_the_watch_names_line_and_cure_and_none_leaves_the_list_out(
    old: str, new: str, stands_at: str, found: str, cure: str
) -> None:
    texts = with_optional(WATCH, old, new)
    (issue,) = check_parts(PolicyParts(texts))
    line = next(at for at, line in enumerate(texts[WATCH].splitlines(), 1) if stands_at in line)
    assert (issue.file, issue.line) == (WATCH, line)
    assert found in issue.found
    assert cure in issue.cure


def test_the_watch_has_the_same_rules_without_its_file() -> None:
    texts = with_optional(WATCH, "spec: 1", "spec: 1")
    assert read_policy(texts).watch == read_policy({name: texts[name] for name in POLICY_FILES}).watch
    told = read_policy(with_optional(WATCH, "  # tell: [executive]", "  tell: [executive]")).watch.morning.tell
    assert told == ("executive",)


@pytest.mark.requirement("D-10")
def test_the_hour_of_the_test_call_is_policy_and_a_policy_may_do_without_one() -> None:
    texts = with_optional(WATCH, "spec: 1", "spec: 1")
    assert read_policy(texts).watch.canary == CanaryRules()
    without = texts[WATCH][: texts[WATCH].index("test_call:\n")]
    assert read_policy({**texts, WATCH: without + "test_call: never\n"}).watch.canary is None
    earlier = read_policy({**texts, WATCH: without + "test_call: {at: 7:15, within: 5 minutes}\n"}).watch.canary
    assert earlier == CanaryRules(at=time(7, 15), within=timedelta(minutes=5))


def test_categories_are_held_against_the_targets_and_roles_of_the_other_files() -> None:
    target = "decision_target: standard"
    assert not list(check_parts(PolicyParts(with_optional(CATEGORIES, target, target))))
    texts = with_optional(CATEGORIES, target, "decision_target: someday")
    (issue,) = check_parts(PolicyParts(texts))
    at = next(at for at, line in enumerate(texts[CATEGORIES].splitlines(), 1) if "someday" in line)
    assert (issue.file, issue.line, "someday" in issue.found) == (CATEGORIES, at, True)
