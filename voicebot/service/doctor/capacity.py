"""Whether machine and account carry as many calls at once as the settings allow.

Source: measured by `voicebot bench listening`, November 2026. On two shared cores four live calls kept pace with real
time and eight did not, while a live call held 77 MB. The carrier's own limits: Twilio, usage/trials and error 10004
(twilio.md 1.9, read November 2026).
Knows: figures. Must not know: how they were found.
"""

from collections.abc import Iterator

from voicebot.service.doctor.finding import Finding, doubt, fine
from voicebot.service.ports.account import Approval, CarrierAccount
from voicebot.service.ports.installation import Machine

LIVE_CALLS_PER_CORE = 2
BYTES_PER_LIVE_CALL = 77_000_000
MEGABYTE = 1_000_000
CALLS_AT_ONCE = {Approval.NONE: 2, Approval.INDIVIDUAL: 3}
"""Of an account upgraded since February 2026 without the business profile."""


def machine(host: Machine, *, max_recognisers: int, max_calls: int) -> Iterator[Finding]:
    """Look whether cores and memory carry the live recognisers that the settings allow."""
    cores, memory = host.cores(), host.memory_bytes()
    if max_recognisers > cores * LIVE_CALLS_PER_CORE:
        yield doubt(
            f"up to {max_recognisers} callers are listened to live on {_cores(cores)}, and measured are "
            f"{LIVE_CALLS_PER_CORE} for each core: all would wait for their answers",
            cure=f"set VOICEBOT_MAX_RECOGNISERS to {cores * LIVE_CALLS_PER_CORE} (further callers are recorded), "
            "or measure your machine with `voicebot bench listening`",
        )
        return
    needed = max_recognisers * BYTES_PER_LIVE_CALL
    if memory and needed > memory:
        yield doubt(
            f"{max_recognisers} live callers need {needed // MEGABYTE} MB and {memory // MEGABYTE} MB are free",
            cure=f"set VOICEBOT_MAX_RECOGNISERS to {memory // BYTES_PER_LIVE_CALL}, or add memory",
        )
        return
    if max_calls < max_recognisers:
        yield doubt(
            f"{max_calls} calls are taken at once and {max_recognisers} could be listened to",
            cure="set VOICEBOT_MAX_CALLS above VOICEBOT_MAX_RECOGNISERS",
        )
        return
    yield fine(
        f"{max_recognisers} callers at once are listened to live on {_cores(cores)}, "
        f"up to {max_calls} are taken, the others recorded"
    )


def _cores(count: int) -> str:
    return "1 core" if count == 1 else f"{count} cores"


def calls_at_once(account: CarrierAccount, *, max_calls: int) -> Iterator[Finding]:
    """Look whether the carrier lets as many callers through. Raises: CarrierSaidNo, Unavailable."""
    approval = account.approval()
    if approval is Approval.BUSINESS:
        yield fine(f"the account's business profile is approved, so nothing at Twilio is below our {max_calls} calls")
        return
    profile = "no approved profile" if approval is Approval.NONE else "a profile approved for an individual only"
    yield doubt(
        f"the account has {profile}: if it was upgraded since February 2026 it holds {CALLS_AT_ONCE[approval]} calls "
        "at once, and further callers hear that the line is busy (error 10004)",
        cure="fill in the business profile in Twilio's console under Trust Hub and wait for its approval",
    )
