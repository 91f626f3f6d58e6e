"""Twilio's REST API through its own client: `client` makes it, `carrier` sends texts and fetches recordings with it."""

from voicebot.adapters.twilio_rest.carrier import TwilioRest
from voicebot.adapters.twilio_rest.client import TwilioAccount

__all__ = ["TwilioAccount", "TwilioRest"]
