"""How this process and the whole installation are.

`health` answers machines that ask whether it lives, may take calls, is well. `metrics` is for Prometheus.

Knows: counters, probes. Must not know: what is done about it.
"""
