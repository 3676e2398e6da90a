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

    def run(self, connection: Connection, values: Values) -> None:
        """Carry it out."""
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self._text, {**self._constants, **values})
        finally:
            cursor.close()

    def rows(self, connection: Connection, values: Values) -> Sequence[Sequence[Any]]:
        """Carry it out and return the rows that come back."""
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self._text, {**self._constants, **values})
            return cursor.fetchall()
        finally:
            cursor.close()
