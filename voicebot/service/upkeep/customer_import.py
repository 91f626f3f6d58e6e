"""The company's customers are brought in from its books, again and again, and always seen first as what would change.

Nothing is written while a line of the file is faulty, unless whoever imports says that faulty lines are left out. A
small file is written whole or not at all. A large one goes in stretches, each in a transaction of its own, so a killed
import is simply run again, and no caller waits long. Whom a file does not name stays as it was, and goes when no import
has named them for as long as numbers are kept (retention).
Knows: customers out of a file, customers kept. Must not know: files on disk, the terminal.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import structlog

from voicebot.domain.customer import Customer, differences
from voicebot.domain.customer_file import CustomerFile, LineFault
from voicebot.domain.phone import region_of
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.ports import UnitOfWork

log = structlog.get_logger(__name__)

AT_ONCE = 200
"""Customers written in one transaction, where a file goes in stretches."""
MOST_SHOWN = 5
"""Customers that are shown as they would be kept."""
MOST_EXAMPLES = 10
"""Changes that are told in words."""

Progress = Callable[[str, int], None]
"""Is told what is being done and how far it is, in lines or customers."""


@dataclass(kw_only=True, slots=True)
class ImportReport:
    """What an import did, or would do."""

    new: int = 0
    changed: int = 0
    same: int = 0
    examples: list[str] = field(default_factory=list)
    """The first changes, each in one line."""
    first: Sequence[Customer] = ()
    """The first customers of the file."""
    faults: Sequence[LineFault] = ()
    """The first faults."""
    fault_count: int = 0
    is_written: bool = False


def _tell_nobody(_what: str, _done: int) -> None:
    return


def import_customers(
    hotline: Hotline,
    lines: Iterable[str],
    *,
    is_dry: bool,
    skips_faulty: bool,
    is_small: bool = False,
    progress: Progress = _tell_nobody,
) -> ImportReport:
    """Write what a file has of customers, or with `is_dry` only tell what that would change.

    With `is_small` it is written in one transaction.
    Raises: Refused when it is no file of customers, Unavailable.
    """
    file = CustomerFile(lines, home_region=region_of(hotline.rules.own_number))
    for line in file.read():
        progress("read", line)
    report = ImportReport(faults=file.faults, fault_count=file.fault_count)
    report.is_written = not is_dry and (skips_faulty or not file.fault_count)
    customers = file.customers
    report.first = customers[:MOST_SHOWN]
    at_once = max(len(customers), 1) if is_small else AT_ONCE
    for first in range(0, len(customers), at_once):
        some = customers[first : first + at_once]
        if report.is_written:
            _write(hotline, file, some, report)
        else:
            with hotline.look() as work:
                _compare(work, file, some, report)
        progress("written" if report.is_written else "compared", first + len(some))
    if report.is_written:
        log.info("customers_imported", new=report.new, changed=report.changed, same=report.same)
    return report


def _write(hotline: Hotline, file: CustomerFile, some: Sequence[Customer], report: ImportReport) -> None:
    with hotline.unit_of_work() as work:
        now = context_of(hotline, work).now
        other = _compare(work, file, some, report)
        work.customers.keep(other, now)
        kept = {customer.id for customer in other}
        work.customers.seen([customer.id for customer in some if customer.id not in kept], now)
        work.commit()


def _compare(
    work: UnitOfWork, file: CustomerFile, some: Sequence[Customer], report: ImportReport
) -> Sequence[Customer]:
    """Return those that are new or otherwise than they were, and count all of them."""
    known = work.customers.some([customer.id for customer in some])
    other = [customer for customer in some if known.get(customer.id) != customer]
    for customer in other:
        before = known.get(customer.id)
        if before is None:
            report.new += 1
            continue
        report.changed += 1
        if len(report.examples) < MOST_EXAMPLES:
            changes = "; ".join(differences(before, customer))
            report.examples.append(f"line {file.line_of(customer)}, {customer.id.removeprefix('#')}: {changes}")
    report.same += len(some) - len(other)
    return other
