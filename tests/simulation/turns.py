"""Taking turns: a piece of work runs in a thread of its own, but only while it is let, from pause to pause.

So several workers interleave at every call to Jira, and the same choices give the same history again.
"""

import threading
from collections.abc import Callable

_here = threading.local()
_LONG = 60.0  # seconds of real time: whoever does not come back is caught in a lock that is held across a call


class Killed(BaseException):
    """The process of this piece of work has died: nothing of ours may catch it."""


class Task:
    """A piece of work under way."""

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        self.name = name
        self.over = False
        self._work = work
        self._error: BaseException | None = None
        self._killed = False
        self._go = threading.Semaphore(0)
        self._back = threading.Semaphore(0)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def step(self, pauses: int = 1) -> None:
        """Let it run on, past so many pauses or to its end."""
        for _ in range(pauses):
            if self.over:
                return
            self._go.release()
            if not self._back.acquire(timeout=_LONG):
                raise AssertionError(f"{self.name} does not come back from a call")
        if self._error is not None:
            raise self._error

    def finish(self) -> None:
        """Let it run to its end."""
        while not self.over:
            self.step()

    def kill(self) -> None:
        """Let it die where it is."""
        self._killed = True
        self.finish()

    def pause(self) -> None:
        """Wait for the next turn; called in the work's own thread."""
        self._back.release()
        self._go.acquire()
        if self._killed:
            raise Killed

    def _run(self) -> None:
        self._go.acquire()
        _here.task = self
        try:
            if not self._killed:
                self._work()
        except Killed:
            pass
        except BaseException as error:  # noqa: BLE001 - it is raised again where the history is told
            self._error = error
        self.over = True
        self._back.release()


def pause() -> None:
    """Give the turn back, if the caller is a piece of work that takes turns."""
    task: Task | None = getattr(_here, "task", None)
    if task is not None:
        task.pause()
