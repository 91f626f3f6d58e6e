"""Twilio's REST API, through Twilio's own client.

`client` makes the client, with a limit on each wait. `carrier` sends texts, redirects calls and fetches recordings, and
`download` fetches the bytes. `calls` rings people. `numbers` reads and changes the settings of our number. `listing`
lists calls, texts and recordings. `account` reads what the account may do.

Knows: the `twilio` package, the carrier's ports. Must not know: who asks, and why.
"""

from voicebot.adapters.twilio_rest.account import TwilioAccountReader
from voicebot.adapters.twilio_rest.calls import TwilioCalls
from voicebot.adapters.twilio_rest.carrier import TwilioRest
from voicebot.adapters.twilio_rest.client import TwilioAccount
from voicebot.adapters.twilio_rest.listing import TwilioListing
from voicebot.adapters.twilio_rest.numbers import TwilioNumbers

__all__ = ["TwilioAccount", "TwilioAccountReader", "TwilioCalls", "TwilioListing", "TwilioNumbers", "TwilioRest"]
