"""Tokens of other programs are made, used and revoked. Their text is given out once and kept nowhere.

A token opens nothing once the login of whoever made it is disabled, and never more than that login may open today.
Knows: tokens, accounts' rules for names. Must not know: HTTP, what a role may ask for.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from voicebot.domain.api_token import ACTOR_PREFIX, ApiToken, digest_of, is_token_text, token_text
from voicebot.domain.permission import Permission
from voicebot.domain.staff import Role
from voicebot.errors import Refused, Unavailable
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.ports import UnitOfWork
from voicebot.service.staff.accounts import plain_name, readable_name
from voicebot.service.staff.members import permissions_of

USE_NOTED_EVERY = timedelta(minutes=5)
"""So seldom is it written when a token was last used, since each write waits for those of calls."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class NewToken:
    """A token that somebody wants."""

    name: str
    role: Role
    made_by: str
    """StaffMember.id, or who is at the terminal."""
    expires_at: datetime | None = None


def make_token(hotline: Hotline, new: NewToken) -> tuple[ApiToken, str]:
    """Return a new token and its text, which nobody sees again. Raises: Refused (no name, name taken, end passed)."""
    name, text = readable_name(new.name), token_text(hotline.ids.new_token())
    with hotline.unit_of_work() as work:
        now = context_of(hotline, work).now
        if new.expires_at is not None and new.expires_at <= now:
            raise Refused(
                "making a token: it would have expired already; name an end that lies ahead", code="token-end"
            )
        token = ApiToken(
            id=hotline.ids.new_id(),
            name=name,
            role=new.role,
            staff_id=f"{ACTOR_PREFIX}{plain_name(name) or 'token'}",
            digest=digest_of(text),
            made_at=now,
            made_by=new.made_by,
            expires_at=new.expires_at,
        )
        if not work.api_tokens.add(token):
            raise Refused(
                "making a token: another one has this name, or one too like it; `voicebot tokens list` shows them all",
                code="token-taken",
            )
        work.commit()
    log.info("token_made", token=token.staff_id, role=token.role.value, by=new.made_by)
    return token, text


def all_tokens(hotline: Hotline) -> tuple[ApiToken, ...]:
    """Return every token, oldest first, also those that open nothing any more."""
    with hotline.look() as work:
        return tuple(work.api_tokens.every())


def tokens_without_maker(hotline: Hotline) -> frozenset[str]:
    """Return the ids of the tokens that open nothing, because the login of whoever made them is disabled."""
    with hotline.look() as work:
        return frozenset(token.id for token in work.api_tokens.every() if not has_maker(work, token))


def revoke_token(hotline: Hotline, name: str, *, by: str) -> ApiToken:
    """Let a token open nothing any more, at once and for good. Repeatable. Raises: Refused when there is none."""
    with hotline.unit_of_work() as work:
        # Ids first: a name may be another token's id.
        token = work.api_tokens.by_staff_id(name) or _named(work, name)
        if token is None:
            raise Refused(
                "revoking a token: none has this name; `voicebot tokens list` shows them all", code="token-unknown"
            )
        if token.revoked_at is not None:
            return token
        token = replace(token, revoked_at=context_of(hotline, work).now)
        work.api_tokens.save(token)
        work.commit()
    log.info("token_revoked", token=token.staff_id, by=by)
    return token


def _named(work: UnitOfWork, name: str) -> ApiToken | None:
    return next((each for each in work.api_tokens.every() if each.name == name), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenInUse:
    """A token that opens something now."""

    token: ApiToken
    may: frozenset[Permission]


def use_token(hotline: Hotline, shown: str) -> TokenInUse | None:
    """Return the token whose text was shown and note its use, or None when it opens nothing (any more)."""
    if not is_token_text(shown):
        return None
    with hotline.look() as work:
        context = context_of(hotline, work)
        token = work.api_tokens.by_digest(digest_of(shown))
        if token is None or not token.is_live(context.now) or not has_maker(work, token):
            return None
        may = permissions_of(work, context.policy, token.staff_id)
    if token.last_used_at is None or context.now - token.last_used_at >= USE_NOTED_EVERY:
        _note_use(hotline, token, context.now)
    return TokenInUse(token=token, may=may)


def has_maker(work: UnitOfWork, token: ApiToken) -> bool:
    """Tell whether whoever made a token may still log in. Who has no account made it at the machine itself."""
    account = work.staff.by_staff_id(token.made_by)
    return account is None or account.is_active


def _note_use(hotline: Hotline, token: ApiToken, now: datetime) -> None:
    """Keep that a token was used. A database that takes no writes stops no reader."""
    try:
        with hotline.unit_of_work() as work:
            # Read anew, so that only this is written: it may be revoked in this moment.
            fresh = work.api_tokens.by_digest(token.digest) or token
            work.api_tokens.save(replace(fresh, last_used_at=now))
            work.commit()
    except Unavailable:
        log.warning("token_use_not_kept", token=token.staff_id)
