"""Texts without end cost nothing and drown nobody: what is answered, what is kept, what is only counted."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests import quick_yaml
from tests.service.lines import (
    CALLER,
    OTHER,
    OWNER,
    SUPERVISOR,
    Line,
    a_policy_dir,
    settled,
    with_flows,
    with_rules,
)
from voicebot.domain.ticket import CloseReason
from voicebot.service.call.budget import list_turned_away
from voicebot.service.ticket.inbound_text import MOST_IN_SHARED_CASE, IncomingText, log_text
from voicebot.service.ticket.joining import case_of_words
from voicebot.service.ticket.text_budget import OWN_CASES, Reception, receive_text

STRANGER = "+12125557001"
ANSWERED, KEPT, COUNTED = Reception.ANSWERED, Reception.KEPT, Reception.COUNTED


def with_budgets(line: Line, folder: Path, **budgets: object) -> None:
    """Give the policy these budgets of texts; what is not named is not limited."""
    policy = a_policy_dir(folder / "policy")
    levels = policy / "service_levels.yaml"
    told = quick_yaml.load(levels.read_text())
    open_to_all: dict[str, object] = {"per_number": {}, "per_prefix": {}, "in_all": {}, "kept_a_day": 1000}
    told["limits"]["texts_received"] = open_to_all | budgets
    levels.write_text(quick_yaml.dump(told))
    with_flows(line, settled(policy))
    with_rules(line, gate_exceptions=("+1202555", "+1212555"))


def receive(line: Line, sid: str, sender: str = CALLER) -> Reception:
    return receive_text(line.hotline, message_sid=sid, sender=sender)


def write(line: Line, sid: str, sender: str = CALLER, body: str = "my parcel came broken") -> None:
    log_text(line.hotline, IncomingText(message_sid=sid, sender=sender, body=body))


def words_kept(line: Line) -> list[int]:
    """Count the texts kept with each case, in the order of the cases, without those of the house."""
    with line.work() as work:
        cases = (ticket for ticket in work.tickets.all() if ticket.close_reason is not CloseReason.HOUSE)
        return [len(work.tickets.answers(ticket.id)) for ticket in cases]


def promises(line: Line) -> int:
    with line.work() as work:
        return sum(len(work.promises.of_ticket(ticket.id)) for ticket in work.tickets.all())


@pytest.mark.parametrize(
    ("budgets", "senders"),
    [
        ({"per_number": {"an_hour": 2}}, (CALLER, CALLER, CALLER)),
        ({"per_number": {"a_day": 2}}, ("PARCELS", "parcels", " Parcels")),
        ({"per_prefix": {"a_day": 2}}, (CALLER, OTHER, "+12025550188")),
        ({"in_all": {"a_day": 2}}, (CALLER, STRANGER, OTHER)),
    ],
)
def test_each_budget_ends_at_its_edge(
    line_on_both: Line, tmp_path: Path, budgets: dict[str, object], senders: tuple[str, ...]
) -> None:
    with_budgets(line_on_both, tmp_path, **budgets)
    received = [receive(line_on_both, f"SM{n}", sender) for n, sender in enumerate(senders)]
    assert received == [ANSWERED, ANSWERED, KEPT]
    assert receive(line_on_both, "SM0", senders[0]) is ANSWERED, "what comes again is not counted again"


def test_an_hour_later_a_sender_is_answered_again(line: Line, tmp_path: Path) -> None:
    with_budgets(line, tmp_path, per_number={"an_hour": 1})
    assert [receive(line, "SM1"), receive(line, "SM2")] == [ANSWERED, KEPT]
    line.step(minutes=59, seconds=59)
    assert receive(line, "SM3") is KEPT
    line.step(hours=1)
    assert receive(line, "SM4") is ANSWERED


def test_twelve_texts_that_come_at_once_are_answered_no_more_than_the_budget(
    line_on_both: Line, tmp_path: Path
) -> None:
    with_budgets(line_on_both, tmp_path, per_number={"an_hour": 5})
    with ThreadPoolExecutor(12) as threads:
        received = list(threads.map(lambda n: receive(line_on_both, f"SM{n}"), range(12)))
    assert received.count(ANSWERED) == 5


@pytest.mark.danger("SMS pumping")
@pytest.mark.requirement("S0-11")
def test_of_texts_without_end_so_many_are_kept_one_is_promised_and_an_honest_sender_is_answered(
    line: Line, tmp_path: Path
) -> None:
    with_budgets(line, tmp_path, per_number={"an_hour": 3}, kept_a_day=8)
    for n in range(40):
        write(line, f"SM{n}")
    write(line, "SM-honest", STRANGER)
    line.settle()
    assert words_kept(line) == [8, 1]
    assert promises(line) == 2
    assert (len(line.sender.to(CALLER)), len(line.sender.to(STRANGER))) == (1, 1)
    assert {(each.limit, each.times) for each in list_turned_away(line.hotline)} == {
        ("number:an_hour", 5),
        ("number:kept_a_day", 32),
    }


@pytest.mark.danger("SMS pumping")
def test_whose_first_text_is_over_a_budget_has_a_case_without_promise_or_text(line: Line, tmp_path: Path) -> None:
    with_budgets(line, tmp_path, in_all={"a_day": 1})
    write(line, "SM1", STRANGER)
    write(line, "SM2", CALLER)
    line.settle()
    assert (words_kept(line), promises(line), line.sender.to(CALLER)) == ([1, 1], 1, [])
    with line.work() as work:
        case = case_of_words(work, CALLER)
    assert case is not None
    assert "promise_withheld" in line.verbs(case.id)


@pytest.mark.danger("SMS pumping")
@pytest.mark.parametrize("budgets", [{"per_prefix": {"a_day": 1}}, {"in_all": {"an_hour": 1}}])
def test_texts_from_ever_new_numbers_over_a_budget_share_cases_and_none_is_lost(
    line: Line, tmp_path: Path, budgets: dict[str, object]
) -> None:
    with_budgets(line, tmp_path, **budgets)
    many = MOST_IN_SHARED_CASE + 1
    for n in range(1 + OWN_CASES + many):
        write(line, f"SM{n}", f"+1212555{n:04}", body=f"lamp {n}")
        line.step(seconds=1)
    assert words_kept(line) == [1] * (1 + OWN_CASES) + [MOST_IN_SHARED_CASE, 1]
    assert promises(line) == 1
    with line.work() as work:
        shared = work.tickets.newest()
        assert shared is not None
        last = work.tickets.answers(shared.id)[-1]
    assert last.text == f"+1212555{OWN_CASES + many:04}: lamp {OWN_CASES + many}", "staff see who wrote it"
    assert line.verbs(shared.id).count("promise_withheld") == 1


def test_who_has_a_case_keeps_it_while_texts_of_others_share_one(line: Line, tmp_path: Path) -> None:
    with_budgets(line, tmp_path, in_all={"a_day": 1})
    write(line, "SM-first", CALLER)
    for n in range(OWN_CASES + 1):
        write(line, f"SM{n}", f"+1212555{n:04}")
    write(line, "SM-again", CALLER, body="it is the lamp")
    with line.work() as work:
        mine = case_of_words(work, CALLER)
        assert mine is not None
        assert {answer.text for answer in work.tickets.answers(mine.id)} == {"my parcel came broken", "it is the lamp"}


def test_a_number_over_its_own_budget_has_its_own_case_however_much_it_writes(line: Line, tmp_path: Path) -> None:
    with_budgets(line, tmp_path, per_number={"an_hour": 1})
    for n in range(OWN_CASES + 3):
        write(line, f"SM{n}")
    assert words_kept(line) == [OWN_CASES + 3]


@pytest.mark.parametrize(
    ("budgets", "said"),
    [
        ({"per_number": {"an_hour": 1}}, "texts in an hour from one number"),
        ({"per_prefix": {"a_day": 1}}, "texts in a day from one block of numbers"),
        ({"in_all": {"an_hour": 1}}, "texts in an hour in all"),
        ({"kept_a_day": 1}, "texts kept in a day from one number"),
    ],
)
def test_each_limit_has_an_alarm_once_a_day_that_names_it_and_no_number(
    line: Line, tmp_path: Path, budgets: dict[str, object], said: str
) -> None:
    with_budgets(line, tmp_path, **budgets)
    for n in range(4):
        write(line, f"SM{n}")
    line.run_jobs()
    (told,) = [body for body in line.sender.to(OWNER) if "not answered" in body]
    assert said in told
    assert CALLER.strip("+") not in told


def test_of_a_limit_that_no_known_case_reached_management_is_told(line: Line, tmp_path: Path) -> None:
    """The case of the house carries that alarm, and whoever owns it can do nothing."""
    with_budgets(line, tmp_path, in_all={"a_day": 1})
    write(line, "SM0")
    receive(line, "SM1", STRANGER)
    line.run_jobs()
    told = {phone: [body for body in line.sender.to(phone) if "not answered" in body] for phone in (OWNER, SUPERVISOR)}
    assert [len(bodies) for bodies in told.values()] == [0, 1]


def test_a_request_for_no_texts_holds_however_many_came_before(line: Line, tmp_path: Path) -> None:
    with_budgets(line, tmp_path, kept_a_day=1)
    for n in range(3):
        write(line, f"SM{n}")
    write(line, "SM9", body="STOP")
    with line.work() as work:
        assert work.sms.opted_out(CALLER, line.hotline.rules.own_number)
