"""The name of the look that is being worked at, for every line that is logged in its course."""

from contextvars import ContextVar
from typing import Final

RUN: Final[ContextVar[str]] = ContextVar("run", default="-")
