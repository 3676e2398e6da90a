"""A value of the law with the days from which it holds."""

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

Value = TypeVar("Value")


class NotInForce(LookupError):
    """On that day the law had no value here: it had not taken force."""


@dataclass(frozen=True, slots=True)
class Dated(Generic[Value]):
    """What a citation has said over time: each value holds from its day until the next one's."""

    name: str
    values: tuple[tuple[date, Value], ...]

    def since(self, day: date) -> date:
        """The day from which the value in force on `day` has held. Raises `NotInForce` before the first."""
        return self._in_force(day)[0]

    def on(self, day: date) -> Value:
        """The value in force on `day`. Raises `NotInForce` before the first."""
        return self._in_force(day)[1]

    def _in_force(self, day: date) -> tuple[date, Value]:
        for entry in reversed(self.values):
            if entry[0] <= day:
                return entry
        first = f"it takes force on {self.values[0][0]}" if self.values else "it has no value at all"
        raise NotInForce(f"{self.name} was not in force on {day}; {first}.")
