"""`cmmc-jira serve`: the webhook service, its workers and its schedule, in one process."""

import signal
import sys
import threading
from types import FrameType
from typing import Any

import click
from flask import Flask
from waitress.server import create_server

from cmmc_jira.adapters.log import configure_log
from cmmc_jira.cli.output import print_text
from cmmc_jira.errors import BadSetting
from cmmc_jira.service.inbox import MAX_BYTES
from cmmc_jira.web.app import create_app
from cmmc_jira.wiring import build, settings_of


@click.command(name="serve")
def command() -> None:
    """Take Jira's webhooks, look at what they are about, and tick; until SIGTERM or Ctrl-C.

    Everything is set by CMMC_JIRA_* in the environment. SIGTERM answers what has arrived, ends what is under way
    (20 seconds at most) and leaves the rest for the next start; a second one ends at once.

    Where CMMC_JIRA_URL is a sandbox on this machine its clock is gone by, moved or not: start the sandbox first.

    \b
    Example:
      CMMC_JIRA_URL=https://example.atlassian.net CMMC_JIRA_USER=bot@example.com CMMC_JIRA_TOKEN_FILE=token \\
      CMMC_JIRA_PROJECT=CMMC CMMC_JIRA_WEBHOOK_SECRET_FILE=secret cmmc-jira serve
    """  # noqa: D301 - \b is click's mark for lines to keep as they are
    settings = settings_of(serving=True)
    configure_log(settings.log_level)
    service = build(settings)
    server = listen(create_app(service), settings.bind)
    service.start()
    try:
        for host, port in addresses(server):
            print_text(f"Listening on http://{f'[{host}]' if ':' in host else host}:{port}/")
        _until_told_to_stop(server, service.stopping)
    finally:
        service.stop()


def listen(app: Flask, bind: tuple[str, int]) -> Any:  # noqa: ANN401  waitress is untyped
    """Return a server that listens and does not yet answer; port 0 takes any free one.

    Raises:
        BadSetting: the address cannot be had.

    """
    host, port = bind
    try:
        return create_server(
            app,
            listen=f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            threads=8,
            connection_limit=200,
            channel_timeout=30,
            max_request_body_size=MAX_BYTES + 1024,  # so that one too large gets our answer
            ident=None,
            clear_untrusted_proxy_headers=True,
        )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is no address of this machine"
        raise BadSetting(f"CMMC_JIRA_BIND is {host}:{port}, which cannot be listened on: {reason}.") from error


def addresses(server: Any) -> list[tuple[str, int]]:  # noqa: ANN401  waitress is untyped
    """Return where a server listens, host and port."""
    several = getattr(server, "effective_listen", None)
    return several or [(server.effective_host, int(server.effective_port))]


def _until_told_to_stop(server: Any, stopping: threading.Event) -> None:  # noqa: ANN401  waitress is untyped
    """Serve until SIGTERM or Ctrl-C; the server then finishes the requests that it has, and none of them is ready."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # the second one ends the process at once
        sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    server.run()
