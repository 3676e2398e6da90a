"""The sandbox on a real port, with many at its door and its webhooks under way."""

import hashlib
import hmac
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue

import pytest
import requests

from jira_sandbox import State
from jira_sandbox.server import Running, post, serve
from support.caller import Site, fields_of


def session(running: Running) -> requests.Session:
    made = requests.Session()
    made.trust_env = False
    made.auth = (running.user, running.token)
    return made


def test_it_answers_while_it_is_served_and_no_longer() -> None:
    with serve() as running, session(running) as client:
        assert client.get(f"{running.url}/rest/api/2/myself").json()["emailAddress"] == running.user
        assert client.get(f"{running.url}/rest/api/2/project/{running.project}").status_code == 200
        assert running.token not in repr(running)
    with session(running) as late, pytest.raises(requests.ConnectionError):
        late.get(f"{running.url}/rest/api/2/myself")


def test_a_port_that_is_taken_is_an_os_error() -> None:
    with serve() as running, pytest.raises(OSError, match="in use"), serve(int(running.url.rpartition(":")[2])):
        pass


def test_a_flavour_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="server"), serve(flavour="server"):
        pass


def test_a_cut_call_closes_the_connection_without_a_byte_after_its_effect() -> None:
    with serve() as running, session(running) as client:
        fault = {"call": 1, "when": "after", "status": "cut"}
        assert client.post(f"{running.url}/sandbox/faults", json=fault).status_code == 200
        with pytest.raises(requests.ConnectionError, match="closed connection without response"):
            client.post(f"{running.url}/rest/api/2/issue", json={"fields": fields_of()})
        assert client.get(f"{running.url}/rest/api/2/issue/CMMC-1").status_code == 200


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns after every few steps, so that what is not guarded breaks."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty")
def test_creates_from_all_sides_get_keys_of_their_own() -> None:
    site, keys = Site(), Queue[str]()

    def hammer() -> None:
        caller = site.caller(site.state.service)
        for _ in range(20):
            keys.put(caller.create())

    threads = [threading.Thread(target=hammer) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    given = {keys.get_nowait() for _ in range(160)}
    assert given == {f"CMMC-{number}" for number in range(1, 161)}
    assert len({issue.id for issue in site.state.issues.values()}) == 160


def test_webhooks_are_delivered_beside_the_server() -> None:
    received: Queue[tuple[str | None, bytes]] = Queue()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.put((self.headers["X-Hub-Signature"], body))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is to be printed."""

    receiver = HTTPServer(("127.0.0.1", 0), Receiver)
    serving = threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    try:
        with serve(state=State()) as running, session(running) as client:
            hook = {
                "name": "service",
                "url": f"http://127.0.0.1:{receiver.server_port}/hooks?x=1",
                "events": ["jira:issue_created"],
                "secret": running.webhook_secret,
            }
            assert client.post(f"{running.url}/rest/webhooks/1.0/webhook", json=hook).status_code == 201
            client.post(f"{running.url}/rest/api/2/issue", json={"fields": fields_of()})
            signature, body = received.get(timeout=30)
    finally:
        receiver.shutdown()
        serving.join()
        receiver.server_close()
    expected = hmac.new(running.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
    assert signature == f"sha256={expected}"
    assert running.url.encode() in body


def test_a_receiver_that_is_not_there_is_an_os_error() -> None:
    with serve() as running:
        nowhere = running.url
    with pytest.raises(OSError, match="refused"):
        post(nowhere, {}, b"")
