"""Lists of cases and calls are taken along stretch by stretch, and that is kept first."""

import csv
from dataclasses import replace

from tests.builders import a_call, a_ticket
from tests.service.lines import Line
from voicebot.service.ports import CallQuery, CaseQuery, Stretch
from voicebot.service.queries.sheets import SheetAsk, call_sheet, case_sheet, exports

ASK = SheetAsk(by="anna", asked="open", has_bom=False)
TWO = Stretch(limit=2)


def opened(line: Line, count: int) -> None:
    """Open cases, each with its call, one a minute."""
    for number in range(count):
        began_at = line.clock.now()
        with line.hotline.unit_of_work() as work:
            problem = "=1+1" if number else "it leaks"
            ticket = a_ticket(id=f"t{number}", case_number=f"{number:09}", opened_at=began_at, problem=problem)
            work.tickets.add(ticket)
            call = a_call(id=f"c{number}", carrier_call_id=f"CA{number}", ticket_id=ticket.id, started_at=began_at)
            work.calls.add(call)
            work.commit()
        line.step(minutes=1)


def test_every_case_stands_there_once_though_it_is_read_in_stretches(line: Line) -> None:
    opened(line, 5)
    rows = list(csv.DictReader(case_sheet(line.hotline, CaseQuery(stretch=TWO), ASK)))
    assert [row["case"] for row in rows] == [f"000-000-00{number}" for number in range(5)]
    assert [row["excerpt"] for row in rows[:2]] == ["it leaks", "'=1+1"]
    assert (rows[0]["number_end"], rows[0]["owner"]) == ("…0143", "First handler")
    calls = list(csv.DictReader(call_sheet(line.hotline, CallQuery(stretch=TWO), ASK)))
    assert [(row["call"], row["case"], row["number_end"]) for row in calls[3:]] == [
        ("c3", "000-000-003", "…0143"),
        ("c4", "000-000-004", "…0143"),
    ]


def test_no_more_is_read_than_was_taken(line: Line) -> None:
    """So the longest list takes no more memory than a short one, and cases that come meanwhile stand at its end."""
    opened(line, 2)
    lines = case_sheet(line.hotline, CaseQuery(stretch=TWO), ASK)
    assert next(lines).startswith("case,status,")
    assert next(lines).startswith("000-000-000,")
    with line.hotline.unit_of_work() as work:
        work.tickets.add(a_ticket(id="late", case_number="000000009", opened_at=line.clock.now()))
        work.commit()
    assert [each[:11] for each in lines] == ["000-000-001", "000-000-009"]


def test_who_took_a_list_along_stands_there_before_its_first_line_leaves(line: Line) -> None:
    case_sheet(line.hotline, CaseQuery(stretch=TWO), ASK)
    call_sheet(line.hotline, CallQuery(stretch=TWO), replace(ASK, asked=""))
    kept = [(each.at, each.staff_id, each.what, each.asked) for each in exports(line.hotline)]
    now = line.clock.now()
    assert kept == [(now, "anna", "cases", "open"), (now, "anna", "calls", "")]
