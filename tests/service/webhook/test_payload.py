"""What other systems are told of each event: its shape, what happened, and nothing of a person unless asked for."""

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from tests.builders import a_history_entry
from tests.service.lines import CALLER, OTHER, Line
from tests.service.upkeep.test_retention import answered
from tests.service.webhook.test_deliver import an_endpoint, sent, types, work
from voicebot.domain.case_number import written
from voicebot.domain.retention import RetentionClass
from voicebot.domain.ticket import CloseReason, Ruling, ToldBy
from voicebot.domain.webhook import Detail, WebhookEvent
from voicebot.service.history import EVENTS_OF, Verb
from voicebot.service.hotline import context_of
from voicebot.service.outbox.sms import record_receipt
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.decision import act
from voicebot.service.ticket.about import complaining_about
from voicebot.service.ticket.category import categorising
from voicebot.service.ticket.ending import answering, closing, reopening
from voicebot.service.ticket.hand_over import give, take_over
from voicebot.service.ticket.splitting import joining, taking_out
from voicebot.service.upkeep.retention import erase_by_hand
from voicebot.service.webhook.endpoints import send_trial
from voicebot.service.webhook.payload import Message, body_of, message_id

PAGE = (Path(__file__).resolve().parents[3] / "docs/webhooks.md").read_text()
SAMPLES = {json.loads(each)["type"]: json.loads(each) for each in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)}
SHAPE = TypeAdapter(Message)


def told(line: Line) -> dict[str, dict[str, Any]]:
    """Return the newest message of each event that was sent."""
    return {str(delivery.event): json.loads(delivery.body) for delivery in sent(line)}


def parts(message: Any) -> Any:
    """Return the names of all that a message holds, without values."""
    return {name: parts(value) for name, value in message.items()} if isinstance(message, dict) else None


def test_each_event_has_a_sample_in_the_documentation_and_no_other_is_there() -> None:
    assert set(SAMPLES) == {str(event) for event in WebhookEvent}


@pytest.mark.parametrize("event", WebhookEvent)
def test_each_sample_has_the_documented_shape(event: WebhookEvent) -> None:
    sample = SAMPLES[event]
    read = SHAPE.validate_python(sample)
    assert read.type is event
    assert set(parts(sample)["data"]) <= {"by", "case", "promise", "decision", "owner", "deleted"}


def test_each_event_but_the_trial_comes_from_some_line_of_the_history() -> None:
    come = {event for events in EVENTS_OF.values() for event in events}
    assert come == set(WebhookEvent) - {WebhookEvent.TEST}


def test_a_case_that_is_kept_and_ended_is_told_as_documented(line: Line) -> None:
    endpoint = an_endpoint(line)
    answer = line.told_call()
    ticket = line.ticket(answer)
    work(line)
    line.settle()
    line.clock.step(line.promise(ticket.id).window_opens_at - line.clock.at + timedelta(minutes=5))
    log_callback(line.hotline, ticket.case_number, reason="we spoke of the kettle", actor="owner_1")
    send_trial(line.hotline, endpoint)
    work(line)
    events = told(line)
    assert set(events) == {"case.opened", "promise.made", "talk.logged", "promise.kept", "webhook.test"}
    for name, message in events.items():
        assert parts(message) == parts(SAMPLES[name]), name
    assert events["promise.kept"]["data"]["promise"]["state"] == "kept"
    assert events["talk.logged"]["data"]["by"] == "owner_1"
    assert events["talk.logged"]["sequence"] == events["promise.kept"]["sequence"] > events["promise.made"]["sequence"]


def test_a_miss_is_told_with_what_became_of_its_apology(line: Line) -> None:
    an_endpoint(line)
    answer = line.told_call()
    line.settle()
    line.clock.step(line.promise(answer.call.ticket_id).window_closes_at - line.clock.at + timedelta(minutes=1))
    line.sweep()
    line.step(minutes=1)
    line.sweep()
    work(line)
    missed = told(line)["promise.missed"]
    assert parts(missed) == parts(SAMPLES["promise.missed"])
    assert missed["data"]["promise"]["state"] == "breached"
    assert "apology.sent" not in types(line), "it is on its way, and nobody knows yet"


def test_how_a_case_is_decided_ends_and_opens_again_is_told_as_documented(line: Line) -> None:
    an_endpoint(line)
    case = line.ticket(line.told_call()).case_number
    log_callback(line.hotline, case, reason="spoke", actor="owner_1")
    words = {"words": "it is on its way", "actor": "owner_1"}
    line.step(minutes=1)
    act(line.hotline, case, answering(ruling=Ruling.GRANTED, told_by=ToldBy.CALL, is_rule_told=True, **words))
    line.step(minutes=1)
    act(line.hotline, case, closing(reason=CloseReason.AGREED, **words))
    line.step(minutes=1)
    act(line.hotline, case, reopening(**words))
    give(line.hotline, case, to="deputy_1", actor="owner_1")
    work(line)
    act(line.hotline, case, categorising("staff_conduct", actor="owner_1"))
    work(line)
    events = told(line)
    assert set(events) >= {"case.answered", "case.ended", "case.reopened", "case.owner_changed"}
    assert events["case.category_changed"]["data"]["case"]["category"] == "staff_conduct"
    for name in ("case.reopened", "case.owner_changed", "case.category_changed", "promise.kept"):
        assert parts(events[name]) == parts(SAMPLES[name]), name
    assert events["case.owner_changed"]["data"]["owner"] == {"before": "owner_1", "after": "deputy_1"}
    assert set(events["case.ended"]["data"]) == {"by", "case", "decision"}


