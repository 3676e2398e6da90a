"""Callers that come at once share one transaction, and so one wait for the disk."""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class _Place(Generic[T]):
    """One caller's place in the queue, what came of it, and the lock that the caller waits at."""

    def __init__(self, item: T) -> None:
        self.item = item
        self.over = False
        self.came = False
        self.failed: BaseException | None = None
        self.turn = threading.Lock()
        self.turn.acquire()


class Gathering(Generic[T]):
    """Writes what its callers bring, each call once and all that wait meanwhile in one go.

    It has no thread of its own: whoever finds nobody writing does it, and the first of those who have come by then does
    it next, for all of them. So a lone caller waits for nobody, and a caller returns only after what it brought is
    written. Nobody is woken before it is served, or is to write.
    """

    def __init__(self, write: Callable[[Sequence[T]], Sequence[bool]]) -> None:
        self._write = write
        self._queue: list[_Place[T]] = []
        self._writing = False
        self._lock = threading.Lock()

    def __call__(self, item: T) -> bool:
        """Write this item with all the others and return what came of it; raise what stopped the writing."""
        place = _Place(item)
        with self._lock:
            waits, self._writing = self._writing, True
            if waits:
                self._queue.append(place)
        if waits:
            place.turn.acquire()
        if not place.over:
            self._serve(place)
        if place.failed is not None:
            raise place.failed
        return place.came

    def _serve(self, first: _Place[T]) -> None:
        """Write for this caller and for all who wait, and let the first who has come meanwhile go on."""
        with self._lock:
            served, self._queue = [first, *self._queue], []
        failed: BaseException | None = None
        came: Sequence[bool] = [False] * len(served)
        try:
            came = self._write([place.item for place in served])
        except BaseException as error:  # noqa: BLE001  it is raised again, for every caller
            failed = error
        for place, result in zip(served, came, strict=True):
            place.over, place.came, place.failed = True, result, failed
            place.turn.release()
        with self._lock:
            following = self._queue.pop(0) if self._queue else None
            self._writing = following is not None
        if following is not None:
            following.turn.release()
