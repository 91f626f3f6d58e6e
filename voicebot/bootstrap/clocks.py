"""The clocks that a worker asks when its own was set. They are the carrier's, and the database's where that is another
machine.

Knows: settings, where another clock can be read. Must not know: what is believed.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.engine import make_url

from voicebot.adapters.store import SqlVitals, is_on_this_machine, open_reader
from voicebot.adapters.twilio_rest import TwilioAccountReader
from voicebot.bootstrap.wiring import twilio_account
from voicebot.config import Settings
from voicebot.errors import Unavailable
from voicebot.service.background.clock_watch import Witness
from voicebot.service.ports.account import CarrierSaidNo


def clock_witnesses(settings: Settings) -> Sequence[Witness]:
    """Return what tells the time elsewhere, the carrier first, because nobody who sets our clock sets its clock,
    too.
    """
    account = twilio_account(settings)
    carrier = [] if account is None else [_carrier_time(TwilioAccountReader(account))]
    return (*carrier, *_database_time(settings))


def _carrier_time(reader: TwilioAccountReader) -> Witness:
    def tell() -> datetime | None:
        try:
            return reader.account().carrier_time
        except (CarrierSaidNo, Unavailable):
            return None

    return tell


def _database_time(settings: Settings) -> Sequence[Witness]:
    url = settings.resolved_database_url()
    if is_on_this_machine(make_url(url)):
        return ()
    vitals = SqlVitals(open_reader(url))

    def tell() -> datetime | None:
        try:
            return vitals.database_time()
        except Unavailable:
            return None

    return (tell,)
