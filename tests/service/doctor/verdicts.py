"""What the tests of the doctor say about findings."""

from collections.abc import Iterable

from voicebot.service.doctor.finding import Finding, Verdict

FINE, DOUBT, BROKEN = Verdict.FINE, Verdict.DOUBT, Verdict.BROKEN


def verdicts(findings: Iterable[Finding]) -> list[Verdict]:
    """Return only how bad each is."""
    return [finding.verdict for finding in findings]


def only(findings: Iterable[Finding]) -> tuple[Verdict, str]:
    """Return the one finding as verdict and its words, cure included."""
    (finding,) = findings
    return finding.verdict, f"{finding.found} → {finding.cure}" if finding.cure else finding.found
