"""What the use cases need from outside, as Protocols. `adapters` fulfils them, tests fake them.

- Time, chance and definitions are in `basics`.
- Storage: `unit_of_work` is one transaction over the repositories `call`, `ticket`, `promise`, `decision_term`,
  `case_task`, `case_field`, `lead_case`, `sms`, `picture`, `staff`, `staff_call`, `staff_message`, `api_token`,
  `notice`, `access`, `presence`, `adjustment`, `contacts`, `customer`, `limits`, `events`, `folders`, `schedule`,
  `retention`, `rota`, `review` and `watch`.
  `case_list` reads a page of cases, `lanes` what is to be done now, `search` what cases hold in words, `ending_figures`
  how cases ended, `figures` how promises are kept, `vitals` how the hotline is, `morning` what a morning list is made
  of. `calendar_feed` has the feeds of the rota and the way to them, `second_factor` keys of logins and what seals
  them.
- Other systems are told by `webhook`. `person` is everything of one telephone number.
- The carrier: `carrier` sends texts and controls calls, `staff_call` rings people, `numbers` sets our number and lists
  what the carrier keeps, `account` is what the account may do.
- Hearing and speaking are in `hearing`.
- Where the hotline runs is in `installation`.

Knows: domain and flow types. Must not know: who fulfils a port.
"""

from voicebot.service.ports.access import CaseAccesses
from voicebot.service.ports.adjustment import Adjustments
from voicebot.service.ports.api_token import ApiTokens, KeyedRequest
from voicebot.service.ports.basics import Clock, FlowLibrary, Ids, Stretch
from voicebot.service.ports.calendar_feed import CalendarFeeds, CalendarSource
from voicebot.service.ports.call import CallQuery, Calls
from voicebot.service.ports.carrier import CarrierControl, FileTooLarge
from voicebot.service.ports.case_field import CaseFields
from voicebot.service.ports.case_list import CaseLine, CaseQuery, Cases
from voicebot.service.ports.case_task import CaseTasks
from voicebot.service.ports.contacts import Arrival, Contacts, RefusedContact
from voicebot.service.ports.customer import Customers, CustomerSource, ImportedCustomer
from voicebot.service.ports.decision_term import DecisionTerms
from voicebot.service.ports.ending_figures import EndingLine
from voicebot.service.ports.events import CallEvents, WorkerBeats
from voicebot.service.ports.figures import FigureBook, FigureLine, GroupBy, LoadLine, Period
from voicebot.service.ports.folders import Folders, HeldThere
from voicebot.service.ports.hearing import (
    AudioStore,
    Places,
    PromptAudio,
    Recogniser,
    Recognisers,
    Seat,
    SecondEar,
    Spool,
)
from voicebot.service.ports.lanes import DayEntry, Lane, LaneCase, LaneQuery, Lanes
from voicebot.service.ports.lead_case import LeadCases
from voicebot.service.ports.limits import Limits
from voicebot.service.ports.morning import MissedCall, MorningBook, PromisedCall, Untold, WaitingCase, WaitingDecisions
from voicebot.service.ports.notice import Notices
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
from voicebot.service.ports.person import Persons
from voicebot.service.ports.picture import Pictures
from voicebot.service.ports.presence import Presences
from voicebot.service.ports.promise import Promises
from voicebot.service.ports.retention import LegalHold, Retention
from voicebot.service.ports.review import Reviews
from voicebot.service.ports.rota import RotaBook
from voicebot.service.ports.schedule import ScheduledTasks, TaskState
from voicebot.service.ports.search import CaseSearch, FoundCase, Piece, PieceKind
from voicebot.service.ports.second_factor import Seal, SecondFactors
from voicebot.service.ports.sms import SmsBusy, SmsOutbox, SmsRefused, SmsSender, SmsUncertain
from voicebot.service.ports.staff import Staff
from voicebot.service.ports.staff_call import CallBusy, CallPlacer, CallRefused, CallUncertain, StaffCalls
from voicebot.service.ports.staff_message import Letter, LetterSender, MessageRefused, StaffOutbox
from voicebot.service.ports.ticket import CaseNumberTaken, Tickets
from voicebot.service.ports.unit_of_work import Definitions, Jobs, UnitOfWork, UnitOfWorkFactory
from voicebot.service.ports.vitals import Beat, Deadline, Figures, Vitals, VitalSigns
from voicebot.service.ports.watch import WatchBook
from voicebot.service.ports.webhook import NewSecret, Webhooks, WebhookSender

__all__ = [
    "Adjustments",
    "ApiTokens",
    "Arrival",
    "AudioStore",
    "Beat",
    "CalendarFeeds",
    "CalendarSource",
    "CallBusy",
    "CallEvents",
    "CallPlacer",
    "CallQuery",
    "CallRefused",
    "CallUncertain",
    "Calls",
    "CarrierControl",
    "CarrierListing",
    "CarrierNumber",
    "CaseAccesses",
    "CaseFields",
    "CaseLine",
    "CaseNumberTaken",
    "CaseQuery",
    "CaseSearch",
    "CaseTasks",
    "Cases",
    "Clock",
    "Contacts",
    "CustomerSource",
    "Customers",
    "DayEntry",
    "Deadline",
    "DecisionTerms",
    "Definitions",
    "EndingLine",
    "FigureBook",
    "FigureLine",
    "Figures",
    "FileTooLarge",
    "FlowLibrary",
    "Folders",
    "FoundCase",
    "GroupBy",
    "HeldThere",
    "HotlineNumbers",
    "Ids",
    "ImportedCustomer",
    "Jobs",
    "KeptNumbers",
    "KeptSettings",
    "KeyedRequest",
    "Lane",
    "LaneCase",
    "LaneQuery",
    "Lanes",
    "LeadCases",
    "LegalHold",
    "Letter",
    "LetterSender",
    "Limits",
    "ListedCall",
    "ListedRecording",
    "ListedText",
    "LoadLine",
    "MessageRefused",
    "MissedCall",
    "MorningBook",
    "NewSecret",
    "Notices",
    "NumberSettings",
    "Period",
    "Persons",
    "Pictures",
    "Piece",
    "PieceKind",
    "Places",
    "Presences",
    "PromisedCall",
    "Promises",
    "PromptAudio",
    "Recogniser",
    "Recognisers",
    "RefusedContact",
    "Retention",
    "Reviews",
    "RotaBook",
    "ScheduledTasks",
    "Seal",
    "Seat",
    "SecondEar",
    "SecondFactors",
    "SmsBusy",
    "SmsOutbox",
    "SmsRefused",
    "SmsSender",
    "SmsUncertain",
    "Spool",
    "Staff",
    "StaffCalls",
    "StaffOutbox",
    "Stretch",
    "TaskState",
    "TextGroup",
    "Tickets",
    "UnitOfWork",
    "UnitOfWorkFactory",
    "Untold",
    "VitalSigns",
    "Vitals",
    "WaitingCase",
    "WaitingDecisions",
    "WatchBook",
    "WebhookSender",
    "Webhooks",
    "WorkerBeats",
]
