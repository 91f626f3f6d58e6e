"""The hotline that answers a complaint and keeps its word: a spoken complaint becomes a case with a number, an owner
and a promise; the promise is watched, and a missed one is told to the caller and climbs a ladder of people.

The house, by distance from the outside world; imports point down only, and a machine checks it (`lint-imports`):

- `web/`, `cli/`, `worker.py`: the roofs. HTTP and media sockets; the command line; jobs and sweeps.
- `bootstrap.py`, `config.py`: the one place that wires adapters to ports; settings with their meaning.
- `adapters/`: one file for each outside thing: database, speech engine, carrier's API, files, clock.
- `service/`: the use cases, one transaction each; they know ports, not adapters.
- `telephony/`: the carrier's wire to and from our values; no I/O.
- `flow/`, `speech/`: the language of call flows with its engine; telephone audio, gate and endpoints. Pure.
- `domain/`: calls, cases, promises, working time, ladders: the words that a complaint desk uses. Pure.
- `errors.py`, `distribution.py`: the few ways to fail, by who must act; what comes with the package.
- `simulator/`: a pretend carrier. It shares nothing with the house but telephone numbers, so that it is a witness.

A noun keeps its file name on every floor: `**/ticket.py` is all there is about cases.

Where to start: a call comes in at `web/voice.py`, is answered by `service/call/incoming.py`, which asks
`flow/engine.py` what the caller hears; `flows/complaint/flow.yaml` is what the engine reads. What happens to a
promise that nobody keeps begins in `service/background/sweeps.py`.
"""

__version__ = "0.2.0"
"""The release, also of the wheel: `pyproject.toml` reads it here."""
