"""A record that processes write over a socket, as they write to Jira; whoever is killed is noticed at once."""

import json
import socket
import socketserver
import threading
from math import inf
from pathlib import Path
from typing import Any, Final

from support.record import Record, Run

LONGEST_LINE: Final = 10_000


class Witness:
    """The record, and the server through which others write it: nothing happens beside anything else."""

    def __init__(self, path: Path) -> None:
        self.record = Record()
        self.lock = threading.Lock()
        self.path = path
        self._server = _Server(str(path), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def happen(self, key: str) -> None:
        """Something changes about an assessment."""
        with self.lock:
            self.record.happen(key)

    def open(self) -> list[str]:
        """Return the assessments that are still to be written or being written."""
        with self.lock:
            return self.record.lost() + [run.key for run in self.record.runs if not run.over]

    def close(self) -> None:
        """Hear nobody any more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Telling:
    """One process's way to the witness; a thread has a connection of its own."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._local = threading.local()

    def tell(self, **message: str | int) -> None:
        """Tell what is done and return when it stands in the record."""
        if not hasattr(self._local, "file"):
            connection = socket.socket(socket.AF_UNIX)
            connection.connect(self._path)
            self._local.file = connection.makefile("rw")
        self._local.file.write(json.dumps(message) + "\n")
        self._local.file.flush()
        if self._local.file.readline() != "noted\n":
            raise ConnectionError("the witness is gone")


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def __init__(self, path: str, witness: Witness) -> None:
        super().__init__(path, _Listener)
        self.witness = witness


class _Listener(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        witness, run = self.server.witness, None
        try:
            while line := self.rfile.readline(LONGEST_LINE):
                with witness.lock:
                    run = _noted(witness.record, run, json.loads(line))
                self.wfile.write(b"noted\n")
        except ConnectionError:
            pass
        finally:
            with witness.lock:
                if run is not None:
                    run.over = True


def _noted(record: Record, run: Run | None, message: dict[str, Any]) -> Run | None:
    if message["what"] == "begin":
        return record.begin(message["key"], message["token"], leased_until=inf, now=0)
    assert run is not None
    if message["what"] == "look":
        record.look(run)
    elif message["what"] == "write":
        record.write(run)
    else:
        run.over = True
    return run
