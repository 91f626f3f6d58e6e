"""Texts that came while we were down."""

from dataclasses import replace

import pytest

from tests.service.books import PN, answers, connect, tickets, wrote
from tests.service.lines import CALLER, OTHER, OWN, OWNER, Line, with_rules
from voicebot.domain.case_number import without_pin
from voicebot.domain.picture import UNKNOWN_KIND, FileSent
from voicebot.domain.ticket import Channel
from voicebot.errors import Unavailable
from voicebot.service.background.schedule import run_tasks
from voicebot.service.promise.keep import log_callback
from voicebot.service.ticket.inbound_text import IncomingText, log_text
from voicebot.service.upkeep.reconcile import FIRST_LOOK, reconcile

TEXTS_HERE = "https://hotline.example/twilio/sms"
SECOND, THIRD = "+12025550101", "+12025550102"


@pytest.fixture
def down(line: Line) -> Line:
    """A line whose number is connected for calls and texts, and which was away while people wrote."""
    connect(line, sms_url=TEXTS_HERE)
    return line


@pytest.mark.requirement("S0-11")
def test_who_wrote_while_we_were_down_has_a_case_a_promise_and_an_answer(down: Line) -> None:
    written = wrote(down, "SM1", "Your driver hit my fence.")
    assert reconcile(down.hotline).texts.taken_up == 1
    down.run_jobs()
    (ticket,) = tickets(down)
    assert (ticket.channel, ticket.problem) == (Channel.SMS, "Your driver hit my fence.")
    assert down.promise(ticket.id).words == without_pin(down.sender.to(CALLER)[0], ticket.pin)
    assert [answer.at for answer in answers(down, ticket)] == [written.sent_at]
    with down.work() as work:
        told = {entry.verb: entry.after for entry in work.tickets.history(ticket.id)}
    assert "found at the carrier afterwards" in told["text_received"]


@pytest.mark.requirement("S0-11")
def test_the_worker_looks_at_its_start_without_being_told_to(down: Line) -> None:
    wrote(down, "SM1", "Your driver hit my fence.")
    run_tasks(down.hotline)
    assert len(tickets(down)) == 1


def test_what_is_known_changes_nothing_and_is_not_answered_again(down: Line) -> None:
    log_text(down.hotline, IncomingText(message_sid="SM1", sender=CALLER, body="my kettle leaks"))
    down.run_jobs()
    wrote(down, "SM1", "my kettle leaks")
    for _ in range(2):
        assert reconcile(down.hotline).texts.taken_up == 0
    down.run_jobs()
    (ticket,) = tickets(down)
    assert len(answers(down, ticket)) == 1
    assert len(down.sender.sent) == 1


def test_a_text_to_a_case_that_was_answered_meanwhile_asks_for_another_call(down: Line) -> None:
    answer = down.told_call()
    log_callback(down.hotline, down.ticket(answer).case_number, reason="spoke", actor="owner_1")
    wrote(down, "SM1", "one more thing")
    reconcile(down.hotline)
    assert [promise.state.value for promise in down.promises(answer.call.ticket_id)] == ["kept", "open"]


def test_what_we_wrote_to_a_number_of_ours_is_nobody_s_complaint(down: Line) -> None:
    wrote(down, "SM1", "Harbour Goods: case 1. STOP for no texts.", sender=OWN)
    wrote(down, "SM2", "Case 1 is late", sender=OWNER)
    reconcile(down.hotline)
    assert tickets(down) == []


def test_a_stop_found_late_is_a_request_and_no_case(down: Line) -> None:
    wrote(down, "SM1", "Please stop texting me")
    assert reconcile(down.hotline).texts.taken_up == 1
    assert tickets(down) == []
    with down.work() as work:
        assert work.sms.opted_out(CALLER, OWN)


@pytest.mark.parametrize("came_in_time", ["none", "START"])
def test_of_a_stop_and_a_start_the_later_holds_however_late_each_is_found(down: Line, came_in_time: str) -> None:
    wrote(down, "SM2", "START", ago_s=200)
    wrote(down, "SM1", "STOP", ago_s=300)
    if came_in_time == "START":
        log_text(down.hotline, IncomingText(message_sid="SM2", sender=CALLER, body="START"))
    reconcile(down.hotline)
    with down.work() as work:
        assert not work.sms.opted_out(CALLER, OWN)


