"""All about one person in the console: seen, saved as one file, and erased once the number was typed again."""

import json
from io import BytesIO
from zipfile import ZipFile

from structlog.testing import capture_logs

from tests.service.lines import CALLER
from tests.service.upkeep.test_retention import answered
from tests.web.console.desk import ConsoleDesk
from voicebot.domain.case_number import written
from voicebot.domain.staff import Role

PAGE = "/console/persons"


def test_an_administrator_sees_saves_and_erases_all_about_one_person(console: ConsoleDesk) -> None:
    line = console.line
    told = answered(line)
    chief = console.logged_in(role=Role.ADMINISTRATOR)
    case = written(line.ticket(told).case_number)
    assert "telephone number" in chief.send(PAGE, {"number": "soon"}, to=f"{PAGE}/found").text
    form = {"number": CALLER, "reason": "a letter"}
    seen = chief.send(PAGE, form, to=f"{PAGE}/found").text
    assert (case in seen, "2 answers" in seen, "may not see" in seen) == (True, True, False)
    assert "needs a reason" in chief.send(PAGE, form | {"reason": " "}, to=f"{PAGE}/exports").text
    with capture_logs() as logs:
        saved = chief.send(PAGE, form, to=f"{PAGE}/exports")
        other = chief.send(PAGE, form | {"again": "+12025550199"}, to=f"{PAGE}/erasures")
        kept = line.ticket(told).problem
        gone = chief.send(PAGE, form | {"again": "(202) 555-0143"}, to=f"{PAGE}/erasures")
    with ZipFile(BytesIO(saved.data)) as pack:
        assert [each["case"] for each in json.loads(pack.read("person.json"))["cases"]] == [case]
    assert "person.zip" in saved.headers["Content-Disposition"]
    assert (other.status_code, "That is another number" in other.text, bool(kept)) == (409, True, True)
    assert (gone.status_code, "Receipt" in gone.text, line.ticket(told).problem) == (200, True, "")
    assert {"person_exported", "person_erased"} <= {entry["event"] for entry in logs}
    assert not any(CALLER in str(entry) or "a letter" in str(entry) for entry in logs)
    assert "nothing is kept" in chief.send(PAGE, form, to=f"{PAGE}/found").text.lower()


def test_nobody_else_opens_it(console: ConsoleDesk) -> None:
    boss = console.logged_in(role=Role.SUPERVISOR)
    assert boss.get(PAGE).status_code == 403
