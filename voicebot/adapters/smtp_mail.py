"""Mails to staff, handed to a mail server by the standard library.

The server's own certificate is checked, and no password goes over a line that is not encrypted. Without encryption only
a server on this machine is spoken to.
Knows: SMTP. Must not know: who is told, and why.
Source: RFC 5321 4.2.1 (4yz means try again, 5yz means do not), RFC 3834 5.2 (Auto-Submitted, so that no robot answers).
"""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from voicebot.domain.staff import is_mailbox
from voicebot.errors import SettingFault, Unavailable
from voicebot.service.ports import Letter, MessageRefused

LONGEST_WAIT_S = 15.0
"""For one answer of the server, which is far below the time after which somebody else takes the message up."""
_PORTS = {"smtps": 465, "smtp": 587}
_FIRST_REFUSAL = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class MailServer:
    """Where mails are handed over."""

    host: str
    port: int
    is_tls: bool
    """From the first byte, or else by STARTTLS."""
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def is_here(self) -> bool:
        """Whether it runs on this machine."""
        with suppress(ValueError):
            return ip_address(self.host).is_loopback
        return self.host == "localhost"


def read_mail_server(url: str) -> MailServer:
    """Read `smtps://user:password@host:port`. Raises: SettingFault, which does not repeat it."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise _unusable("VOICEBOT_MAIL_URL is no address") from None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise _unusable("VOICEBOT_MAIL_URL is not understood")
    return MailServer(
        host=parts.hostname,
        port=port,
        is_tls=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


class SmtpMail:
    """Fulfils `service.ports.LetterSender`, where an address is a mailbox."""

    def __init__(self, server: MailServer, sender: str) -> None:
        """Raises: SettingFault when nobody can send as `sender`."""
        if not is_mailbox(sender):
            raise _unusable("VOICEBOT_MAIL_FROM is no mailbox")
        self._server = server
        self._sender = sender

    def send(self, address: str, letter: Letter) -> None:
        """Hand one mail over. Raises: MessageRefused, Unavailable."""
        try:
            with self._connect() as session:
                session.send_message(self._mail(address, letter))
        except smtplib.SMTPRecipientsRefused as refusal:
            code = next(iter(refusal.recipients.values()))[0]
            raise _refused(code) from None
        except smtplib.SMTPResponseException as answer:
            raise _refused(answer.smtp_code) from None
        except ssl.SSLCertVerificationError as problem:
            raise Unavailable(
                f"sending a mail: the certificate of the mail server is not valid here ({problem.verify_message}); "
                "name the server as its certificate does, or SSL_CERT_FILE with whoever made it"
            ) from None
        except (OSError, smtplib.SMTPException) as problem:
            raise Unavailable(f"sending a mail: the mail server did not take it ({type(problem).__name__})") from None

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        context = ssl.create_default_context()
        if server.is_tls:
            session: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=LONGEST_WAIT_S, context=context)
        else:
            session = smtplib.SMTP(server.host, server.port, timeout=LONGEST_WAIT_S)
        try:
            self._secure(session, context)
        except BaseException:
            session.close()
            raise
        return session

    def _secure(self, session: smtplib.SMTP, context: ssl.SSLContext) -> None:
        server = self._server
        session.ehlo()
        if not server.is_tls and session.has_extn("starttls"):
            session.starttls(context=context)
        elif not server.is_tls and (server.user or not server.is_here):
            raise Unavailable("sending a mail: the mail server offers no encryption; use smtps://, or one that does")
        if server.user:
            session.login(server.user, server.password)

    def _mail(self, address: str, letter: Letter) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._sender, address, letter.subject
        mail["Date"] = format_datetime(letter.written_at)
        mail["Message-ID"] = f"<{letter.key}@{self._sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(letter.body)
        return mail


def _refused(code: int) -> MessageRefused | Unavailable:
    """Return what an answer of the server means, where 535 is a wrong password of ours, which a person can put
    right.
    """
    if code >= _FIRST_REFUSAL and code not in (530, 535):
        return MessageRefused(f"the mail server refused it ({code})")
    return Unavailable(f"sending a mail: the mail server answered {code}")


def _unusable(found: str) -> SettingFault:
    return SettingFault(
        f"reading the settings: {found}; write VOICEBOT_MAIL_URL=smtps://user:password@mail.example.com (or smtp:// "
        "for STARTTLS, a sign like @ in the password as %40) and VOICEBOT_MAIL_FROM=hotline@example.com",
        code="mail-server",
    )
