"""Who of the staff may see which cases, by their accounts and by the policy.

Roles are those of accounts. Whoever stands in the policy alone counts as their role there does (domain/permission.py).
Whoever is known to neither is at the terminal, where the machine itself says who may work on it, and sees every kind.
Knows: the policy's staff, accounts, kinds of complaint. Must not know: pages, what is shown of a case.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from voicebot.domain.about import Reader, closed_to, may_see
from voicebot.domain.api_token import ApiToken
from voicebot.domain.staff import StaffMember
from voicebot.domain.ticket import Ticket
from voicebot.flow.policy import Policy
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.ports import UnitOfWork
from voicebot.service.staff.members import roles_of


def seen_by(hotline: Hotline, who: Callable[[], str]) -> Hotline:
    """Return the hotline as whoever has a staff id sees it. `who` is asked whenever a transaction begins."""
    return hotline.seen_by(lambda: _reader(hotline, who()))


def seen_by_token(hotline: Hotline, which: Callable[[], ApiToken]) -> Hotline:
    """Return the hotline as a program sees it. Its token and whoever made it both have to be allowed what it sees."""

    def reader() -> Reader:
        token, policy = which(), hotline.flows.current_policy()
        maker = _reader(hotline, token.made_by)
        closed = maker.closed | closed_to({token.role}, policy.categories)
        return replace(maker, closed=closed, token_role=token.role)

    return hotline.seen_by(reader)


def reader_of(work: UnitOfWork, policy: Policy, staff_id: str) -> Reader:
    """Return somebody as a reader of cases."""
    if not (staff_id and _is_any_closed(policy)):
        return Reader(staff_id)
    return Reader(staff_id, closed_to(roles_of(work, policy, staff_id), policy.categories))


def _reader(hotline: Hotline, staff_id: str) -> Reader:
    policy = hotline.flows.current_policy()
    if not _is_any_closed(policy):
        return Reader(staff_id)
    with hotline.look() as work:
        return reader_of(work, policy, staff_id)


def may_have(context: Context, ticket: Ticket, staff_id: str) -> bool:
    """Tell whether somebody may have to do with a case."""
    return may_see(ticket, reader_of(context.work, context.policy, staff_id))


def barred(context: Context, ticket: Ticket) -> frozenset[str]:
    """Return the ids of those who have nothing to do with a case: who owns it, hears of it or is sent is none of
    them.
    """
    about = frozenset({ticket.about_id} if ticket.about_id else ())
    category = context.policy.categories.get(ticket.category)
    if category is None or not category.seen_by:
        return about
    people = {each.id for each in (*context.policy.staff, *context.work.staff.all())}
    return about | {each for each in people if not may_have(context, ticket, each)}


def those_who_may(hotline: Hotline, ticket: Ticket, people: Iterable[StaffMember]) -> tuple[StaffMember, ...]:
    """Return those of some people who may have to do with a case, for a page that offers them."""
    with hotline.look() as work:
        out = barred(context_of(hotline, work), ticket)
    return tuple(member for member in people if member.id not in out)


def _is_any_closed(policy: Policy) -> bool:
    return any(each.seen_by for each in policy.categories.values())
