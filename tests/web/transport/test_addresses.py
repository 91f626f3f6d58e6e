"""What an address counts as."""

import pytest

from voicebot.web.transport.addresses import UNKNOWN, Origin, origin_of


@pytest.mark.parametrize(
    ("written", "sizes"),
    [
        ("198.51.100.7", ("198.51.100.7/32", "198.51.100.0/24", "198.51.0.0/16")),
        ("::ffff:198.51.100.7", ("198.51.100.7/32", "198.51.100.0/24", "198.51.0.0/16")),
        ("2001:db8:1:2::3", ("2001:db8:1:2::/64", "2001:db8:1::/48", "2001:db8::/32")),
        ("fe80::1%eth0", ("fe80::/64", "fe80::/48", "fe80::/32")),
        ("", (UNKNOWN,) * 3),
        ("not an address", (UNKNOWN,) * 3),
    ],
)
def test_an_address_has_three_sizes(written: str, sizes: tuple[str, str, str]) -> None:
    assert origin_of(written) == Origin(address=sizes[0], network=sizes[1], block=sizes[2])
