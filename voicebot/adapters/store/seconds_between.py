"""Seconds between two instants, on both databases.

Knows: how each database reckons with instants. Must not know: tables.
"""

from typing import Any

from sqlalchemy import Float
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class SecondsBetween(GenericFunction[float]):
    """Seconds from the first instant to the second, rounded to whole ones."""

    type = Float()
    inherit_cache = True
    name = "seconds_between"


@compiles(SecondsBetween, "sqlite")
def _sqlite_seconds(element: SecondsBetween, compiler: SQLCompiler, **details: Any) -> str:
    begin, end = (compiler.process(part, **details) for part in element.clauses)
    return f"round((julianday({end}) - julianday({begin})) * 86400)"


@compiles(SecondsBetween, "postgresql")
def _postgresql_seconds(element: SecondsBetween, compiler: SQLCompiler, **details: Any) -> str:
    begin, end = (compiler.process(part, **details) for part in element.clauses)
    return f"round(extract(epoch from ({end} - {begin})))::double precision"
