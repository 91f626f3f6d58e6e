"""What the use cases need from outside, as Protocols; `adapters/` fulfils them, tests fake them.

Time and definitions (`basics`), what stays (`storage`), the carrier (`carrier`), hearing and speaking (`hearing`).
Knows: domain and flow types. Must not know: who fulfils a port.
"""

from voicebot.service.ports.basics import Clock, FlowLibrary, Ids
from voicebot.service.ports.carrier import CarrierControl, SmsBusy, SmsRefused, SmsSender, SmsUncertain
from voicebot.service.ports.hearing import AudioStore, PromptAudio, Recogniser, Recognisers, Spool
from voicebot.service.ports.storage import (
    Calls,
    CaseNumberTaken,
    Definitions,
    Jobs,
    Promises,
    SmsOutbox,
    Tickets,
    UnitOfWork,
    UnitOfWorkFactory,
)

__all__ = [
    "AudioStore",
    "Calls",
    "CarrierControl",
    "CaseNumberTaken",
    "Clock",
    "Definitions",
    "FlowLibrary",
    "Ids",
    "Jobs",
    "Promises",
    "PromptAudio",
    "Recogniser",
    "Recognisers",
    "SmsBusy",
    "SmsOutbox",
    "SmsRefused",
    "SmsSender",
    "SmsUncertain",
    "Spool",
    "Tickets",
    "UnitOfWork",
    "UnitOfWorkFactory",
]
