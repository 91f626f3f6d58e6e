"""The few ways in which something can go wrong, by who must act.

Knows: nothing of ours.
Must not know: HTTP, TwiML, the database, because the roof translates them once (`web/resilience/faults.py`,
`cli/__init__.py`).

What a caller does is never an error, and a broken invariant is an `AssertionError`, so neither has a class here.
"""


class VoicebotError(Exception):
    """Root of all our errors.

    `code` is stable and documented in `docs/errors.md`, while the message says what was being done, what was found,
    what would put it right and where. No phone number and no words of a caller go into it.
    """

    code = "voicebot"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class FlowFault(VoicebotError):
    """The author of a flow or policy must act, and the message carries `file:line` and the cure."""

    code = "flow"


class SettingFault(VoicebotError):
    """Whoever deployed us must act, because a setting, a folder, a model or a credential is wrong or missing."""

    code = "setting"


class CarrierFault(VoicebotError):
    """The carrier sent something that its own documentation rules out, so log it and answer safely."""

    code = "carrier"


class Refused(VoicebotError):
    """A member of staff asked for something impossible, and the message says why, in their words."""

    code = "refused"


class Unavailable(VoicebotError):
    """An outside service did not do its part, and trying again later may help."""

    code = "unavailable"
