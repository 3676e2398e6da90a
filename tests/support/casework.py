"""What doctor looks at, ready to be made wrong, and what it said."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from cmmc_jira.adapters.retry import Retry
from cmmc_jira.service.admin import Listener
from cmmc_jira.service.checks.case import Case
from cmmc_jira.service.checks.verdict import Grade, Verdict
from cmmc_jira.service.doctor import Report
from cmmc_jira.settings import Settings
from cmmc_jira.wiring import build_case
from cmmc_manifests import schema
from jira_sandbox import State
from jira_sandbox.gate import FLAVOUR
from support.clock import FrozenClock
from support.site import Site
from support.wsgi import Application, session_for

HOOK = "http://127.0.0.1:9/webhooks/jira"
SECRET = "0123456789abcdef0123"
SPEC = schema.webhook("CMMC")

Break = Callable[[Site, Case], Case]


def case_of(state: State, app: Application, folder: Path) -> Case:
    """What doctor looks at: the project of a sandbox, seen through an application, with a database in a folder."""
    user = state.service_user()
    settings = Settings(
        url="http://jira.test",
        project="CMMC",
        user=None if state.datacenter else user.email,
        token=user.token,
        webhook_secrets=(SECRET,),
        database_url=f"sqlite:///{folder / 'list.db'}",
    )
    clock, retry = FrozenClock(state.clock.now(), zone="Etc/UTC"), Retry(budget=0)
    return build_case(settings, clock=clock, machine=clock, session=lambda: session_for(app), retry=retry)


def altered(
    app: Application,
    path: str,
    change: Callable[[Any], Any] = lambda same: same,
    headers: Mapping[str, str] | None = None,
) -> Application:
    """The sandbox, but for the JSON and headers of the answers to GETs whose path ends so."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or not environ["PATH_INFO"].endswith(path):
            return app(environ, start_response)
        told: list[Any] = []
        parts = app(environ, lambda *given: told.extend(given))
        body = json.dumps(change(json.loads(b"".join(parts)))).encode()
        kept = [row for row in told[1] if row[0] != "Content-Length"]
        environ.pop(FLAVOUR)  # what was altered is no answer of Jira's to be held to its document
        start_response(told[0], [*kept, *(headers or {}).items()])
        return [body]

    return application


def over(path: str, change: Callable[[Any], Any] = lambda same: same, **headers: str) -> Break:
    """Let the sandbox's answers to GETs of a path be other ones."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def broken(site: Site, case: Case) -> Case:
        other = case_of(site.state, altered(site.app, path, change, named), Path())
        return replace(case, jira=other.jira, checkup=other.checkup, admin=other.admin)

    return broken


def _datacenter(version: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda info: {**info, "deploymentType": "Server", "version": version}


def over_datacenter(version: str, **me: str) -> Break:
    """Let the sandbox say that it is a Data Center of this version, and that our account is otherwise."""

    def broken(site: Site, case: Case) -> Case:
        app = altered(site.app, "/serverInfo", _datacenter(version))
        other = case_of(site.state, altered(app, "/myself", lambda user: {**user, **me}), Path())
        return replace(case, jira=other.jira, checkup=other.checkup, admin=other.admin)

    return broken


def hook(case: Case, *, url: str = HOOK, events: Iterable[str] = SPEC.events, jql: str = SPEC.filter) -> None:
    """Register the project's webhook."""
    case.admin.create_webhook(SPEC.name, Listener(url, SECRET), events=tuple(events), jql=jql)


def answering(status: str, headers: Mapping[str, str], body: bytes) -> Application:
    """A server that says the same to everybody."""

    def application(_: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response(status, list(headers.items()))
        return [body]

    return application


def bad(report: Report) -> list[Verdict]:
    """Return what is not in order."""
    return [verdict for verdict in report.verdicts if verdict.grade is not Grade.OK]
