"""From which sender a country can be texted by a telephone number of ours, as one table.

Only countries with a rule that surprises stand here. All others take texts from an ordinary long code.
Source: twilio.md 1.9 and Twilio's SMS guidelines by country (read November 2026).
Knows: regions. Must not know: the account, numbers.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class SenderRule:
    """What a country wants of those who text it."""

    why: str
    """What is so there, completing "texts to XX: …"."""
    cure: str
    local_number_does: bool = False
    """A number of that very country is enough."""


_NO_REPLY = "leave the country out of VOICEBOT_CALLBACK_COUNTRIES until you have such a sender"

SENDERS = {
    "RU": SenderRule(why="only names registered there are let in, and nobody can reply", cure=_NO_REPLY),
    "HR": SenderRule(why="only names are let in as senders, and nobody can reply", cure=_NO_REPLY),
    "SK": SenderRule(why="only names are let in as senders, and nobody can reply", cure=_NO_REPLY),
    "IL": SenderRule(
        why="only a local number registered there can text and be replied to",
        cure="register an Israeli number with Twilio as sender, or leave IL out of VOICEBOT_CALLBACK_COUNTRIES",
        local_number_does=True,
    ),
}
"""By ISO 3166 region. The United States are not here, since what they want is asked of the account itself."""


def rule_against(country: str, *, own_region: str) -> SenderRule | None:
    """Return the rule that keeps a number of `own_region` from texting a country, or None when nothing does."""
    rule = SENDERS.get(country)
    if rule is None or (rule.local_number_does and country == own_region):
        return None
    return rule
