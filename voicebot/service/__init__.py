"""The use cases. Each is a function over the `Hotline`, is one transaction, and is safe to repeat.

They stand in rooms, and each room imports only rooms below it. From the top down:

- `background` is what the worker runs. `watch` is the watch over the watch with the morning list to management.
- `upkeep` is what a machine does by itself or at an operator's request.
- `call` is one telephone call, from the first webhook to what follows its end. `callback` is a call that we make.
  `ticket` is a case.
- `queries` only reads. `promise` is the promise to call back. It is made, kept, missed or made good.
- `decision` is the time to decide. It is planned, paused or late. `ladder` takes the steps that follow a miss.
- `webhook` tells other systems what happens.
- `outbox` is every text. `listening` turns a media stream into events.
- `wording` is what staff read, in words.
- `answer` is what a caller said. `doctor` examines an installation. `staff` is who staff are and what they decide.

Below them lie single files that every room shares. `hotline` is the ports in one value, and the context of a use case.
That is ports, transaction, one instant, flow and policy. `call_context` is the same inside a call. `number_gate` says
which numbers may be rung and texted. `definitions` keeps flow and policy by digest, `history` writes what happened,
`lookup` finds calls and cases. `job_names` and `log_context` are names. `failure_log` logs what failed without naming
anybody. `ports` is what adapters fulfil.

Two rooms stand elsewhere than one might draw them. `queries` lies above `promise`, because a case is shown with the
plan of its climb. The voice of a call that crashed is taken up in `call`, not in `answer`, because it may change the
text that the call sent at its end.

Knows: domain, flow, speech, the protocol's values, ports. Must not know: adapters, HTTP, SQL.
"""
