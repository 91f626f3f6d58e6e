"""Whose account it is when the company's own sign-in vouches for somebody.

Accounts are found by issuer and subject. The first time, an account is found by an e-mail that the provider says is
theirs, and keeps the subject from then on. Who is not found is let in only where the operator lets accounts be made.
Knows: accounts, identities, what claims give. Must not know: tokens, pages.
"""

from dataclasses import replace

import structlog

from voicebot.domain.account_event import AccountEvent, AccountVerb
from voicebot.domain.sign_in import SignedIn, SignInRules
from voicebot.domain.staff import Role, StaffAccount, is_same_address, normal_email
from voicebot.errors import Refused
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.staff.accounts import NewAccount, account_of, add_account

PROVIDER = "provider"
"""Actor of what the company's sign-in brought about."""

log = structlog.get_logger(__name__)


def account_for(hotline: Hotline, person: SignedIn, rules: SignInRules, *, unusable_hash: str) -> StaffAccount:
    """Return the account of whoever signed in, linked and in the role that their groups give.

    `unusable_hash` is the password of an account made now: one that nobody knows. Raises: Refused.
    """
    role = rules.role_of(person)
    if rules.roles and role is None:
        raise Refused(
            "signing in: none of your groups there is let in here; ask the administrator", code="sign-in-role"
        )
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        found = work.staff.by_identity(person.issuer, person.subject) or _by_email(context, person)
        if found is not None:
            account = _kept(context, found, rules.role_kept(found.role, role))
            work.commit()
            return account
    if not rules.makes_accounts:
        raise Refused(
            "signing in: the company's sign-in knows you, and there is no account here with an e-mail that it says is "
            "yours; ask the administrator",
            code="sign-in-unknown",
        )
    return _made(hotline, person, role or Role.HANDLER, unusable_hash)


def unlink(hotline: Hotline, email: str) -> StaffAccount:
    """Forget who somebody is at the company's sign-in, and end their sessions. Raises: Refused."""
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        account = replace(account_of(work, email), session_key=hotline.ids.new_token())
        work.staff.unlink(account.id)
        work.staff.save(account)
        _note(context, account, AccountVerb.UNLINKED, actor="terminal")
        work.commit()
    return account


def _by_email(context: Context, person: SignedIn) -> StaffAccount | None:
    email = normal_email(person.email)
    if email is None or not is_same_address(person.email, email):
        return None
    found = context.work.staff.by_email(email)
    if found is not None and found.is_active:
        _link(context, found, person)
    return found


def _link(context: Context, account: StaffAccount, person: SignedIn) -> None:
    if not context.work.staff.link(account.id, issuer=person.issuer, subject=person.subject, at=context.now):
        raise Refused(
            "signing in: this e-mail's account here belongs to somebody else there; ask the administrator",
            code="sign-in-other",
        )
    _note(context, account, AccountVerb.LINKED, actor=PROVIDER)


def _kept(context: Context, account: StaffAccount, role: Role) -> StaffAccount:
    if not account.is_active:
        raise Refused("signing in: your account here is disabled; ask the administrator", code="sign-in-disabled")
    if role is account.role:
        return account
    changed = replace(account, role=role, session_key=context.hotline.ids.new_token())
    context.work.staff.save(changed)
    _note(context, changed, AccountVerb.ROLE_BY_PROVIDER, actor=PROVIDER)
    log.info("staff_role_changed", staff=changed.staff_id, role=role.value)
    return changed


def _made(hotline: Hotline, person: SignedIn, role: Role, unusable_hash: str) -> StaffAccount:
    email = normal_email(person.email)
    if email is None:
        raise Refused(
            "signing in: the company's sign-in does not say which e-mail is yours; ask the administrator",
            code="sign-in-unknown",
        )
    name = person.name or email.partition("@")[0]
    account = add_account(hotline, NewAccount(email=email, name=name, role=role), unusable_hash)
    with hotline.unit_of_work() as work:
        _link(context_of(hotline, work), account, person)
        work.commit()
    return account


def _note(context: Context, account: StaffAccount, verb: AccountVerb, *, actor: str) -> None:
    context.work.staff.note(AccountEvent(account_id=account.id, at=context.now, actor=actor, verb=verb))
