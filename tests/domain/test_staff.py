"""Staff as the policy names them."""

import pytest
from pydantic import ValidationError

from voicebot.domain.staff import StaffMember


def test_somebody_without_a_phone_is_still_somebody() -> None:
    member = StaffMember(id="owner_1", name="Olive", role="handler")
    assert (member.phone, member.spoken_role) == ("", "")


def test_a_fact_that_nobody_reads_is_refused() -> None:
    with pytest.raises(ValidationError):
        StaffMember(id="owner_1", name="Olive", role="handler", salary="none")  # type: ignore[call-arg]
