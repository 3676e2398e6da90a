"""Whoever begins a request and does not go on: others are answered, and the connection is taken back."""

import hashlib
import hmac
import socket
from pathlib import Path
from threading import Thread

import requests

from cmmc_jira.cli.serve import listen
from cmmc_jira.web.app import create_app
from support.served import SECRET, Served

SLOW = 40
HALF = b"POST /webhooks/jira HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"


def test_senders_that_stop_in_the_middle_hold_nobody_up_and_are_let_go_of(tmp_path: Path) -> None:
    served = Served(tmp_path)
    server = listen(create_app(served.service), ("127.0.0.1", 0))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    place = ("127.0.0.1", int(server.effective_port))
    slow = [socket.create_connection(place, timeout=30) for _ in range(SLOW)]
    for each in slow:
        each.sendall(HALF)
    body = b'{"webhookEvent": "x"}'
    signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    address = f"http://{place[0]}:{place[1]}/webhooks/jira"
    headers = {"X-Hub-Signature": signature}
    assert requests.post(address, data=body, headers=headers, timeout=30).status_code == 202
    chunked = requests.post(address, data=iter([b"x" * 4096] * 4104), headers=headers, timeout=60)
    assert chunked.status_code == 413
    latest = max(channel.last_activity for channel in server.active_channels.values())
    server.maintenance(latest - 1)
    assert sum(channel.will_close for channel in list(server.active_channels.values())) == 0
    server.maintenance(latest + 31)
    server.pull_trigger()
    assert [each.recv(100) for each in slow] == [b""] * SLOW
    for each in slow:
        each.close()
    server.close()
    served.service.stop()
