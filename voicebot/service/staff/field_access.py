"""Which fields of a kind of complaint somebody may read in a case, and so write into. This is the one place that
decides it, for pages, the terminal, programs, exports and whatever is taken along.

The roles are those that open cases (members.py), so a handler whom the policy names a supervisor reads what supervisors
may. Until November 2026 the console went by the account alone, and the terminal by both. A program reads what the role
of its token and whoever made it both may.

The policy decides as it stands now, also for what was written before. What was restricted when it was written, in a
field that the policy does not have any more, stays with whoever owns the case, since nobody says who else may read it.
Knows: the policy's fields, roles. Must not know: pages, tables, what stands in a field.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from voicebot.domain.about import Reader
from voicebot.domain.case_field import FieldEntry
from voicebot.domain.staff import Role
from voicebot.domain.ticket import Ticket
from voicebot.domain.typed_field import TypedField
from voicebot.flow.policy import Policy
from voicebot.service.hotline import Context
from voicebot.service.staff.members import roles_of

_EVERY_ROLE = frozenset(Role)


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldAccess:
    """What one reader may read in the fields of one case."""

    fields: Mapping[str, TypedField]
    """Those of every kind of the policy, by id."""
    roles: Collection[Role]
    token_role: Role | None
    is_owner: bool

    def may_read(self, entry: FieldEntry) -> bool:
        """Tell whether they may read what somebody wrote down."""
        if not entry.category:
            return True
        return self.opens(entry.field) if entry.field in self.fields else self._may_read_dropped(entry)

    def opens(self, field_id: str) -> bool:
        """Tell whether they may read and write a field that the policy has. Others are open until something stands
        there.
        """
        field = self.fields.get(field_id)
        if field is None:
            return True
        is_open_to_token = self.token_role is None or field.is_read_by([self.token_role], is_owner=False)
        return is_open_to_token and field.is_read_by(self.roles, is_owner=self.is_owner)

    def _may_read_dropped(self, entry: FieldEntry) -> bool:
        is_theirs = self.is_owner or _EVERY_ROLE.issubset(self.roles)
        return not entry.is_restricted or (is_theirs and self.token_role is None)


def field_access(context: Context, ticket: Ticket, reader: Reader) -> FieldAccess:
    """Return what somebody may read in the fields of a case. The machine may read all of them."""
    return FieldAccess(
        fields=kind_fields(context.policy),
        roles=roles_of(context.work, context.policy, reader.id),
        token_role=reader.token_role,
        is_owner=bool(reader.id) and reader.id == ticket.owner_id,
    )


def field_access_of(context: Context, ticket: Ticket, actor: str) -> FieldAccess:
    """Return the same for who acts, who is a member of staff, a token, or a login at the terminal."""
    token = context.work.api_tokens.by_staff_id(actor)
    reader = Reader(actor) if token is None else Reader(token.made_by, token_role=token.role)
    return field_access(context, ticket, reader)


def entries_for_all(policy: Policy, entries: Iterable[FieldEntry]) -> tuple[FieldEntry, ...]:
    """Return the entries that everybody who sees the case may read, for what is passed on to whoever gets it."""
    fields = kind_fields(policy)
    return tuple(each for each in entries if not is_for_few(fields.get(each.field), each))


def is_for_few(field: TypedField | None, entry: FieldEntry) -> bool:
    """Tell whether only some may read an entry. `field` is its field of the policy, None where that has none."""
    return bool(entry.category) and (entry.is_restricted if field is None else bool(field.seen_by))


def kind_fields(policy: Policy) -> Mapping[str, TypedField]:
    """Return the fields of every kind of complaint by id. Kinds that share a field write it alike."""
    return {field.id: field for kind in policy.categories.values() for field in kind.fields}
