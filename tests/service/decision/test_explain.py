"""Staff say why a decision takes longer, and the next letter says it to the complainant."""

import pytest

from tests.builders import at
from tests.service.decision.deciding import DUE, called_case, pass_until, texts
from tests.service.lines import CALLER, Line
from voicebot.domain.ticket import CloseReason, Ticket
from voicebot.errors import Refused
from voicebot.service.decision.explain import explaining
from voicebot.service.staff.decision import act
from voicebot.service.ticket.ending import closing


def explain(line: Line, case: Ticket, why: str) -> bool:
    """Write down why it takes longer."""
    return act(line.hotline, case.case_number, explaining(why, actor="owner_1"))


def test_the_letter_says_what_the_owner_wrote_down_last(line: Line) -> None:
    case = called_case(line)
    explain(line, case, "We are busy")
    explain(line, case, "  The workshop\n still has it ")
    pass_until(line, DUE)
    assert "We are sorry. The workshop still has it. New date:" in line.sender.to(CALLER)[-1]


def test_a_reason_holds_for_one_letter_and_the_next_says_honestly_that_there_is_nothing(line: Line) -> None:
    case = called_case(line)
    explain(line, case, "The workshop still has it!")
    pass_until(line, at("Wednesday 9 December 2026 18:00:00"))
    first, second = texts(line, case, "sms_decision_late")
    assert "The workshop still has it! New date:" in first.body
    assert "There is still no decision. New date:" in second.body


def test_without_a_reason_the_first_letter_says_that_we_need_longer(line: Line) -> None:
    called_case(line)
    pass_until(line, DUE)
    assert "We are sorry. We need longer. New date:" in line.sender.to(CALLER)[-1]


@pytest.mark.parametrize(
    ("why", "code"), [("  ", "delay-wordless"), ("w" * 81, "delay-long"), ("Your Complaint waits", "delay-telling")]
)
def test_words_that_cannot_be_sent_are_refused_and_nothing_is_kept(line: Line, why: str, code: str) -> None:
    case = called_case(line)
    with pytest.raises(Refused) as refused:
        explain(line, case, why)
    assert refused.value.code == code
    assert "delay_explained" not in line.verbs(case.id)


def test_nothing_is_explained_when_nothing_is_to_be_decided(line: Line) -> None:
    case = called_case(line)
    act(line.hotline, case.case_number, closing(reason=CloseReason.AGREED, words="settled", actor="owner_1"))
    with pytest.raises(Refused) as refused:
        explain(line, case, "The workshop has it")
    assert refused.value.code == "case-over"
