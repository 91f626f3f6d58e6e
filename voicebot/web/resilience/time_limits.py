"""How long this process waits for what it needs. That is less than those who wait for its answer.

A database is given up in time for another attempt, and all attempts before the carrier gives up (`rt`,
telephony/urls.py). Otherwise its second try would cross the first, and the caller would hear neither's words.
Source: twilio.md 1.1, 1.10. tests/house/test_patience.py holds these figures against those in the addresses.
Knows: figures. Must not know: who waits.
"""

DATABASE_PATIENCE_MS = 3_000
"""For a connection, or for a lock that somebody else holds."""
ANSWER_PATIENCE_S = 4.0
"""For all attempts at an answer to the carrier, and for writing down what it reports."""
STATEMENT_PATIENCE_MS = 4_000
"""For one statement on PostgreSQL, so that a database that stalls lets the threads of this process go."""
