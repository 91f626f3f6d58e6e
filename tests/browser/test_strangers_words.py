"""Words of strangers stay words: whatever a caller says, texts or is noted down as, nothing of it runs."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.stage import Stage
from tests.builders import an_sms
from tests.web.console.desk import PASSWORD, hashed
from voicebot.domain.case_number import written
from voicebot.domain.case_task import TaskKind
from voicebot.domain.rota import ChangeKind, FedStretch
from voicebot.domain.staff import Role
from voicebot.domain.ticket import AnswerState
from voicebot.domain.utterance import WORDS
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.accounts import NewAccount, add_account
from voicebot.service.staff.calendar_feed import take_calendar
from voicebot.service.staff.decision import act
from voicebot.service.staff.rota import Stretch, add_change
from voicebot.service.ticket.actions import write_note
from voicebot.service.ticket.tasks import NewTask, asking

EVIL = (
    "<script>window.harmed = 1; alert(1)</script>",
    '"><img src=x onerror="window.harmed = 2">',
    "'><svg onload=alert(3)>",
    "javascript:alert(4)",
    "{{ 7 * 7 }} {% raw %}",
    "</textarea></title><iframe src=javascript:alert(5)></iframe>",
    "<style>body { display: none }</style>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "\u202etxet dengisrever",
)
UNHARMED = """() => [
  window.harmed === undefined,
  document.querySelectorAll("main img, main svg, main iframe, main style, main script, main object, main meta").length,
  [...document.querySelectorAll("main *")].flatMap((part) => part.getAttributeNames())
    .filter((name) => name.startsWith("on") || name === "style"),
  [...document.querySelectorAll("main [href], main [src]")]
    .map((part) => part.getAttribute("href") ?? part.getAttribute("src"))
    .filter((target) => !/^(\\/console\\/|#|tel:\\+)/.test(target)),
]"""


def harmed_staff(stage: Stage) -> str:
    """Let the words be a name, a note of the rota, an event of a fed calendar, and a task. Return the case."""
    hotline, case = stage.line.hotline, stage.told().case_number
    new = NewAccount(email="evil@firm.example", name=EVIL[0], role=Role.HANDLER)
    evil_id = add_account(hotline, new, hashed(PASSWORD)).staff_id
    now = hotline.clock.now()
    later = now + timedelta(hours=3)
    add_change(
        hotline, ChangeKind.AWAY, Stretch(staff_id=evil_id, begins_at=now, ends_at=later, note=EVIL[1]), actor="x"
    )
    fed = tuple(FedStretch(uid=each, begins_at=now, ends_at=later, note=each) for each in EVIL)
    take_calendar(hotline, "owner_1", ChangeKind.AWAY, fed, actor="<b>who</b>")
    for words in EVIL:
        act(hotline, case, asking(NewTask(kind=TaskKind.CONSULT, to=evil_id, words=words), actor=evil_id))
    return written(case)


@pytest.mark.danger("stored XSS")
@pytest.mark.parametrize("path", ["/console/rota", "/console/cases/{case}"])
def test_nothing_that_calendars_names_or_tasks_say_runs(stage: Stage, open_page: OpenPage, path: str) -> None:
    page = open_page(path.format(case=harmed_staff(stage)))
    page.wait_for_load_state("networkidle")
    assert page.evaluate(UNHARMED) == [True, 0, [], []]
    expect(page.locator("main")).to_contain_text(EVIL[0])


def harmed_case(stage: Stage) -> str:
    """Put the words into every place where words of strangers are kept."""
    evil = "\n".join(EVIL)
    ticket = stage.told(story=" ".join(EVIL), demand="x")
    with stage.line.work() as work:
        for answer in work.tickets.answers(ticket.id):
            words = WORDS.validate_json(answer.words_json) if answer.slot == "story" else ()
            work.tickets.save_answer(
                replace(answer, text=evil, words_json=WORDS.dump_json(words).decode(), state=AnswerState.DONE)
            )
        work.tickets.save(replace(work.tickets.get(ticket.id), problem=evil, demand=evil, text_trouble=EVIL[0][:60]))
        work.sms.add(
            an_sms(id="evil", ticket_id=ticket.id, purpose="p:<b>x</b>", body=evil, reason=evil, template="<i>t</i>")
        )
        promise = work.promises.of_ticket(ticket.id)[0]
        work.promises.save(replace(promise, words=evil))
        work.commit()
    for each in EVIL:
        write_note(stage.line.hotline, ticket.case_number, text=each, actor="<b>who</b>")
    log_callback(stage.line.hotline, ticket.case_number, reason=evil, actor="owner_1")
    return written(ticket.case_number)


@pytest.mark.danger("stored XSS")
@pytest.mark.parametrize("path", ["/console/", "/console/cases?show=all", "/console/cases/{case}"])
def test_nothing_that_strangers_say_runs(stage: Stage, open_page: OpenPage, path: str) -> None:
    case = harmed_case(stage)
    page = open_page(path.format(case=case))
    page.wait_for_load_state("networkidle")
    assert page.evaluate(UNHARMED) == [True, 0, [], []]
    expect(page.locator("main")).to_contain_text("<script>window.harmed = 1; alert(1)</script>")


@pytest.mark.danger("stored XSS")
def test_words_that_could_not_be_kept_come_back_as_words(stage: Stage, open_page: OpenPage) -> None:
    page = open_page(f"/console/cases/{written(stage.told().case_number)}")
    fill_beyond_the_limit(page, EVIL[5])
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This was not done")
    assert page.get_by_label("What you wrote").input_value().startswith(EVIL[5])
    assert page.evaluate(UNHARMED) == [True, 0, [], []]


def test_an_address_full_of_markup_is_a_page_that_says_no(open_page: OpenPage, stage: Stage) -> None:
    page = open_page()
    answer = page.request.get(f"{stage.url}/console/cases/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert answer.status == 404
    assert "<script>alert" not in answer.text()


def fill_beyond_the_limit(page: Page, words: str) -> None:
    """Type more than the field allows, as somebody may who sends forms of their own."""
    page.evaluate("document.querySelector('#note').form.noValidate = true")
    page.get_by_label("A note for colleagues").fill(words + "x" * 2_000)
