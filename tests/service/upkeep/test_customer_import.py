"""The company's customers are brought in: seen first, written once, the same again without a change."""

from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from tests.adjustments import keep
from tests.customers import a_customer
from tests.service.lines import CALLER, OTHER, Line
from tests.service.upkeep.test_retention import answered
from voicebot.domain.adjustment import AdjustmentKind
from voicebot.domain.customer import Customer
from voicebot.service.queries.search import find_cases
from voicebot.service.upkeep import customer_import
from voicebot.service.upkeep.customer_import import ImportReport, import_customers
from voicebot.service.upkeep.retention import erase_case, erase_due

HEAD = "order number,name,telephone\n"
FILE = f"{HEAD}AB-17,Mary Ruiz,{CALLER}\nCD-9,Olga Lamm,{OTHER}\n"


def bring_in(line: Line, text: str, *, is_dry: bool = False, skips_faulty: bool = False) -> ImportReport:
    lines = text.splitlines(keepends=True)
    return import_customers(
        line.hotline, lines, is_dry=is_dry, skips_faulty=skips_faulty, progress=lambda _what, _done: None
    )


def counts(report: ImportReport) -> tuple[int, int, int, int, bool]:
    return report.new, report.changed, report.same, report.fault_count, report.is_written


def known(line: Line, *numbers: str) -> dict[str, Customer]:
    with line.work() as work:
        return {each.customer.name: each.customer for each in work.customers.of_numbers(numbers or [CALLER, OTHER])}


@pytest.mark.requirement("S0-15")
def test_it_is_seen_first_then_written_and_a_second_time_nothing_changes(line_on_both: Line) -> None:
    line = line_on_both
    line.told_call()
    assert counts(bring_in(line, FILE, is_dry=True)) == (2, 0, 0, 0, False)
    assert known(line) == {}
    with capture_logs() as logs:
        assert counts(bring_in(line, FILE)) == (2, 0, 0, 0, True)
    assert CALLER not in str(logs)
    assert "Ruiz" not in str(logs)
    assert set(known(line)) == {"Mary Ruiz", "Olga Lamm"}
    assert len(find_cases(line.hotline, "mary ruiz").cases) == 1
    assert counts(bring_in(line, FILE)) == (0, 0, 2, 0, True)
    line.step(minutes=5)
    report = bring_in(line, FILE.replace("Mary", "Maria"))
    assert counts(report) == (0, 1, 1, 0, True)
    assert report.examples == ["line 2, AB-17: name Mary Ruiz -> Maria Ruiz"]
    assert set(known(line)) == {"Maria Ruiz", "Olga Lamm"}


def test_a_faulty_line_keeps_all_out_unless_it_is_left_out(line: Line) -> None:
    text = f"{FILE}EF-1,Eva Brand,soon\n"
    report = bring_in(line, text)
    assert counts(report) == (2, 0, 0, 1, False)
    assert report.faults[0].said.startswith('line 4, column "telephone": found "soon"')
    assert known(line) == {}
    assert counts(bring_in(line, text, skips_faulty=True)) == (2, 0, 0, 1, True)
    assert set(known(line)) == {"Mary Ruiz", "Olga Lamm"}