def test_whoever_the_case_goes_to_by_whatever_way_is_told(line: Line) -> None:
    """By hand, by its kind, and since it complains about who has it."""
    an_endpoint(line, events="case.owner_changed")
    case = line.ticket(line.told_call()).case_number
    take_over(line.hotline, case, actor="deputy_1")
    give(line.hotline, case, to="owner_1", actor="deputy_1")
    act(line.hotline, case, complaining_about("owner_1", actor="supervisor_1"))
    work(line)
    messages = [json.loads(each.body)["data"] for each in sent(line)]
    owners = [(each["owner"].get("before"), each["owner"]["after"]) for each in messages]
    assert owners[:2] == [("owner_1", "deputy_1"), ("deputy_1", "owner_1")]
    assert (len(owners), owners[2][0]) == (3, "owner_1")
    assert messages[2]["case"]["owner"] == owners[2][1]


def test_a_decision_that_is_late_is_told_with_both_dates(line: Line) -> None:
    an_endpoint(line, events="decision.late")
    answer = line.told_call()
    line.settle()
    with line.work() as unit:
        term = unit.decision_terms.current_of(answer.call.ticket_id)
    assert term is not None
    assert term.due_at is not None
    line.clock.step(term.due_at - line.clock.at + timedelta(minutes=1))
    line.sweep()
    work(line)
    late = told(line)["decision.late"]
    assert parts(late) == parts(SAMPLES["decision.late"])
    dates = [datetime.fromisoformat(late["data"]["decision"][name]) for name in ("due_at", "due_next_at")]
    assert dates[0] == term.due_at < dates[1]
    assert types(line) == ["decision.late"], "told once"


def test_a_late_decision_is_told_without_its_date_where_the_words_of_the_case_went_meanwhile(line: Line) -> None:
    """The worker ended with an error at the blank line, and told nobody of that or of anything after it."""
    entry = a_history_entry(ticket_id=line.ring().call.ticket_id, verb=Verb.DECISION_LATE, after="")
    with line.work() as unit:
        event, context = WebhookEvent.DECISION_LATE, context_of(line.hotline, unit)
        body = body_of(context, entry, 1, event=event, detail=Detail.THIN)
    assert set(json.loads(body)["data"]["decision"]) == {"due_next_at"}


def test_what_goes_after_its_time_is_told_part_by_part(line: Line) -> None:
    an_endpoint(line, events="case.part_deleted,case.erased")
    answered(line)
    for days, gone in ((90, ["traces"]), (90, ["audio"]), (1000, ["words", "numbers", "texts"])):
        before = len(sent(line))
        line.step(days=days)
        erase_by_hand(line.hotline)
        work(line)
        messages = [json.loads(each.body) for each in sent(line)[before:]]
        assert [each["data"]["deleted"]["part"] for each in messages] == gone
        assert [parts(each) for each in messages] == [parts(SAMPLES["case.part_deleted"])] * len(gone)


@pytest.mark.parametrize("words", ["two matters after all", "{into}: another matter", "{own}"])
def test_a_case_that_is_joined_and_taken_out_again_is_told_as_documented(line: Line, words: str) -> None:
    """Also where the words name a case, as a line of the history does."""
    an_endpoint(line)
    own, into = (written(line.ticket(line.told_call(*caller)).case_number) for caller in (("CA1",), ("CA2", OTHER)))
    act(line.hotline, own, joining(into, words="one matter", actor="owner_1"))
    work(line)
    act(line.hotline, into, taking_out(own, words=words.format(own=own, into=into), actor="owner_1"))
    work(line)
    events = told(line)
    for name in ("case.joined", "case.taken_out"):
        assert parts(events[name]) == parts(SAMPLES[name]), name
        assert events[name]["data"]["case"]["number"] == own
    assert events["case.joined"]["data"]["case"]["joined_to"] == into
    assert types(line).count("case.taken_out") == 1, "the line of the other case tells of it, too"


