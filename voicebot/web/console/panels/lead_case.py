"""How a case stands among many on one cause: whom it follows, who follows it, what all of them were told.

Knows: a case's view, instants. Must not know: how a page looks, routes.
"""

from dataclasses import dataclass

from voicebot.domain.instants import Instants
from voicebot.domain.lead_case import LONGEST_UPDATE
from voicebot.service.queries.case_view import CaseView


@dataclass(frozen=True, kw_only=True, slots=True)
class LeadPanel:
    """One of the two, for no lead follows another."""

    lead: str
    """Number of the lead case. Empty when the case follows none."""
    followers: tuple[str, ...]
    """Numbers of the cases that follow this one."""
    updates: tuple[tuple[str, str], ...]
    """What all of them were told, newest first, each with when and how many were told by now."""
    longest: int = LONGEST_UPDATE


def lead_panel(view: CaseView, instants: Instants) -> LeadPanel:
    """Return the panel."""
    return LeadPanel(
        lead=view.lead.lead,
        followers=tuple(number for number, _following in view.lead.followers),
        updates=tuple(
            (update.words or "(erased)", f"{instants.said(update.at)}, {told} of {of} told")
            for update, told, of in view.lead.updates
        ),
    )