def test_every_number_of_ours_is_looked_at_if_its_texts_come_to_us(down: Line) -> None:
    with_rules(down, more_numbers=frozenset({SECOND, THIRD}))
    (ours,) = down.numbers.numbers
    down.numbers.numbers += [
        replace(ours, sid=PN[:-1] + "2", number=SECOND),
        replace(ours, sid=PN[:-1] + "3", number=THIRD, settings={"sms_url": "https://elsewhere.example/sms"}),
    ]
    wrote(down, "SM1", "first line")
    wrote(down, "SM2", "second line", OTHER, to=SECOND)
    wrote(down, "SM3", "not for us", "+12025550178", to=THIRD)
    assert reconcile(down.hotline).texts.seen == 2
    assert {ticket.problem for ticket in tickets(down)} == {"first line", "second line"}


@pytest.mark.parametrize("settings", [{"sms_url": ""}, {"sms_url": TEXTS_HERE, "sms_application_sid": "AP1"}])
def test_texts_that_go_to_another_programme_are_not_ours(line: Line, settings: dict[str, str]) -> None:
    connect(line, **settings)
    wrote(line, "SM1", "hello")
    assert reconcile(line.hotline).texts.seen == 0


@pytest.mark.parametrize(("before_s", "is_seen"), [(0, True), (1, False)])
def test_the_first_look_goes_back_an_hour_to_the_second(down: Line, before_s: int, is_seen: bool) -> None:
    wrote(down, "SM1", "hello", ago_s=FIRST_LOOK.total_seconds() + before_s)
    assert bool(reconcile(down.hotline).texts.seen) is is_seen


def test_a_text_without_words_or_redacted_is_somebody_who_wrote(down: Line) -> None:
    wrote(down, "SM1", "")
    wrote(down, "SM2", "", "+1202555XXXX")
    reconcile(down.hotline)
    known, blotted = sorted(tickets(down), key=lambda each: each.written_from or "")
    assert (known.complainant_number, blotted.written_from) == (CALLER, "+1202555XXXX")
    with down.work() as work:
        told = [entry.after for entry in work.tickets.history(known.id) if entry.verb == "text_received"]
    assert "its words were redacted" in told[0]


def test_one_text_that_cannot_be_taken_up_does_not_stop_the_others_and_is_tried_again(down: Line) -> None:
    wrote(down, "SM1", "my lamp broke", ago_s=400)
    wrote(down, "SM2", "my kettle leaks", OTHER)
    ids, asked = down.ids, list[int]()

    class FailsOnce:
        """Has no digits for the first case."""

        def __getattr__(self, name: str) -> object:
            return getattr(ids, name)

        def random_digits(self, count: int) -> str:
            asked.append(count)
            if len(asked) == 1:
                raise RuntimeError("no digits")
            return ids.random_digits(count)

    down.hotline = replace(down.hotline, ids=FailsOnce())  # type: ignore[arg-type]
    with pytest.raises(Unavailable, match="1 of 2 texts"):
        reconcile(down.hotline)
    assert [ticket.problem for ticket in tickets(down)] == ["my kettle leaks"]
    assert reconcile(down.hotline).texts.taken_up == 1
    assert len(tickets(down)) == 2


def test_a_list_that_cannot_be_read_is_read_at_the_next_look(down: Line) -> None:
    wrote(down, "SM1", "my kettle leaks")
    down.listing.is_away = True
    with pytest.raises(Unavailable):
        reconcile(down.hotline)
    down.listing.is_away = False
    assert reconcile(down.hotline).texts.taken_up == 1


@pytest.mark.parametrize(
    ("listed", "kept"),
    [
        ((FileSent(kind="image/png", media_sid="ME1"),), "(1 file: image/png)"),
        ((), f"(2 files: {UNKNOWN_KIND})"),
        (None, f"(2 files: {UNKNOWN_KIND})"),
    ],
)
def test_files_of_a_text_found_late_are_named_as_far_as_the_carrier_tells(
    down: Line, listed: tuple[FileSent, ...] | None, kept: str
) -> None:
    if listed is not None:
        down.listing.files["SM1"] = listed
    wrote(down, "SM1", "", files=2)
    reconcile(down.hotline)
    assert tickets(down)[0].problem == kept
