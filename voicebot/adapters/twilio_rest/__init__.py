"""Twilio's REST API through its own client: `client` makes it, `carrier` sends texts and fetches recordings with it,
`numbers` sets the number, `listing` lists calls and recordings, `account` reads what the account may.
"""

from voicebot.adapters.twilio_rest.account import TwilioAccountReader
from voicebot.adapters.twilio_rest.carrier import TwilioRest
from voicebot.adapters.twilio_rest.client import TwilioAccount
from voicebot.adapters.twilio_rest.listing import TwilioListing
from voicebot.adapters.twilio_rest.numbers import TwilioNumbers

__all__ = ["TwilioAccount", "TwilioAccountReader", "TwilioListing", "TwilioNumbers", "TwilioRest"]