@pytest.mark.parametrize("erased", ["own", "into"])
def test_a_case_that_is_taken_out_is_told_once_though_its_words_go_before_anybody_is_told(
    line: Line, erased: str
) -> None:
    """The worker was away meanwhile. By the words it was seen which of two lines is told."""
    an_endpoint(line, events="case.taken_out")
    cases = {
        name: line.ticket(line.told_call(*caller)) for name, caller in (("own", ("CA1",)), ("into", ("CA2", OTHER)))
    }
    own, into = (written(cases[name].case_number) for name in ("own", "into"))
    act(line.hotline, own, joining(into, words="one matter", actor="owner_1"))
    act(line.hotline, into, taking_out(own, words="two matters", actor="owner_1"))
    with line.work() as unit:
        unit.retention.erase(cases[erased].id, RetentionClass.WORDS, line.clock.at)
        unit.commit()
    work(line)
    assert [json.loads(each.body)["data"]["case"]["number"] for each in sent(line)] == [own]


def test_a_full_message_has_number_and_words_and_a_short_one_has_neither(line: Line) -> None:
    an_endpoint(line)
    an_endpoint(line, "bi.example.com", detail=Detail.FULL)
    answer = line.told_call()
    line.change_ticket(answer, problem="my PIN is 8558, and 85 58 again, card 4242 4242 4242 4242", pin="8558")
    work(line)
    short = " ".join(delivery.body for delivery in sent(line))
    assert not re.search(r"kettle|PIN|8558|4242|\+1202", short)
    full = json.loads(sent(line, "bi.example.com")[0].body)["data"]["case"]["complainant"]
    assert (full["number"], full["problem"]) == (CALLER, "my PIN is ****, and **** again, card [card number]")


def test_the_code_of_another_case_of_theirs_is_in_no_message(line_on_both: Line) -> None:
    line = line_on_both
    an_endpoint(line, detail=Detail.FULL)
    line.change_ticket(line.told_call("CA1"), pin="8558")
    line.change_ticket(line.told_call("CA2"), problem="my other case has the code eight five 58")
    work(line)
    told = [json.loads(delivery.body)["data"]["case"]["complainant"]["problem"] for delivery in sent(line)]
    assert told[-1] == "my other case has the code ****"


def test_a_complaint_about_somebody_of_the_staff_is_told_short_to_everybody(line: Line) -> None:
    an_endpoint(line, detail=Detail.FULL)
    line.change_ticket(line.told_call(), about_id="owner_1")
    work(line)
    assert all("complainant" not in delivery.body for delivery in sent(line))


def test_what_was_joined_into_such_a_complaint_is_told_short_too(line: Line) -> None:
    an_endpoint(line, detail=Detail.FULL)
    about, other = line.told_call("CA1"), line.told_call("CA2", OTHER)
    line.change_ticket(about, about_id="deputy_1")
    numbers = [line.ticket(each).case_number for each in (other, about)]
    act(line.hotline, numbers[0], joining(numbers[1], words="one matter", actor="owner_1"))
    work(line)
    assert "case.opened" in types(line)
    assert all("complainant" not in delivery.body for delivery in sent(line))


def test_what_happens_after_a_restore_has_no_id_of_what_was_lost() -> None:
    lost = a_history_entry(verb=Verb.TICKET_OPENED)
    new = a_history_entry(verb=Verb.TICKET_OPENED, at=lost.at + timedelta(microseconds=1))
    assert message_id(new, 7, WebhookEvent.CASE_OPENED) != message_id(lost, 7, WebhookEvent.CASE_OPENED)


def test_no_message_is_longer_than_receivers_like(line: Line) -> None:
    an_endpoint(line, detail=Detail.FULL)
    answer = line.told_call()
    for letter, owner in (("w", "deputy_1"), ("ש", "owner_1"), ("字", "deputy_1")):
        line.change_ticket(answer, problem=letter * 50_000, demand=letter * 50_000)
        give(line.hotline, line.ticket(answer).case_number, to=owner, actor="owner_1")
        work(line)
    assert max(len(delivery.body.encode()) for delivery in sent(line)) < 20_000


@pytest.mark.parametrize(("status", "event"), [("delivered", "apology.sent"), ("undelivered", "apology.failed")])
def test_what_became_of_an_apology_is_told_and_of_another_text_nothing(line: Line, status: str, event: str) -> None:
    an_endpoint(line, events="apology.sent,apology.failed")
    answer = line.told_call()
    line.settle()
    line.clock.step(line.promise(answer.call.ticket_id).window_closes_at - line.clock.at + timedelta(minutes=1))
    line.sweep()
    for text in line.texts(answer):
        if text.message_sid:
            record_receipt(line.hotline, text.message_sid, status, None)
    work(line)
    assert types(line) == [event]


def test_a_line_that_names_no_window_of_the_case_is_told_without_a_promise(line: Line) -> None:
    answer = line.told_call()
    with line.work() as unit:
        (entry,) = [each for each in unit.tickets.history(answer.call.ticket_id) if each.verb == Verb.PROMISE_MADE]
        strange = replace(entry, before="", after="2019-03-01T10:00/11:00")
        context = context_of(line.hotline, unit)
        body = body_of(context, strange, 7, event=WebhookEvent.PROMISE_MADE, detail=Detail.THIN)
    assert set(json.loads(body)["data"]) == {"by", "case"}
