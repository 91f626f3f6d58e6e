"""Chat and push by Apprise. It takes one address for a person or a team, in the form that its service has there.

An address is a secret, because whoever has it can post. It stays in here. Apprise's own log is silenced, since it names
them.
Knows: the package apprise. Must not know: who is told, and why.
Source: Apprise 2.3, tried November 2026 (`add` answers False to what it does not know; `notify` False, without a
reason, to what a service did not take; connect and read time out after four seconds each).
"""

import logging
import warnings
from collections.abc import Mapping

from apprise import Apprise, NotifyFormat

from voicebot.errors import SettingFault, Unavailable
from voicebot.service.ports import Letter

_OF_THIS_MACHINE = ("dbus", "file", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows")
"""Schemes that show a notice on the screen of this machine, or write it to its disk, because nobody looks there."""


class AppriseChat:
    """Fulfils `service.ports.LetterSender`, where an address is the name that the setting gives it."""

    def __init__(self, urls: Mapping[str, str], *, setting: str = "VOICEBOT_CHAT_URLS") -> None:
        """Raises: SettingFault, which names the entry and the setting, and not its address."""
        logging.getLogger("apprise").disabled = True
        with warnings.catch_warnings():
            # With its first address Apprise loads all its services, and one of them a module that Python 3.13 drops.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._chats = {name: _chat(name, url, setting) for name, url in urls.items()}

    @property
    def names(self) -> frozenset[str]:
        """The chats there are."""
        return frozenset(self._chats)

    def send(self, address: str, letter: Letter) -> None:
        """Post once. Raises: Unavailable. Apprise does not say why."""
        told = self._chats[address].notify(title=letter.subject, body=letter.body, body_format=NotifyFormat.TEXT)
        if not told:
            raise Unavailable(f"posting to the chat {address}: its service did not take the message")


def _chat(name: str, url: str, setting: str) -> Apprise:
    chat = Apprise()
    if url.partition("://")[0].lower() in _OF_THIS_MACHINE or not chat.add(url):
        raise SettingFault(
            f"reading the settings: Apprise does not know the address of {name} in {setting}; its pages say "
            "how each service is written, such as slack://TokenA/TokenB/TokenC or ntfys://ntfy.sh/our-topic",
            code="chat-address",
        )
    return chat
