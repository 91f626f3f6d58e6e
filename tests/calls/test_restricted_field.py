"""What stands in a field that only some may read shows at no door to anybody else, also where the field was restricted
after somebody had written there. Every address, command and file is opened.
"""

import json

import pytest

from tests.calls.test_pin import CALLER, House, addresses, house
from tests.service.ticket.kinds import with_kinds
from tests.web.console.desk import ConsoleDesk
from voicebot.domain.case_number import written
from voicebot.domain.staff import Role
from voicebot.domain.webhook import Detail
from voicebot.service.queries.search import find_cases
from voicebot.service.staff.accounts import NewAccount, add_account
from voicebot.service.staff.decision import act
from voicebot.service.staff.tokens import NewToken, make_token
from voicebot.service.ticket.category import categorising
from voicebot.service.ticket.fields import keep_fields
from voicebot.service.upkeep.restricted_fields import mark_restricted
from voicebot.service.webhook.endpoints import add_endpoint
from voicebot.service.webhook.spread import spread

__all__ = ["house"]
SECRET, FIELD = "Drakeson", {"name": {"en": "Who it was"}, "longest": 40}


@pytest.fixture
def case(house: House, monkeypatch: pytest.MonkeyPatch) -> str:
    """A case in which somebody was named while all could read it, and the field was restricted then."""
    line = house.line
    add_endpoint(line.hotline, "https://crm.example.com/", events="", detail=Detail.FULL, actor="admin")
    with_kinds(line, house.folder / "open", price_rise={"fields": {"who": FIELD}})
    case = line.ticket(line.told_call("CA1")).case_number
    act(line.hotline, case, categorising("price_rise", actor="owner_1"))
    keep_fields(line.hotline, case, {"who": SECRET, "name": "Wilma"}, actor="supervisor_1")
    with_kinds(line, house.folder / "closed", price_rise={"fields": {"who": FIELD | {"seen_by": ["auditor"]}}})
    monkeypatch.setenv("VOICEBOT_POLICY_DIR", str(house.folder / "closed"))
    mark_restricted(line.hotline)
    while spread(line.hotline):
        pass
    return written(case)


def opened(house: House, role: Role, *, only: tuple[str, ...] = ()) -> dict[str, str]:
    """Open these pages, or every one there is, as somebody of a role, and what programs read by a token of it."""
    desk = ConsoleDesk(house.line, house.engine, house.folder)
    browser = desk.logged_in(f"{role}@firm.example", name=f"A {role}", role=role)
    token = make_token(house.line.hotline, NewToken(name=f"T {role}", role=role, made_by="anna"))[1]
    paths = only or tuple(path for path in addresses(desk) if "logout" not in path and "metrics" not in path)
    bearer = {"Authorization": f"Bearer {token}"}
    return {path: browser.get(path, headers=bearer if path.startswith("/api") else {}).text for path in paths}


@pytest.mark.requirement("S3-09")
def test_no_page_program_or_file_shows_it_to_who_may_not_read_it(house: House, case: str) -> None:
    shown = opened(house, Role.HANDLER)
    assert [path for path, text in shown.items() if SECRET in text] == []
    page = shown[f"/console/cases/{case}"]
    assert ("Wilma" in page, "written down, and kept from your role" in page) == (True, True)
    assert find_cases(house.line.hotline, SECRET).cases == ()
    with house.engine.connect() as connection:
        bodies = connection.exec_driver_sql("SELECT * FROM webhook_deliveries").all()
    assert bodies
    assert SECRET not in str(bodies)


@pytest.mark.requirement("S3-09")
def test_who_may_read_it_does_so_on_the_page_and_by_a_program_and_takes_it_along_in_no_words(
    house: House, case: str
) -> None:
    places = (f"/console/cases/{case}", f"/api/v1/cases/{case}", f"/console/cases/{case}/words")
    assert [SECRET in text for text in opened(house, Role.AUDITOR, only=places).values()] == [True, True, False]


@pytest.mark.requirement("S3-09")
@pytest.mark.parametrize(("login", "reads"), [("deputy_1", False), ("owner_1", True)])
def test_the_terminal_shows_it_to_whoever_owns_the_case(
    house: House, case: str, monkeypatch: pytest.MonkeyPatch, login: str, reads: bool
) -> None:
    monkeypatch.setenv("LOGNAME", login)
    for words, is_shown in (
        (f"tickets show {case} --json", reads),
        (f"tickets fields {case}", reads),
        (f"tickets show {case}", False),
        (f"tickets words {case}", False),
        ("tickets --json", False),
    ):
        assert (SECRET in house.run(*words.split())) is is_shown, words


@pytest.mark.requirement("S3-09")
def test_an_export_of_the_person_has_it_only_for_who_may_read_it(house: House, case: str) -> None:
    new = NewAccount(email="ada@firm.example", name="Ada", role=Role.ADMINISTRATOR)
    for by, reads in (("root", True), (add_account(house.line.hotline, new, "a-hash").staff_id, False)):
        house.run("person", "export", CALLER, "--out", str(house.folder / by), "--reason", "asked", "--by", by)
        files = [path.read_text() for path in (house.folder / by).glob("*.*")]
        assert any(SECRET in text for text in files) is reads
        (told,) = json.loads((house.folder / by / "person.json").read_text())["cases"]
        assert (told["case"], told["fields_left_out"]) == (case, int(not reads))
