"""The table of countries that take no texts from an ordinary number."""

import pytest

from voicebot.service.doctor.senders import SENDERS, rule_against


@pytest.mark.parametrize(
    ("country", "own_region", "is_barred"),
    [
        ("US", "US", False),
        ("LT", "US", False),
        ("KR", "US", False),
        ("RU", "US", True),
        ("HR", "HR", True),
        ("SK", "US", True),
        ("IL", "US", True),
        ("IL", "IL", False),
    ],
)
def test_sender_is_barred_where_the_country_says_so(country: str, own_region: str, is_barred: bool) -> None:
    assert (rule_against(country, own_region=own_region) is not None) == is_barred


def test_every_rule_says_why_and_what_to_do() -> None:
    assert all(rule.why and rule.cure for rule in SENDERS.values())
