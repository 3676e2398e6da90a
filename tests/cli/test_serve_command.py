"""The command as a process of its own: where it listens, what it refuses, and how it stops."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from support.served import SECRET

COMMAND = [sys.executable, "-c", "from cmmc_jira.cli.main import main; main()", "serve"]


def environment(folder: Path, **variables: str) -> Mapping[str, str]:
    settings = {
        "URL": "http://127.0.0.1:9",
        "USER": "bot@example.com",
        "TOKEN": "the-token",
        "PROJECT": "CMMC",
        "WEBHOOK_SECRET": SECRET,
        "DATABASE_URL": f"sqlite:///{folder / 'list.db'}",
        "BIND": "127.0.0.1:0",
        **variables,
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CMMC_JIRA_")}
    return {**kept, **{f"CMMC_JIRA_{name}": value for name, value in settings.items() if value}}


@contextmanager
def serving(folder: Path, **variables: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(  # noqa: S603  our own command
        COMMAND,
        env=environment(folder, **variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found is not None, process.communicate()[1]
        yield process, found[0]
    finally:
        process.kill()
        process.communicate()


def refused(folder: Path, **variables: str) -> tuple[int, str]:
    done = subprocess.run(  # noqa: S603  our own command
        COMMAND, env=environment(folder, **variables), capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stderr


def test_it_says_where_it_listens_and_answers_there_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, url):
        assert requests.get(f"{url}healthz", timeout=10).json() == {"status": "alive"}
        assert requests.get(f"{url}readyz", timeout=10).status_code == 503
        assert requests.post(f"{url}webhooks/jira", data=b"{}", timeout=10).status_code == 401
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=40)
    assert (process.returncode, out) == (0, "")
    assert "Traceback" not in err
    assert "the-token" not in err


class SlowJira:
    """Takes requests and answers none of them before it is closed; that it is no sandbox it says at once."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.held: list[socket.socket] = []
        self.asked = threading.Event()
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            if b"/sandbox/" in connection.recv(10_000):
                connection.close()
            else:
                self.held.append(connection)
                self.asked.set()

    def close(self) -> None:
        with suppress(OSError):  # closed before
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()
        for connection in self.held:
            connection.close()


@pytest.fixture
def slow() -> Iterator[SlowJira]:
    slow = SlowJira()
    yield slow
    slow.close()


def ask_whether_ready(url: str) -> HTTPConnection:
    """Return a connection whose question the service has taken in: it answers one that was asked after it."""
    asking = HTTPConnection(urlsplit(url).netloc, timeout=30)
    asking.request("GET", "/readyz")
    assert requests.get(f"{url}healthz", timeout=30).ok
    return asking


def test_a_request_under_way_is_answered_after_it_was_told_to_stop(tmp_path: Path, slow: SlowJira) -> None:
    with serving(tmp_path, URL=slow.url, ROLE="web") as (process, url), closing(ask_whether_ready(url)) as asking:
        assert slow.asked.wait(30)
        process.send_signal(signal.SIGTERM)
        slow.close()
        assert "The service is stopping." in json.load(asking.getresponse())["faults"]
        assert process.wait(40) == 0


def test_a_look_under_way_is_brought_to_its_end_before_it_stops(tmp_path: Path, slow: SlowJira) -> None:
    with serving(tmp_path, URL=slow.url, ROLE="worker") as (process, _url):
        while not leased(tmp_path / "list.db"):  # the first tick looks at everything
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        slow.close()
        err = process.communicate(timeout=40)[1]
    assert process.returncode == 0
    assert "outcome=waiting" in err
    assert leased(tmp_path / "list.db") == 0


def leased(file: Path) -> int:
    """Count the looks that are under way, by the to-do list."""
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT count(*) FROM work WHERE lease_until IS NOT NULL").fetchone()[0])


def test_told_to_stop_a_second_time_it_ends_at_once(tmp_path: Path, slow: SlowJira) -> None:
    with serving(tmp_path, URL=slow.url, ROLE="web") as (process, url), closing(ask_whether_ready(url)) as asking:
        assert slow.asked.wait(30)
        while process.poll() is None:
            process.send_signal(signal.SIGTERM)
        assert process.returncode == -signal.SIGTERM
        with pytest.raises(ConnectionError):
            asking.getresponse()


def test_without_a_webhook_secret_it_refuses_to_start(tmp_path: Path) -> None:
    code, said = refused(tmp_path, WEBHOOK_SECRET="")
    assert code == 2
    assert "CMMC_JIRA_WEBHOOK_SECRET is not set" in said
    assert "Traceback" not in said


def test_an_address_that_is_taken_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        code, said = refused(tmp_path, BIND=address)
    assert code == 2
    assert f"CMMC_JIRA_BIND is {address}, which cannot be listened on: Address already in use." in said


@pytest.mark.parametrize("path", ["missing/list.db"])
def test_a_database_that_cannot_be_opened_is_told(tmp_path: Path, path: str) -> None:
    code, said = refused(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path / path}")
    assert code == 1
    assert "The database is away" in said
    assert "Traceback" not in said
