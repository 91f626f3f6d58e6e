"""A case whose complainant may be called back, and the carrier's questions on such a call."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tests import quick_yaml
from tests.service.lines import Line, a_policy_dir, settled, with_flows
from voicebot.domain.staff_call import StaffCall
from voicebot.domain.ticket import Ticket
from voicebot.service.callback import hops
from voicebot.service.callback.order import order_callback

CA = "CA" + "0" * 31 + "1"
"""What the fake carrier calls the first call."""


def a_case(line: Line) -> Ticket:
    """Return the case of a caller who told a story and was promised a call."""
    return line.ticket(line.told_call())


def with_callbacks(line: Line, folder: Path, **rules: object) -> None:
    """Let the policy's rules of calling back be others."""
    levels = a_policy_dir(folder) / "service_levels.yaml"
    told = quick_yaml.load(levels.read_text())
    told["callbacks"] |= rules
    levels.write_text(quick_yaml.dump(told))
    with_flows(line, settled(folder))


def ordered(line: Line, ticket: Ticket, **choices: str) -> StaffCall:
    """Order a call by the owner and let it be dialled."""
    call = order_callback(line.hotline, ticket.case_number, **({"actor": "owner_1"} | choices))
    line.run_jobs()
    return the_call(line, call.id)


def the_call(line: Line, call_id: str) -> StaffCall:
    """Read a call."""
    with line.work() as work:
        call = work.staff_calls.get(call_id)
    assert call is not None
    return call


def calls_of(line: Line, ticket: Ticket) -> list[StaffCall]:
    """Read the calls of a case."""
    with line.work() as work:
        return list(work.staff_calls.of_ticket(ticket.id))


def talk(
    line: Line,
    call: StaffCall,
    *,
    bridged: bool = True,
    agrees: str = "",
    keyed: str = "",
    status: str = "completed",
    meanwhile: Callable[[], object] = lambda: None,
) -> StaffCall:
    """Let a dialled call go to its end: the member takes it, the complainant keys, both talk, the member keys.

    `meanwhile` is done while the complainant's telephone rings.
    """
    hops.greet(line.hotline, call.id, CA)
    hops.accept(line.hotline, call.id, "1")
    meanwhile()
    hops.announce(line.hotline, call.id)
    hops.agree(line.hotline, call.id, agrees)
    line.clock.step(timedelta(seconds=30))
    hops.close_dial(line.hotline, call.id, status=status, is_bridged=bridged, seconds=30)
    if bridged and keyed:
        hops.take_result(line.hotline, call.id, keyed, is_last=False)
    hops.end(line.hotline, call.id, status="completed")
    return the_call(line, call.id)
