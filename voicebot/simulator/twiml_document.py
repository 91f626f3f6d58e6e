"""TwiML as the carrier reads it, with size, well-formedness, and which verb may carry which attribute and child.

Source: Twilio, voice/twiml and the pages of its verbs; errors 11750, 12100, 12200, 12300.
Knows: the language. Must not know: calls. Written apart from any TwiML builder of ours.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from voicebot.simulator.courier import MAX_TWIML_BYTES

_XML_TYPES = {"text/xml", "application/xml"}


class TwimlFault(Exception):
    """The document or one of its verbs cannot be executed, where `code` is Twilio's error number."""

    def __init__(self, code: int, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail


class NotYetSupported(Exception):
    """Right TwiML that the pretend carrier does not play yet, which is a fault of the simulator, not of the hotline."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One element of a document."""

    name: str
    attributes: Mapping[str, str]
    text: str
    children: tuple["Verb", ...]

    def whole(self, name: str, default: int, *, least: int = 0, most: int = 1_000_000) -> int:
        """Return an attribute that is a whole number. Raises: TwimlFault 12200."""
        value = self.attributes.get(name, str(default))
        if not re.fullmatch(r"\d+", value) or not least <= int(value) <= most:
            raise TwimlFault(12200, f'<{self.name} {name}="{value}">: not a whole number from {least} to {most}')
        return int(value)

    def is_on(self, name: str, *, default: bool) -> bool:
        """Return an attribute that is true or false. Raises: TwimlFault 12200."""
        value = self.attributes.get(name, str(default)).lower()
        if value not in {"true", "false"}:
            raise TwimlFault(12200, f'<{self.name} {name}="{value}">: neither true nor false')
        return value == "true"

    def method(self, name: str = "method") -> str:
        """Return an attribute that is an HTTP method. Raises: TwimlFault 12200."""
        value = self.attributes.get(name, "POST").upper()
        if value not in {"GET", "POST"}:
            raise TwimlFault(12200, f'<{self.name} {name}="{value}">: neither GET nor POST')
        return value


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ATTRIBUTES: dict[str, frozenset[str]] = {
    "Response": frozenset(),
    "Say": frozenset({"voice", "language", "loop"}),
    "Play": frozenset({"loop", "digits"}),
    "Pause": frozenset({"length"}),
    "Hangup": frozenset(),
    "Reject": frozenset({"reason"}),
    "Redirect": frozenset({"method"}),
    "Gather": _names(
        "action method timeout finishOnKey numDigits actionOnEmptyResult input language hints speechTimeout "
        "speechModel enhanced profanityFilter partialResultCallback partialResultCallbackMethod "
        "bargeIn debug"
    ),
    "Record": _names(
        "action method timeout finishOnKey maxLength playBeep trim recordingStatusCallback "
        "recordingStatusCallbackMethod recordingStatusCallbackEvent transcribe transcribeCallback"
    ),
    "Connect": frozenset({"action", "method"}),
    "Dial": _names(
        "action method timeout timeLimit callerId answerOnBridge hangupOnStar ringTone sequential callReason"
    ),
    "Number": _names(
        "url method sendDigits statusCallback statusCallbackMethod statusCallbackEvent machineDetection "
        "machineDetectionTimeout machineDetectionSpeechThreshold machineDetectionSpeechEndThreshold "
        "machineDetectionSilenceTimeout amdStatusCallback amdStatusCallbackMethod"
    ),
    "Stream": frozenset({"url", "name", "track", "statusCallback", "statusCallbackMethod"}),
    "Parameter": frozenset({"name", "value"}),
}
_CHILDREN: dict[str, frozenset[str]] = {
    "Response": _names("Say Play Pause Hangup Reject Redirect Gather Record Connect Dial"),
    "Dial": frozenset({"Number"}),
    "Gather": frozenset({"Say", "Play", "Pause"}),
    "Connect": frozenset({"Stream"}),
    "Stream": frozenset({"Parameter"}),
}
_LATER = _names(
    "Start Stop Enqueue Leave Sms Message Pay Prompt Refer Siprec Transcription Recording Conference Client Sip Queue"
)


def read_document(body: bytes, content_type: str, *, is_strict: bool = True) -> tuple[Verb, ...]:
    """Return the verbs of a voice document.

    With `is_strict` off, what breaks the schema is skipped instead, as Twilio does after warning 12200.
    Raises: TwimlFault 11750 (over 64 KB), 12300 (content type), 12100 (no XML), 12200 (schema). NotYetSupported (a verb
    that the simulator cannot play).
    """
    if len(body) > MAX_TWIML_BYTES:
        raise TwimlFault(11750, f"the document has {len(body)} bytes, more than 64 KB")
    if content_type not in _XML_TYPES:
        raise TwimlFault(12300, f"content type {content_type or 'missing'} is not text/xml")
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        raise TwimlFault(12100, f"not well-formed XML ({error})") from error
    if root.tag != "Response":
        raise TwimlFault(12100, f"the root element is <{root.tag}>, not <Response>")
    return _verb(root, is_strict=is_strict).children


def _verb(element: ElementTree.Element, *, is_strict: bool) -> Verb:
    allowed = _ATTRIBUTES[element.tag]
    odd = sorted(set(element.attrib) - allowed)
    if odd and is_strict:
        raise TwimlFault(12200, f"<{element.tag}> has no attribute {', '.join(odd)}")
    attributes = {name: value for name, value in element.attrib.items() if name in allowed}
    if element.tag == "Say":
        return Verb("Say", attributes, " ".join("".join(element.itertext()).split()), ())
    children = tuple(
        _verb(child, is_strict=is_strict) for child in element if _belongs(child.tag, element.tag, is_strict=is_strict)
    )
    return Verb(element.tag, attributes, (element.text or "").strip(), children)


def _belongs(name: str, parent: str, *, is_strict: bool) -> bool:
    if name in _CHILDREN.get(parent, frozenset()):
        return True
    if name in _LATER:
        raise NotYetSupported(f"the pretend carrier does not play <{name}> yet")
    if is_strict:
        raise TwimlFault(12200, f"<{name}> does not belong into <{parent}>")
    return False
