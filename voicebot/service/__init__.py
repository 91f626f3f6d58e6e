"""The use cases: each a function over the `Hotline`, each one transaction, each safe to repeat.

A call is born (`call_birth`) with its case (`ticket`), takes its turns (`call`, `turn`: engine, then `effects`), keeps
what was said (`answer`) and ends (`call_end`) leaving a promise and one text (`farewell`). Promises are made, kept and
broken (`promise`) and watched (`escalation`) as their climb was planned at its start (`climb_plan`); texts are composed
(`text`), asked whether they are still true (`text_truth`) and sent (`sms`). Voice goes from spool or carrier into the
audio store and into words (`recordings`, `orphans`), on the machine that holds it (`folders`); `spooled_voice` decides
whether somebody has spoken. `jobs` names what is done at once, `sweeps` finds whatever still waits; `case_view` and
`lookup` only read.
`listening` turns a media stream into events. `hotline` and `ports` are what all of them are given.

Knows: domain, flow, speech, the protocol's values, ports. Must not know: adapters, HTTP, SQL.
"""
