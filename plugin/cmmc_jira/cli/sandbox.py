"""`cmmc-jira sandbox`: a Jira to try things on, with no account anywhere."""

import json
import signal
from threading import Event

import click

from cmmc_jira.cli.output import print_text
from cmmc_jira.errors import BadSetting
from jira_sandbox.flavour import CLOUD, FLAVOURS
from jira_sandbox.server import HERE, Running, serve


@click.command(name="sandbox")
@click.option("--flavour", type=click.Choice(FLAVOURS), default=CLOUD, show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8090, show_default=True, help="0 takes any free port.")
@click.option("--host", default=HERE, show_default=True, metavar="ADDRESS", help="The address to listen on.")
@click.option(
    "--webhook-host",
    "hosts",
    multiple=True,
    metavar="NAME",
    help="A host, beside this machine, that webhooks may go to.",
)
@click.option("--json", "as_json", is_flag=True, help="Print where it is as one JSON document.")
def command(*, flavour: str, port: int, host: str, hosts: tuple[str, ...], as_json: bool) -> None:
    """Run the Jira emulator alone, until it is interrupted.

    When it answers it says where: the address to open and to connect to, an account with its token, a project.
    What is in it is gone when it ends.

    \b
    Example:
      cmmc-jira sandbox --port 0 --json
    """  # noqa: D301 - \b is click's mark for lines to keep as they are
    stopped = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    try:
        with serve(port, flavour, host=host, webhook_hosts=frozenset(hosts)) as running:
            _tell(running, as_json=as_json)
            stopped.wait()
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (")[0]
        raise BadSetting(
            f"The sandbox cannot listen on {host} port {port} ({reason}): choose another, or --port 0 for any."
        ) from error


def _tell(running: Running, *, as_json: bool) -> None:
    known = {
        "url": running.url,
        "user": running.user,
        "token": running.token,
        "project": running.project,
        "webhook_secret": running.webhook_secret,
    }
    if as_json:
        click.echo(json.dumps(known))  # on one line, so that whoever starts us can read just that
    else:
        print_text(
            f"Jira sandbox at {running.url}: user {running.user}, token {running.token}, project {running.project}, "
            f"webhook secret {running.webhook_secret}"
        )
