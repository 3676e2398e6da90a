"""Many rows at a time, and page after page."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

from cmmc_jira.adapters.exchange import Call
from cmmc_jira.service.ports import Json

READ_AT_ONCE: Final = 100

Ask = Callable[[Call], Any]
"""Sends a call and returns what Jira answers, in the call's shape."""

_T = TypeVar("_T")


def chunks(rows: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    """Return the rows, so many at a time."""
    return (rows[start : start + size] for start in range(0, len(rows), size))


def pages(ask: Ask, call: Call, rows: str) -> Iterator[Sequence[Json]]:
    """Yield the `rows` of each page until as many were read as the answer's `total` says there are."""
    seen = 0
    while True:
        page = ask(_windowed(call, {"startAt": seen, "maxResults": READ_AT_ONCE}))
        yield page[rows]
        seen += len(page[rows])
        if not page[rows] or seen >= (page["total"] or 0):
            return


def _windowed(call: Call, window: Mapping[str, int]) -> Call:
    if call.body is not None:
        return replace(call, body={**call.body, **window})
    return replace(call, params={**call.params, **window})
