"""Windows are listed by number, and chosen by it."""

import pytest

from tests.cli.test_ticket import begins_at
from tests.service.lines import Line
from voicebot.cli.ticket_windows import chosen_window, list_windows
from voicebot.errors import Refused

__all__ = ["begins_at"]


def test_the_number_of_the_list_chooses_the_window(line: Line, capsys: pytest.CaptureFixture[str]) -> None:
    case = line.ticket(line.told_call()).case_number
    list_windows(line.hotline, case)
    assert capsys.readouterr().out.startswith("1: Wed 18 Nov 2026, 14:00 EST - ")
    assert chosen_window(line.hotline, case, 1) < chosen_window(line.hotline, case, 2)
    with pytest.raises(Refused, match="no window 0"):
        chosen_window(line.hotline, case, 0)
