"""What the use cases need from outside, as Protocols; `adapters/` fulfils them, tests fake them.

Time and definitions (`basics`), what stays (`storage`), the carrier (`carrier`), hearing and speaking (`hearing`).
Knows: domain and flow types. Must not know: who fulfils a port.
"""

from voicebot.service.ports.access import CaseAccesses
from voicebot.service.ports.basics import Clock, FlowLibrary, Ids
from voicebot.service.ports.carrier import CarrierControl, FileTooLarge, SmsBusy, SmsRefused, SmsSender, SmsUncertain
from voicebot.service.ports.cases import CaseRow, Cases, CaseWish
from voicebot.service.ports.contacts import Arrival, Contacts, RefusedContact
from voicebot.service.ports.dangers import Dangers
from voicebot.service.ports.errands import Errands, ErrandState
from voicebot.service.ports.events import CallEvents, WorkerBeats
from voicebot.service.ports.folders import Folders, HeldThere
from voicebot.service.ports.hearing import AudioStore, Places, PromptAudio, Recogniser, Recognisers, Seat, Spool
from voicebot.service.ports.numbers import (
    CarrierListing,
    CarrierNumber,
    HotlineNumbers,
    KeptNumbers,
    KeptSettings,
    ListedCall,
    ListedRecording,
    ListedText,
    NumberSettings,
    TextGroup,
)
from voicebot.service.ports.people import Staff
from voicebot.service.ports.pictures import Pictures
from voicebot.service.ports.retention import LegalHold, Retention
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
from voicebot.service.ports.vitals import Beat, Deadline, Figures, Vitals, VitalSigns

__all__ = [
    "Arrival",
    "AudioStore",
    "Beat",
    "CallEvents",
    "Calls",
    "CarrierControl",
    "CarrierListing",
    "CarrierNumber",
    "CaseAccesses",
    "CaseNumberTaken",
    "CaseRow",
    "CaseWish",
    "Cases",
    "Clock",
    "Contacts",
    "Dangers",
    "Deadline",
    "Definitions",
    "ErrandState",
    "Errands",
    "Figures",
    "FileTooLarge",
    "FlowLibrary",
    "Folders",
    "HeldThere",
    "HotlineNumbers",
    "Ids",
    "Jobs",
    "KeptNumbers",
    "KeptSettings",
    "LegalHold",
    "ListedCall",
    "ListedRecording",
    "ListedText",
    "NumberSettings",
    "Pictures",
    "Places",
    "Promises",
    "PromptAudio",
    "Recogniser",
    "Recognisers",
    "RefusedContact",
    "Retention",
    "Seat",
    "SmsBusy",
    "SmsOutbox",
    "SmsRefused",
    "SmsSender",
    "SmsUncertain",
    "Spool",
    "Staff",
    "TextGroup",
    "Tickets",
    "UnitOfWork",
    "UnitOfWorkFactory",
    "VitalSigns",
    "Vitals",
    "WorkerBeats",
]
