"""What was agreed with whoever has the number, and the form by which it is kept or deleted.

Knows: a case's view. Must not know: how a page looks, routes.
"""

from dataclasses import dataclass

from voicebot.domain.adjustment import LONGEST_CONSENT, LONGEST_DETAIL, AdjustmentKind
from voicebot.domain.case_field import FieldName, said_value
from voicebot.domain.instants import Instants
from voicebot.service.queries.case_view import CaseView


@dataclass(frozen=True, kw_only=True, slots=True)
class AdjustmentRow:
    """One adjustment that stands."""

    kind: str
    number: str
    said: str
    kept: str
    """Who said yes to it and when, and who wrote it down."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AdjustmentPanel:
    """All that stand, and what can be kept."""

    rows: tuple[AdjustmentRow, ...]
    kinds: tuple[tuple[str, str], ...]
    """Each kind with what it says."""
    has_number: bool
    longest_detail: int = LONGEST_DETAIL
    longest_consent: int = LONGEST_CONSENT


def adjustment_panel(view: CaseView, instants: Instants) -> AdjustmentPanel:
    """Return the panel."""
    return AdjustmentPanel(
        rows=tuple(
            AdjustmentRow(
                kind=each.kind,
                number=each.number,
                said=each.said,
                kept=f"{each.consent_by} said yes on {said_value(FieldName.CONTRACT_DATE, each.consent_on)}; written "
                f"down by {view.names.get(each.recorded_by, each.recorded_by)}, {instants.said(each.recorded_at)}",
            )
            for each in view.customer.adjustments
        ),
        kinds=tuple((kind.value, kind.said) for kind in AdjustmentKind),
        has_number=view.ticket.complainant_number is not None,
    )
