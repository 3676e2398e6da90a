"""Replicas that are started, asked, killed and started again."""

import subprocess
import sys
import threading
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).parents[1]


class Node:
    """One replica as a process of its own; `point` is where it shall kill itself."""

    def __init__(self, url: str, witness: Path, point: str = "") -> None:
        command = [sys.executable, "-m", "support.node", url, str(witness), *([point] if point else [])]
        self.process = subprocess.Popen(command, cwd=TESTS, stdout=subprocess.PIPE, text=True)  # noqa: S603  ours
        self._port: int | None = None
        self._asking = threading.Lock()

    def port(self) -> int:
        """Return where it listens, as soon as it does; 0 where it died before."""
        with self._asking:
            if self._port is None and self.process.stdout is not None:
                self._port = int(self.process.stdout.readline() or 0)
            return self._port or 0

    def post(self, key: str, name: str) -> bool:
        """Send a delivery; whether it was accepted. No answer means anything."""
        connection = HTTPConnection("127.0.0.1", self.port(), timeout=30)
        try:
            connection.request("POST", f"/{key}/{name}")
            return connection.getresponse().status == HTTPStatus.ACCEPTED
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """End it as `kill -9` does."""
        self.process.kill()
        self.process.communicate()
