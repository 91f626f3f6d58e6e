"""Mails to staff, handed to a real mail server: a process of its own that keeps what it takes."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import cast

import pytest

from tests.builders import MONDAY_TEN
from voicebot.adapters.smtp_mail import SmtpMail, read_mail_server
from voicebot.errors import SettingFault, Unavailable
from voicebot.service.ports import Letter, MessageRefused

LETTER = Letter(key="message-1", subject="Harbour: case 482-913-756", body="Please ring now: ž", written_at=MONDAY_TEN)
SENDER = "hotline@harbour.example"
REFUSER = """
from aiosmtpd.handlers import Sink

class Refuser(Sink):
    async def handle_RCPT(self, server, session, envelope, address, options):
        return {"nobody@harbour.example": "550 no such mailbox", "later@harbour.example": "451 try later"}.get(
            address, "250 OK"
        ) if not envelope.rcpt_tos.append(address) else ""
"""

GUARDED = """
from pathlib import Path
from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import AuthResult

class Guarded(Mailbox):
    async def auth_PLAIN(self, server, args):
        Path("logins").touch()
        import base64
        _, user, password = base64.b64decode(args[1]).split(bytes(1))
        server.session.login = user.decode()
        return AuthResult(success=password == b"s/cret", handled=False)

    async def handle_DATA(self, server, session, envelope):
        envelope.content = b"X-Was-Secure: %s\\r\\nX-Login: %s\\r\\n%s" % (
            str(bool(session.ssl) or bool(server.transport.get_extra_info("ssl_object"))).encode(),
            getattr(session, "login", "nobody").encode(),
            envelope.content,
        )
        return await super().handle_DATA(server, session, envelope)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Start mail servers; each returns its address."""
    running: list[subprocess.Popen[bytes]] = []

    def start(*handler: str, options: tuple[str, ...] = ()) -> str:
        port = free_port()
        listen = ("-n", "-l", f"127.0.0.1:{port}", *options)
        command = [sys.executable, "-W", "ignore", "-m", "aiosmtpd", *listen, "-c", *handler]
        running.append(subprocess.Popen(command, cwd=tmp_path))
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return f"smtp://127.0.0.1:{port}"
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the mail server does not listen")

    yield start
    for process in running:
        process.terminate()
        process.wait()


def mails_in(mailbox: Path) -> list[EmailMessage]:
    kept = sorted((mailbox / "new").iterdir())
    return [cast(EmailMessage, message_from_bytes(path.read_bytes(), policy=policy.default)) for path in kept]


def test_a_mail_arrives_with_its_words_and_one_id_for_ever(serve: Callable[..., str], tmp_path: Path) -> None:
    url = serve("aiosmtpd.handlers.Mailbox", str(tmp_path / "box"))
    mail = SmtpMail(read_mail_server(url), SENDER)
    for _ in range(2):
        mail.send("anna@harbour.example", LETTER)
    first, second = mails_in(tmp_path / "box")
    assert (first["From"], first["To"], first["Subject"]) == (SENDER, "anna@harbour.example", LETTER.subject)
    assert first.get_content().strip() == "Please ring now: ž"
    assert first["Message-ID"] == second["Message-ID"] == "<message-1@harbour.example>"
    assert first["Auto-Submitted"] == "auto-generated"


def test_what_is_refused_for_good_differs_from_what_may_be_tried_again(
    serve: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "refuser.py").write_text(REFUSER)
    mail = SmtpMail(read_mail_server(serve("refuser.Refuser")), SENDER)
    with pytest.raises(MessageRefused, match=r"refused it \(550\)") as refused:
        mail.send("nobody@harbour.example", LETTER)
    assert "nobody@" not in str(refused.value)
    with pytest.raises(Unavailable, match="451"):
        mail.send("later@harbour.example", LETTER)
    mail.send("anna@harbour.example", LETTER)


def test_nobody_listening_is_tried_again_later() -> None:
    mail = SmtpMail(read_mail_server(f"smtp://127.0.0.1:{free_port()}"), SENDER)
    with pytest.raises(Unavailable, match="ConnectionRefusedError"):
        mail.send("anna@harbour.example", LETTER)


def test_no_password_goes_over_a_line_without_encryption(serve: Callable[..., str], tmp_path: Path) -> None:
    address = serve("aiosmtpd.handlers.Mailbox", str(tmp_path / "box")).removeprefix("smtp://")
    mail = SmtpMail(read_mail_server(f"smtp://user:secret@{address}"), SENDER)
    with pytest.raises(Unavailable, match="offers no encryption") as problem:
        mail.send("anna@harbour.example", LETTER)
    assert "secret" not in str(problem.value)


def tls_server(serve: Callable[..., str], folder: Path, certificate: Path, *, scheme: str) -> str:
    """Start a mail server with TLS; return its address, with a name and a password where it takes them."""
    (folder / "guarded.py").write_text(GUARDED)
    kind = "tls" if scheme == "smtp" else "smtps"
    url = serve(
        *("guarded.Guarded", str(folder / "box")),
        options=(f"--{kind}cert", str(certificate), f"--{kind}key", str(certificate)),
    )
    # This server takes a password after STARTTLS alone.
    login = "hotline:s%2Fcret@" if scheme == "smtp" else ""
    return f"{scheme}://{login}{url.removeprefix('smtp://')}"


@pytest.mark.parametrize(("scheme", "login"), [("smtp", "hotline"), ("smtps", "nobody")])
def test_a_mail_goes_over_tls_from_the_start_or_by_starttls(
    serve: Callable[..., str],
    tmp_path: Path,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
    login: str,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    url = tls_server(serve, tmp_path, certificate, scheme=scheme)
    SmtpMail(read_mail_server(url), SENDER).send("anna@harbour.example", LETTER)
    (mail,) = mails_in(tmp_path / "box")
    assert (mail["Subject"], mail["X-Was-Secure"], mail["X-Login"]) == (LETTER.subject, "True", login)


def test_a_wrong_password_is_ours_to_put_right_and_tried_again(
    serve: Callable[..., str], tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    url = tls_server(serve, tmp_path, certificate, scheme="smtp").replace("s%2Fcret", "wrong")
    with pytest.raises(Unavailable, match="535"):
        SmtpMail(read_mail_server(url), SENDER).send("anna@harbour.example", LETTER)
    assert not list((tmp_path / "box" / "new").iterdir())


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"], ids=["made by nobody we trust", "for another name"])
def test_a_server_whose_certificate_is_not_valid_gets_neither_password_nor_mail(
    serve: Callable[..., str],
    tmp_path: Path,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
    host: str,
) -> None:
    if host == "localhost":
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    url = tls_server(serve, tmp_path, certificate, scheme=scheme).replace("127.0.0.1", host)
    with pytest.raises(Unavailable, match="the certificate of the mail server is not valid here") as problem:
        SmtpMail(read_mail_server(url), SENDER).send("anna@harbour.example", LETTER)
    assert "cret" not in str(problem.value)
    assert not list((tmp_path / "box" / "new").iterdir())
    assert not (tmp_path / "logins").exists()


def test_an_address_of_a_server_is_read() -> None:
    server = read_mail_server("smtps://anna%40harbour:s%2Fcret@mail.example.com")
    assert (server.host, server.port, server.is_tls) == ("mail.example.com", 465, True)
    assert (server.user, server.password, server.is_here) == ("anna@harbour", "s/cret", False)
    assert "s/cret" not in repr(server)
    assert read_mail_server("smtp://localhost").is_here
    assert read_mail_server("smtp://mail.example.com").port == 587


@pytest.mark.parametrize(
    "url", ["mail.example.com", "http://mail.example.com", "smtp://", "smtp://h:x", "smtp://u:secret@h/path"]
)
def test_an_address_that_is_none_is_refused_with_the_cure_and_not_repeated(url: str) -> None:
    with pytest.raises(SettingFault, match="VOICEBOT_MAIL_URL=smtps://") as fault:
        read_mail_server(url)
    assert fault.value.code == "mail-server"
    assert "secret" not in str(fault.value)


def test_a_sender_that_is_no_mailbox_is_refused() -> None:
    with pytest.raises(SettingFault, match="VOICEBOT_MAIL_FROM is no mailbox"):
        SmtpMail(read_mail_server("smtp://localhost"), "")
