"""Numbers of payment cards are overwritten in every row of a case, on both databases."""

import json
from collections.abc import Callable

from tests.builders import a_call, a_history_entry, a_promise, a_ticket, a_turn, an_answer, an_sms
from tests.case_fields import a_field_entry
from tests.reviews import a_review_entry
from voicebot.adapters.store import SqlUnitOfWork

Maker = Callable[[], SqlUnitOfWork]
TOLD, LEFT = "card 4242 4242 4242 4242, code 4071, born 3 May 1980", "card [card number], code 4071, born 3 May 1980"


def fill(unit_of_work: Maker, name: str, number: str) -> None:
    """Keep a case in which everything tells a card's number."""
    with unit_of_work() as work:
        work.tickets.add(a_ticket(id=name, case_number=number, problem=TOLD, demand=TOLD))
        work.calls.add(a_call(id=name, ticket_id=name, carrier_call_id=name))
        work.calls.add_turn(a_turn(call_id=name, event=json.dumps({"utterance": {"text": TOLD}})))
        work.tickets.add_answer(an_answer(id=name, call_id=name, ticket_id=name, text=TOLD))
        work.tickets.note(a_history_entry(ticket_id=name, verb="note_written", after=TOLD))
        work.fields.add(a_field_entry(id=name, ticket_id=name, value=TOLD))
        work.reviews.add(a_review_entry(id=name, ticket_id=name, answer_id=name, text=TOLD, why=TOLD))
        work.promises.add(a_promise(id=name, ticket_id=name, words=TOLD))
        work.sms.add(an_sms(id=name, ticket_id=name, purpose=f"call_end:{name}", body=TOLD))
        work.commit()


def told(unit_of_work: Maker, name: str) -> set[str]:
    """Return all that is told in a case."""
    with unit_of_work() as work:
        ticket, answer = work.tickets.get(name), work.tickets.answer(name)
        assert ticket is not None
        assert answer is not None
        (review,), (promise,) = work.reviews.of_ticket(name), work.promises.of_ticket(name)
        found = [ticket.problem, ticket.demand, answer.text, review.text, review.why, promise.words]
        found += [entry.after for entry in work.tickets.history(name)] + [sms.body for sms in work.sms.of_ticket(name)]
        found += [entry.value for entry in work.fields.of_ticket(name)]
        found += [json.loads(turn.event)["utterance"]["text"] for turn in work.calls.turns(name)]
        return set(found)


def test_every_row_of_the_case_is_overwritten_and_no_other(unit_of_work: Maker) -> None:
    fill(unit_of_work, "one", "123456789")
    fill(unit_of_work, "two", "223456789")
    with unit_of_work() as work:
        assert work.retention.with_cards(5) == ["one", "two"]
        assert work.retention.with_cards(1) == ["one"]
        assert work.retention.destroy_cards("one") == 8
        work.commit()
    assert told(unit_of_work, "one") == {LEFT}
    assert told(unit_of_work, "two") == {TOLD}
    with unit_of_work() as work:
        assert work.retention.with_cards(5) == ["two"]
        assert work.retention.destroy_cards("one") == 0
