"""Callers that come at once share one transaction, and so one wait for the disk."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Place(Generic[T]):
    """One caller's place in the queue, and what came of it."""

    item: T
    over: bool = False
    came: bool = False
    failed: BaseException | None = None


class Gathering(Generic[T]):
    """Writes what its callers bring, each call once and all that wait meanwhile in one go.

    It has no thread of its own: whoever finds nobody writing does it for everyone who has come by then. So a lone
    caller waits for nobody, and a caller returns only after what it brought is written.
    """

    def __init__(self, write: Callable[[Sequence[T]], Sequence[bool]]) -> None:
        self._write = write
        self._queue: list[_Place[T]] = []
        self._writing = False
        self._turn = threading.Condition()

    def __call__(self, item: T) -> bool:
        """Write this item with all the others and return what came of it; raise what stopped the writing."""
        place = _Place(item)
        with self._turn:
            self._queue.append(place)
            self._turn.wait_for(lambda: place.over or not self._writing)
            if not place.over:
                self._writing, queue, self._queue = True, self._queue, []
        if not place.over:
            self._serve(queue)
        if place.failed is not None:
            raise place.failed
        return place.came

    def _serve(self, queue: Sequence[_Place[T]]) -> None:
        failed: BaseException | None = None
        came: Sequence[bool] = [False] * len(queue)
        try:
            came = self._write([place.item for place in queue])
        except BaseException as error:  # noqa: BLE001  it is raised again, for every caller
            failed = error
        with self._turn:
            for place, result in zip(queue, came, strict=True):
                place.over, place.came, place.failed = True, result, failed
            self._writing = False
            self._turn.notify_all()
