"""The rota in words."""

from datetime import timedelta

from tests.builders import MONDAY_TEN, a_calendar, a_change, a_person
from voicebot.domain.instants import Instants
from voicebot.domain.permission import granted
from voicebot.domain.rota import ChangeKind, Rota
from voicebot.domain.staff import StaffMember
from voicebot.web.console.rota_page import RotaPage, rota_page

HOUR = timedelta(hours=1)
NOW = MONDAY_TEN + 6 * HOUR  # eleven in New York


def page(role: str = "handler") -> RotaPage:
    here = a_change("cem", kind=ChangeKind.HERE, begins_at=NOW - HOUR, ends_at=NOW + HOUR, note="instead of Ben")
    people = (
        a_person("anna", "Monday 9:00-12:00", load_cap=5, languages=("en", "hr")),
        a_person("ben", changes=(a_change("ben", begins_at=NOW - HOUR, ends_at=NOW + 26 * HOUR),)),
        a_person("cem", "Friday 9:00-12:00", role="area_head", changes=(here, a_change("cem", ends_at=NOW))),
        a_person("dora", "Tuesday 9:00-12:00"),
        a_person("eve", changes=(a_change("eve", begins_at=NOW - HOUR, ends_at=NOW + 24 * 80 * HOUR),)),
    )
    reader = StaffMember(id="anna", name="Anna", role=role)
    rota = Rota(people=people, calendar=a_calendar())
    may = granted(None, in_policy={role})
    return rota_page(rota, member=reader, may=may, instants=Instants(zone="America/New_York", now=NOW))


def test_each_is_said_to_be_there_or_when() -> None:
    assert [(row.id, row.duty, row.is_here) for row in page().people] == [
        ("anna", "on duty", True),
        ("ben", "away until Tue 3 Mar 13:00 EST", False),
        ("cem", "on duty", True),
        ("dora", "on duty from Tue 3 Mar 09:00 EST", False),
        ("eve", "away until Thu 21 May 12:00 EDT", False),
    ]


def test_shifts_changes_and_what_a_person_can_do() -> None:
    anna, _ben, cem, *_ = page().people
    assert [shift.said for shift in anna.shifts] == ["Monday 9:00-12:00"]
    assert (anna.languages, anna.load_cap, anna.roles) == ("en, hr", "5", "handler")
    assert [change.said for change in cem.changes] == ["here today 10:00–12:00 EST: instead of Ben"]
    assert (cem.languages, cem.load_cap, cem.roles) == ("every language", "", "area head")


def test_handlers_change_themselves_and_supervisors_everybody() -> None:
    assert [row.may_change for row in page().people] == [True, False, False, False, False]
    assert not page().may_plan
    assert all(row.may_change for row in page("supervisor").people)
