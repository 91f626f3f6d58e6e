"""A hotline saved into one file and brought back, where `make` writes it while the hotline runs, `restore` reads it.

`command` is what the terminal sees of both.

A backup holds every row of ours at one instant, the voices that the rows name, the voices of running calls, and the key
that staff passwords need. Not in it are `.env`, `flows/`, the job queue (sweeps find every job again), speech models.
"""
