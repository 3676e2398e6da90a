"""Statements that SQLAlchemy writes once and the driver carries out: for where a delivery waits for its answer.

SQLAlchemy's own keeping of books takes ten times as long as such a statement itself.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.elements import ClauseElement

Values = Mapping[str, Any]


class Prepared:
    """One statement in the words of one database; errors are the driver's own."""

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self._text: Final = str(compiled)
        self._constants: Final = {name: value for name, value in compiled.params.items() if value is not None}

    def new(self, connection: Connection, several: Sequence[Values]) -> Sequence[bool]:
        """Carry it out for each of several values and return for which of them a row came back."""
        cursors = [connection.connection.cursor() for _ in several]
        try:
            for cursor, values in zip(cursors, several, strict=True):
                cursor.execute(self._text, {**self._constants, **values})
            return [cursor.fetchone() is not None for cursor in cursors]  # all asked before the first answer
        finally:
            for cursor in cursors:
                cursor.close()

    def each(self, connection: Connection, several: Sequence[Values]) -> None:
        """Carry it out for each of several values."""
        cursor = connection.connection.cursor()
        try:
            cursor.executemany(self._text, [{**self._constants, **values} for values in several])
        finally:
            cursor.close()
