"""The sandbox on a port, with its webhooks delivered by a thread beside it."""

import http.client
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

import waitress.server
import waitress.wasyncore

from jira_sandbox import people
from jira_sandbox.app import create_app
from jira_sandbox.flavour import CLOUD
from jira_sandbox.state import State

WEBHOOK_TIMEOUT = 30.0
"""Seconds a receiver has to answer."""
HERE = "127.0.0.1"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - compared with, never chosen by us
THREADS = 8
LOOK = 0.2
"""Seconds between two looks: at what webhooks are due, and at whether the server is to stop."""


@dataclass(frozen=True, slots=True)
class Running:
    """A sandbox that answers: how to reach it, and its state for whoever runs it."""

    url: str
    user: str
    token: str = field(repr=False)
    project: str
    webhook_secret: str = field(repr=False)
    state: State = field(repr=False)


@contextmanager
def serve(
    port: int = 0,
    flavour: str = CLOUD,
    *,
    host: str = HERE,
    state: State | None = None,
    webhook_hosts: frozenset[str] = frozenset(),
) -> Iterator[Running]:
    """Serve a sandbox while the context lasts; port 0 takes any free one, OSError says that the port is taken.

    Webhooks go to the loopback, and to `webhook_hosts` where some are named.
    """
    state = state or State(flavour=flavour)
    state.webhook_hosts = webhook_hosts
    sockets: dict[int, Any] = {}
    listener = socket.create_server((host, port))
    app = create_app(state)
    server = waitress.server.create_server(
        app,
        map=sockets,
        sockets=[listener],
        threads=THREADS,
        ident="jira-sandbox",
        log_socket_errors=False,
    )
    stopped = Event()
    workers = [
        Thread(target=_answer, args=(sockets, stopped), name="jira-sandbox", daemon=True),
        Thread(target=_deliver, args=(state, stopped), name="jira-sandbox-webhooks", daemon=True),
    ]
    for worker in workers:
        worker.start()
    service = state.service_user()
    try:
        yield Running(
            url=f"http://{HERE if host == EVERYWHERE else host}:{listener.getsockname()[1]}",
            user=people.login_of(state, service),
            token=service.token,
            project=next(iter(state.projects.values())).key,
            webhook_secret=state.webhook_secret,
            state=state,
        )
    finally:
        stopped.set()
        app.extensions["jira_sandbox_time"].stop()
        for worker in workers:
            worker.join()
        server.task_dispatcher.shutdown()
        waitress.wasyncore.close_all(sockets, ignore_all=True)


def _answer(sockets: dict[int, Any], stopped: Event) -> None:
    while not stopped.is_set():
        waitress.wasyncore.loop(timeout=LOOK, map=sockets, count=1)


def _deliver(state: State, stopped: Event) -> None:
    while not stopped.wait(LOOK):
        state.webhooks.pump(post)


def post(url: str, headers: Mapping[str, str], body: bytes) -> int:
    """Post the body and give the status of the answer, whatever it is; OSError when there is none."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=WEBHOOK_TIMEOUT)
    try:
        connection.request("POST", f"{parts.path or '/'}?{parts.query}".rstrip("?"), body, dict(headers))
        return connection.getresponse().status
    except http.client.HTTPException as broken:
        raise OSError(str(broken)) from broken
    finally:
        connection.close()
