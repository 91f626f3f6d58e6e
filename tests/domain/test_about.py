"""Who may see a case that complains about one of the staff."""

from tests.builders import a_ticket
from voicebot.domain.about import THE_MACHINE, barred, may_see


def test_everybody_sees_a_case_but_whom_it_is_about() -> None:
    about = a_ticket(about_id="owner_1")
    assert [may_see(about, reader) for reader in ("owner_1", "owner_2", THE_MACHINE)] == [False, True, True]
    assert barred(about) == {"owner_1"}


def test_a_case_about_nobody_is_everybodys() -> None:
    assert all(may_see(a_ticket(), reader) for reader in ("owner_1", THE_MACHINE))
    assert not barred(a_ticket())
