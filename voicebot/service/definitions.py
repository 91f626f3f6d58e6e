"""Flow and policy by digest.

A running call and its promise keep the definitions that they began with, whatever is edited meanwhile.

Knows: digests, kept definitions. Must not know: where the files lie.
"""

from voicebot.domain.call import Call
from voicebot.errors import Unavailable
from voicebot.flow.definition import Flow
from voicebot.flow.policy import Policy
from voicebot.service.ports import FlowLibrary, UnitOfWork


def flow_of(flows: FlowLibrary, work: UnitOfWork, call: Call) -> Flow:
    """Return the flow that a call began with. That is today's if it is still the same, else as it was kept.

    Raises: Unavailable when it was never kept.
    """
    current = flows.current_flow(call.flow_name)
    if current.digest == call.flow_digest:
        return current
    return flows.flow_from(_kept(work, call.flow_digest))


def policy_of(flows: FlowLibrary, work: UnitOfWork, digest: str) -> Policy:
    """Return the policy of that digest. That is today's if it is still the same, else as it was kept.

    Raises: Unavailable when it was never kept.
    """
    current = flows.current_policy()
    if current.digest == digest:
        return current
    return flows.policy_from(_kept(work, digest))


def _kept(work: UnitOfWork, digest: str) -> str:
    body = work.definitions.get(digest)
    if body is None:
        raise Unavailable(f"looking up the definition {digest[:12]} that a call began with: it was never kept")
    return body


def keep_definitions(work: UnitOfWork, flow: Flow, policy: Policy) -> None:
    """Keep flow and policy by digest, so that a running call and its promise outlive an edit of the files."""
    work.definitions.put(flow.digest, "flow", flow.body())
    work.definitions.put(policy.digest, "policy", policy.body())
