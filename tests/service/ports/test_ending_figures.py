"""What counts as an end of a complaint, and what as solved."""

from voicebot.domain.ticket import CloseReason
from voicebot.service.ports.ending_figures import CLOSINGS, EndingLine


def test_an_alarm_of_our_own_is_no_complaint_that_ended() -> None:
    assert set(CloseReason) - set(CLOSINGS) == {CloseReason.HOUSE}


def test_only_their_own_word_is_solved() -> None:
    line = EndingLine(agreed=1, waited=4, not_reached=2, no_decision=2, withdrawn=1, silence=7, praise=1)
    assert (line.closed, line.no_complaint, line.solved_share) == (10, 8, 0.1)
    assert EndingLine(silence=3).solved_share is None