def test_many_customers_are_written_in_stretches_and_only_the_first_changes_are_told(line: Line) -> None:
    assert customer_import.AT_ONCE < 250
    text = HEAD + "".join(f"A-{at},Maria {at},+120255{at:05}\n" for at in range(40_000, 40_250))
    done: list[tuple[str, int]] = []
    report = import_customers(
        line.hotline,
        text.splitlines(keepends=True),
        is_dry=False,
        skips_faulty=False,
        progress=lambda what, count: done.append((what, count)),
    )
    assert counts(report) == (250, 0, 0, 0, True)
    assert done[249:] == [("read", 251), ("written", customer_import.AT_ONCE), ("written", 250)]
    report = bring_in(line, text.replace("Maria", "Olga"))
    assert (report.changed, len(report.examples)) == (250, customer_import.MOST_EXAMPLES)


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("is_small", [False, True])
def test_an_import_that_is_killed_leaves_nothing_half_done_and_is_simply_run_again(line: Line, is_small: bool) -> None:
    """A customer is there with every number, or not at all, and a small file whole or not at all."""
    numbers = [f"+120255{at:05}" for at in range(40_000, 40_500)]
    rows = zip(numbers[::2], numbers[1::2], strict=True)
    text = "name,telephone,telephone 2\n" + "".join(f"Maria,{one},{two}\n" for one, two in rows)

    def die(what: str, _done: int) -> None:
        if what == "written":
            raise Killed

    def bring(progress: customer_import.Progress = lambda _what, _done: None) -> ImportReport:
        lines = text.splitlines(keepends=True)
        return import_customers(
            line.hotline, lines, is_dry=False, skips_faulty=False, is_small=is_small, progress=progress
        )

    with pytest.raises(Killed):
        bring(die)
    with line.work() as work:
        kept = work.customers.of_numbers(numbers)
    written = 250 if is_small else customer_import.AT_ONCE
    assert [len(each.customer.numbers) for each in kept] == [2] * written
    assert counts(bring()) == (250 - written, 0, written, 0, True)


def test_whom_no_file_names_stays_for_its_time(line: Line) -> None:
    bring_in(line, FILE)
    line.step(days=200)
    bring_in(line, FILE.replace(f"CD-9,Olga Lamm,{OTHER}\n", ""))
    with line.work() as work:
        assert work.customers.count_before(line.clock.now() - timedelta(days=1)) == 1
    assert set(known(line)) == {"Mary Ruiz", "Olga Lamm"}


def test_customers_go_with_a_case_that_is_erased_or_when_no_import_has_named_them_for_long(line: Line) -> None:
    answer = answered(line)
    numbers = [f"+1202555{at:04}" for at in range(300, 303)]
    mine, others = a_customer(numbers=(CALLER,)), [a_customer(id=each, numbers=(each,)) for each in numbers]
    with line.work() as work:
        work.customers.keep([mine, *others], line.clock.now())
        work.commit()
    keep(line, AdjustmentKind.SLOW)
    erase_case(line.hotline, line.ticket(answer).case_number, reason="she asked us to", actor="owner_1")
    with line.work() as work:
        assert [each.customer for each in work.customers.of_numbers([CALLER, *numbers])] == others
        assert list(work.adjustments.of_numbers([CALLER])) == []
        work.customers.seen(numbers[:1], line.clock.now() + timedelta(days=1))
        work.commit()
    line.step(days=365, minutes=1)
    assert (erase_due(line.hotline, is_dry=True).customers, erase_due(line.hotline).customers) == (2, 2)
    with line.work() as work:
        assert [each.customer for each in work.customers.of_numbers(numbers)] == others[:1]


def test_a_small_file_is_written_in_one_transaction_and_shows_its_first_customers(line: Line) -> None:
    rows = "".join(f"A-{at},Customer {at},+1202555{at:04}\n" for at in range(customer_import.AT_ONCE + 1))
    begun = []

    def counted(**details: str) -> object:
        begun.append(1)
        return line.hotline.unit_of_work(**details)

    hotline = replace(line.hotline, unit_of_work=counted)
    lines = (HEAD + rows).splitlines(keepends=True)
    report = import_customers(hotline, lines, is_dry=False, skips_faulty=False, is_small=True)
    assert (report.new, len(begun)) == (customer_import.AT_ONCE + 1, 1)
    assert [each.name for each in report.first] == [f"Customer {at}" for at in range(customer_import.MOST_SHOWN)]
    nothing = import_customers(hotline, [HEAD], is_dry=False, skips_faulty=False, is_small=True)
    assert (counts(nothing), list(nothing.first)) == ((0, 0, 0, 0, True), [])
