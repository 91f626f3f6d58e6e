"""The list of modules that their own tests do not hold stays true without measuring: see own_coverage.py for that."""

import ast

import pytest
from coverage import CoverageData

from tests.house import tree
from tests.house.own_coverage import Measured, faults_of, own_arcs
from tests.house.own_tests import EXCUSED, Excuse, is_meant, measured_modules, mirror_of, name_of, own_tests_of


def test_each_entry_means_one_module() -> None:
    meant = {key: [name_of(module) for module in measured_modules() if is_meant(key, module)] for key in EXCUSED}
    odd = {key: names for key, names in meant.items() if len(names) != 1}
    assert odd == {}, "rename these in own_tests.py, or name the room before them"


def test_each_entry_has_a_reason_and_a_share_below_all() -> None:
    weak = [key for key, excuse in EXCUSED.items() if len(excuse.reason.split()) <= 3 or not 0 < excuse.percent < 100]
    assert weak == []


def test_most_modules_are_held_by_their_own_tests() -> None:
    assert len(measured_modules()) > 100
    assert len(EXCUSED) < len(measured_modules()) / 2


def test_the_tests_to_be_measured_are_there() -> None:
    assert [tree.place(mirror_of(module)) for module in measured_modules() if not mirror_of(module).is_file()] == []


def test_the_test_file_of_a_package_counts_for_its_modules() -> None:
    by_name = {name_of(module): own_tests_of(module) for module in measured_modules()}
    assert [tree.place(test) for test in by_name["service/listening/question"]] == [
        "tests/service/listening/test_question.py",
        "tests/service/test_listening.py",
    ]
    assert len(by_name["service/call/turn"]) == 1


def test_a_module_keeps_its_entry_when_it_moves_to_another_room() -> None:
    service = tree.PROJECT_DIR / "voicebot" / "service"
    for place in ("turn.py", "call/turn.py", "call/inner/turn.py"):
        assert is_meant("service/turn", service / place)
    for place in ("return.py", "turn/lines.py"):
        assert not is_meant("service/turn", service / place)
    assert not is_meant("domain/turn", service / "turn.py")


@pytest.mark.parametrize(
    ("missing", "percent", "excuse", "fault"),
    [
        ((), 100, None, None),
        (("7->exit",), 99, None, "leave out 7->exit"),
        (("7->exit",), 99, Excuse(99, "nobody can take it"), None),
        (("7->exit", "8"), 97, Excuse(99, "nobody can take it"), "97 % and no longer 99 %"),
        ((), 100, Excuse(99, "nobody can take it"), "take it out"),
    ],
)
def test_a_figure_is_held_to_the_list(
    missing: tuple[str, ...], percent: int, excuse: Excuse | None, fault: str | None
) -> None:
    excused = {} if excuse is None else {"domain/promise": excuse}
    module = tree.PROJECT_DIR / "voicebot" / "domain" / "promise.py"
    faults = list(faults_of(Measured(module=module, percent=percent, missing=missing), excused))
    assert [fault is not None and fault in told for told in faults] == ([] if fault is None else [True])


def test_what_another_module_s_tests_walk_does_not_count_but_what_importing_runs_does() -> None:
    module = next(each for each in measured_modules() if name_of(each) == "domain/back_off")
    body = next(node for node in tree.parsed(module).body if isinstance(node, ast.FunctionDef))
    first, last = body.lineno, body.body[-1].lineno
    walked = CoverageData(no_disk=True)
    for context, arcs in (
        ("", {(last, first)}),
        ("tests/service/test_jobs.py", {(-1, 1), (1, first), (-first, last)}),
        ("tests/domain/test_back_off.py", {(last, -first)}),
        ("tests/domain/test_back_off_more.py", {(last, last)}),
    ):
        walked.set_context(context)
        walked.add_arcs({str(module): arcs})
    assert own_arcs(walked, module) == {(-1, 1), (1, first), (last, first), (last, -first)}
