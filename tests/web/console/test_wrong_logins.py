"""Wrong logins are told: in the log without naming anybody, in the metrics, and to staff when they are many."""

from datetime import timedelta

from structlog.testing import capture_logs

from tests.service.lines import SUPERVISOR
from tests.web.console.desk import PASSWORD, ConsoleDesk
from voicebot.domain.ticket import TicketStatus
from voicebot.web.console.wrong_logins import ALARM, MANY, WITHIN, WrongLogins
from voicebot.web.counters import LOGINS

EMAIL = "anna@firm.example"


def guess(wrong: WrongLogins, times: int) -> None:
    for _ in range(times):
        wrong.note(person="a" * 32, network="198.51.100.0/24", is_known=False, is_slowed=False)


def test_the_line_names_nobody_and_has_no_password(console: ConsoleDesk) -> None:
    console.add()
    with capture_logs() as lines:
        console.browser("198.51.100.77").log_in(EMAIL, "not the password")
    (line,) = [line for line in lines if line["event"] == "login_wrong"]
    assert (line["network"], line["times"], line["is_known_device"]) == ("198.51.100.0/24", 1, False)
    for secret in (EMAIL, "anna", "not the password", "198.51.100.77"):
        assert secret not in str(lines)


def test_a_thousand_tries_are_one_line_a_second_with_their_number(console: ConsoleDesk) -> None:
    wrong = WrongLogins(console.line.hotline, pause_s=60)
    with capture_logs() as lines:
        guess(wrong, 1000)
    assert len([line for line in lines if line["event"] == "login_wrong"]) == 1


def test_each_try_is_counted_by_result_and_device(console: ConsoleDesk) -> None:
    console.add()

    def count(result: str, device: str) -> float:
        return LOGINS.labels(result, device)._value.get()  # type: ignore[no-any-return]

    before = count("wrong", "new"), count("right", "new"), count("right", "known")
    browser = console.browser()
    browser.log_in(EMAIL, "not the password")
    browser.log_in(EMAIL, PASSWORD)
    browser.send("/console/", {}, to="/console/logout")
    browser.log_in(EMAIL, PASSWORD)
    after = count("wrong", "new"), count("right", "new"), count("right", "known")
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1, 1]


def test_many_are_an_alarm_to_staff_once_a_day(console: ConsoleDesk) -> None:
    line = console.line
    answer = line.told_call()
    wrong = WrongLogins(line.hotline)
    with capture_logs() as lines:
        guess(wrong, 3 * MANY)
    line.run_jobs()
    assert [each["name"] for each in lines if each["event"] == "alarm"] == [ALARM]
    (told,) = [body for to, body in line.sender.sent if to == SUPERVISOR and "wrong passwords" in body]
    assert "Nobody is locked out" in told
    assert "text_composed" in line.verbs(answer.call.ticket_id)
    line.step(days=1)
    guess(wrong, MANY)
    line.run_jobs()
    assert len([body for _, body in line.sender.sent if "wrong passwords" in body]) > 1


def test_an_installation_without_a_case_tells_staff_too_and_nothing_is_due_on_what_it_opens(
    console: ConsoleDesk,
) -> None:
    line = console.line
    for _ in range(2):
        guess(WrongLogins(line.hotline), MANY)
        line.run_jobs()
        line.step(days=1)
    line.sweep()
    told = [body for to, body in line.sender.sent if to == SUPERVISOR]
    assert len(told) == 2
    assert all("wrong passwords" in body for body in told)
    with line.work() as work:
        (case,) = work.tickets.all()
    assert (case.status, line.promises(case.id)) == (TicketStatus.CLOSED, [])


def test_those_who_mistype_now_and_then_are_no_alarm(console: ConsoleDesk) -> None:
    wrong = WrongLogins(console.line.hotline)
    with capture_logs() as lines:
        for _ in range(2 * MANY):
            guess(wrong, 1)
            console.line.clock.step(WITHIN / MANY + timedelta(seconds=1))
    assert not [each for each in lines if each["event"] == "alarm"]
