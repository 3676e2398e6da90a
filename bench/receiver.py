"""A server to send webhooks to, in a process of its own: `python -m bench.receiver [DATABASE_URL]` prints its port.

Without a database it is the bare endpoint.
"""

import logging
import sys

import click
from flask import Flask, request

from cmmc_jira.cli.serve import addresses, listen
from cmmc_jira.settings import Role, Settings
from cmmc_jira.web.app import create_app
from cmmc_jira.wiring import build

SECRET = "a-secret-of-the-bench"  # noqa: S105 - signs made-up deliveries on the loopback


def bare() -> Flask:
    """Return the least that answers a webhook with Flask: it reads the body and forgets it."""
    app = Flask(__name__, static_folder=None)

    @app.post("/webhooks/jira")
    def hook() -> tuple[str, int]:
        request.get_data()
        return "", 202

    return app


def ours(url: str) -> Flask:
    """Return the web side of a service with this database; no worker runs."""
    settings = Settings(
        "http://127.0.0.1:9",
        "CMMC",
        "bench@example.com",
        "token",
        webhook_secrets=(SECRET,),
        database_url=url,
        role=Role.WEB,
    )
    service = build(settings)
    service.database.prepare()
    return create_app(service)


def main() -> None:
    """Serve one of the two until the process is ended."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # as many clients as threads: a queue is meant
    app = ours(sys.argv[1]) if len(sys.argv) > 1 else bare()
    server = listen(app, ("127.0.0.1", 0))
    click.echo(addresses(server)[0][1])
    sys.stdout.flush()
    server.run()


if __name__ == "__main__":
    main()
