"""Whether our public address leads to us, through the net and whatever proxy stands there, as the carrier needs it.

Source: twilio.md 1.1 to 1.3: certificate valid, no redirects, path and query kept byte for byte, sockets let through
(Twilio, usage/security, voice/media-streams; read November 2026).
Knows: what a good answer looks like. Must not know: HTTP libraries, which proxy it is.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hmac import compare_digest

from voicebot.service.doctor.finding import Finding, broken, doubt, fine
from voicebot.service.ports import Ids
from voicebot.service.ports.installation import DoorAnswer, DoorShut, FrontDoor

CERTIFICATE_ENDS_SOON = timedelta(days=14)
SWITCHED, FORBIDDEN = 101, 403


def reached(look: Callable[[], Iterator[Finding]], public_url: str) -> Iterator[Finding]:
    """Yield what a check finds that asks our address. A shut door becomes a finding."""
    try:
        yield from look()
    except DoorShut as shut:
        yield broken(
            f"{public_url} does not answer from here: {shut.why}",
            cure="start the hotline (`voicebot serve`), and see that name, certificate, firewall and proxy of "
            "VOICEBOT_PUBLIC_URL lead to it",
        )


def certificate(door: FrontDoor, now: datetime, *, is_pretend: bool) -> Iterator[Finding]:
    """Look whether the TLS certificate is valid, and for how long. Raises: DoorShut."""
    ends_at = door.certificate_ends_at()
    if ends_at is None:
        if is_pretend:
            yield fine("plain http, which the pretend carrier takes")
            return
        yield broken("VOICEBOT_PUBLIC_URL is plain http, to which Twilio opens no stream", cure="serve it over https")
        return
    days = (ends_at - now).days
    if ends_at - now < CERTIFICATE_ENDS_SOON:
        yield doubt(
            f"the TLS certificate ends in {days} days; then no call comes through",
            cure="renew it now, and see why it was not renewed by itself",
        )
        return
    yield fine(f"the TLS certificate is valid for {days} more days")


def health(door: FrontDoor) -> Iterator[Finding]:
    """Look whether the health page answers, and answers well. Raises: DoorShut."""
    answer = door.health()
    if answer.location:
        yield _redirected(answer)
    elif answer.status == 200:
        yield fine("the health page answers through the net")
    elif answer.mark:
        yield broken(
            f"the hotline answers that it is not well (HTTP {answer.status})",
            cure="see that worker and database run; /healthz names what is wrong to whoever asks with the bearer token "
            "in VOICEBOT_METRICS_TOKEN",
        )
    else:
        yield _somebody_else(answer)


def identity(door: FrontDoor, ids: Ids, proof: Callable[[str], str]) -> Iterator[Finding]:
    """Look whether it is this installation that answers. `proof` tells its answer to a challenge. Raises: DoorShut."""
    challenge = ids.new_id()
    answer = door.identity(challenge)
    if answer.status == 200 and compare_digest(answer.body.strip(), proof(challenge)):
        yield fine("it is this installation that answers there")
    elif answer.status == 200 and answer.mark:
        yield broken(
            "another voicebot answers there: it has another auth token, number or public URL than this one",
            cure="run the doctor with the settings the service runs with, or point the address to this installation",
        )
    else:
        yield _redirected(answer) if answer.location else _somebody_else(answer)


def socket(door: FrontDoor) -> Iterator[Finding]:
    """Look whether a stream's socket gets through the proxy to us, and no unsigned one. Raises: DoorShut."""
    unsigned = door.open_socket(is_signed=False)
    if unsigned.status == SWITCHED:
        yield broken(
            "an unsigned media socket was let in",
            cure="see what answers there: we refuse such sockets with 403 before the upgrade",
        )
        return
    if unsigned.status != FORBIDDEN or not unsigned.mark:
        yield _no_upgrade(unsigned)
        return
    signed = door.open_socket(is_signed=True)
    if signed.status == SWITCHED:
        yield fine("media sockets get through to us, unsigned ones are refused")
    elif signed.status == FORBIDDEN and signed.mark:
        yield _signature_lost("a signed media socket")
    else:
        yield _no_upgrade(signed)


def round_trip(door: FrontDoor) -> Iterator[Finding]:
    """Look whether a signed form comes through with its address unchanged. Raises: DoorShut."""
    answer = door.signed_ping()
    if answer.status == 204 and answer.mark:
        yield fine("a signed webhook comes back accepted: path and query are kept as sent")
    elif answer.status == FORBIDDEN and answer.mark:
        yield _signature_lost("a signed webhook")
    else:
        yield _redirected(answer) if answer.location else _somebody_else(answer)


def _signature_lost(what: str) -> Finding:
    return broken(
        f"{what} came to us and did not verify: the proxy changes path or query, or the service runs with another "
        "public URL or token",
        cure="let the proxy pass the address on as it came (nginx: `proxy_pass` without a path), and start the service "
        "again after changing TWILIO_AUTH_TOKEN or VOICEBOT_PUBLIC_URL",
    )


def _no_upgrade(answer: DoorAnswer) -> Finding:
    return broken(
        f"a WebSocket handshake does not reach us (HTTP {answer.status}), so no caller could be listened to",
        cure="let the proxy pass upgrades on (nginx: `proxy_http_version 1.1` and the headers Upgrade and Connection)",
    )


def _redirected(answer: DoorAnswer) -> Finding:
    return broken(
        f"the address sends askers on to {answer.location}, and a form sent on loses its signature",
        cure="set VOICEBOT_PUBLIC_URL to the address at the end of the redirect",
    )


def _somebody_else(answer: DoorAnswer) -> Finding:
    return broken(
        f"somebody else answers there (HTTP {answer.status}, without our mark)",
        cure="point name and proxy of VOICEBOT_PUBLIC_URL to this hotline, and see that it runs",
    )
