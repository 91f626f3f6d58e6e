"""A telephone hotline for complaints.

A spoken complaint becomes a case with a number, an owner and a promise to call back. The promise is watched. If it is
missed, the complainant is told, and staff are told step by step along a ladder.

The floors, by distance from the outside world. Imports point down only (`lint-imports` checks it):

- `web/`, `cli/`, `worker.py`: HTTP and media sockets, the command line, jobs and sweeps. `__main__` runs the command.
- `bootstrap/`, `config.py`: the one place that connects adapters to ports, and the settings.
- `adapters/`: one file for each outside thing, such as the database, the speech engine and the carrier's API.
- `service/`: the use cases, one transaction each. They know ports and no adapters.
- `telephony/`: the carrier's messages as values of ours, without I/O.
- `flow/`, `speech/`: the language of call flows with its engine, and telephone audio. Both are pure.
- `domain/`: calls, cases, promises, working time, escalation. Pure.
- `errors.py`, `distribution.py`, `loading.py`: the kinds of errors, by who must act, the files that come with the
  package, and how a program loads its modules.
- `simulator/`: a pretend carrier. It shares only telephone numbers with the rest, so that it can be a witness.

A noun keeps its file name on every floor. `**/ticket.py` is everything about cases.

Where to start. A call comes in at `web/carrier/voice.py` and is answered by `service/call/incoming.py`. That asks
`flow/engine.py` what the caller hears, and the engine reads `flows/complaint/flow.yaml`. Promises that nobody keeps are
found by `service/background/sweeps.py`.
"""

__version__ = "0.2.0"
"""The release, also of the wheel, since `pyproject.toml` reads it here."""
