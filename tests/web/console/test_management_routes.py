"""What waits for management, in a browser."""

import shutil
from pathlib import Path

import pytest

from tests.service.lines import CALLER, FLOWS_DIR, with_flows
from tests.service.ticket.test_tasks import ask
from tests.web.console.desk import Browser, ConsoleDesk
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.case_task import TaskKind
from voicebot.domain.staff import Role

pytestmark = pytest.mark.requirement("S1-08")

PAGE = "/console/management"


def boss(console: ConsoleDesk) -> Browser:
    return console.logged_in("sam@firm.example", name="Sam", role=Role.SUPERVISOR)


def test_a_supervisor_sees_what_waits_with_links_to_the_cases(console_on_both: ConsoleDesk) -> None:
    line = console_on_both.line
    case = line.ticket(line.told_call())
    ask(line, case, TaskKind.BLOCKED, "supervisor_1")
    page = boss(console_on_both).get(PAGE).text
    assert f'href="/console/cases/{case.case_number}"' in page
    assert "Asked of somebody with a say (1)" in page
    assert "Supervisor: blocked, asked by First handler" in page
    assert CALLER not in page


def test_an_empty_list_says_so(console: ConsoleDesk) -> None:
    assert "Nothing waits." in boss(console).get(PAGE).text


def test_a_changed_file_that_cannot_be_followed_is_said_with_its_cure(console: ConsoleDesk, tmp_path: Path) -> None:
    for name in ("complaint", "shared", "policy"):
        shutil.copytree(FLOWS_DIR / name, tmp_path / name)
    with_flows(console.line, FlowFiles(tmp_path, tmp_path / "policy"))
    page = boss(ConsoleDesk(console.line, console.line.engine, console.clips_dir))
    assert "cannot be followed" not in page.get(PAGE).text
    prompts = tmp_path / "complaint" / "prompts.en.yaml"
    prompts.write_text(prompts.read_text().replace("say_added:", "say_it:"))
    told = page.get(PAGE).text
    assert "cannot be followed" in told
    assert "no words for say_added in en; add say_added to prompts.en.yaml" in told


def test_handlers_do_not_see_it(console: ConsoleDesk) -> None:
    browser = console.logged_in()
    assert browser.get(PAGE).status_code == 403
    assert PAGE not in browser.get("/console/").text
    assert PAGE in boss(console).get("/console/").text
