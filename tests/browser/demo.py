"""The product as a user starts it: `cmmc-jira demo` as a process of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread, Timer
from typing import IO, Final

_SERVING: Final = re.compile(r"Serving at (http\S+?)/? until")
_START_SECONDS: Final = 180.0
_STOP_SECONDS: Final = 30.0


@contextmanager
def demo(log: Path) -> Iterator[str]:
    """Run the demo while the context lasts; its address. What it says is written to the log."""
    command = [str(Path(sys.executable).with_name("cmmc-jira")), "demo", "--port", "0"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CMMC_JIRA_")}
    with (
        log.open("w", encoding="utf-8", buffering=1) as written,
        subprocess.Popen(  # noqa: S603 - our own program
            command, env=clean, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as process,
    ):
        assert process.stderr is not None
        try:
            yield _address(process, process.stderr, written)
            assert process.poll() is None, f"The demo ended by itself: {log}"
        finally:
            process.terminate()
            process.wait(_STOP_SECONDS)


def _address(process: subprocess.Popen[str], lines: IO[str], written: IO[str]) -> str:
    """Wait until the demo serves, and return where; a demo that never does is killed."""
    patience = Timer(_START_SECONDS, process.kill)
    patience.start()
    try:
        for line in lines:
            written.write(line)
            if serving := _SERVING.search(line):
                Thread(target=written.writelines, args=[lines], daemon=True).start()
                return serving[1]
    finally:
        patience.cancel()
    raise AssertionError(f"The demo did not come to serve within {_START_SECONDS:g} seconds: {written.name}")
