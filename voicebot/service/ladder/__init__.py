"""What every ladder shares, namely the plan that a climb keeps, and a step that is taken once.

`plan` keeps the steps of a climb as they stood at its start, and says which were taken. `step` writes one and tells
those whom it names. `duty` says who of them is on duty. `climb` finds the one that is due, and lets a climb rest
after a restore. `drill` climbs for a miss that was made up.

Knows: steps, staff, texts to staff. Must not know: what was missed.
"""
