"""A service over a sandbox in this process: its web side to be asked, its engine to be stepped."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.test import TestResponse

from cmmc_jira.settings import Forge, Role, Settings
from cmmc_jira.web.app import create_app
from cmmc_jira.wiring import Service, build
from jira_sandbox.app import create_app as create_sandbox
from jira_sandbox.state import State
from support.wsgi import Application, session_for

if TYPE_CHECKING:
    from flask.testing import FlaskClient

SECRET = "a-webhook-secret"


class Served:
    """A service whose Jira is a sandbox without our issue types, unless the state says otherwise.

    `through` puts something before the sandbox; the service then has no token of its own.
    """

    def __init__(
        self,
        folder: Path,
        *,
        role: Role = Role.ALL,
        token: str | None = None,
        state: State | None = None,
        project: str = "CMMC",
        calendar_token: str | None = None,
        forge: Forge | None = None,
        through: Callable[[Application], Application] | None = None,
    ) -> None:
        self.state = state or State()
        user = self.state.service_user()
        settings = Settings(
            url="http://jira.test",
            project=project,
            user=None if through or self.state.datacenter else user.email,
            token="" if through else token or user.token,
            webhook_secrets=(SECRET,),
            database_url=f"sqlite:///{folder / 'list.db'}",
            role=role,
            calendar_token=calendar_token,
            forge=forge,
        )
        sandbox = create_sandbox(self.state)
        app = through(sandbox) if through else sandbox
        self.service: Service = build(settings, session=lambda: session_for(app), debounce=0)
        self.web: FlaskClient = create_app(self.service).test_client()

    def deliver(
        self, payload: Mapping[str, Any] | bytes, *, secret: str = SECRET, headers: Mapping[str, str] | None = None
    ) -> TestResponse:
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return self.web.post("/webhooks/jira", data=body, headers={"X-Hub-Signature": signature, **(headers or {})})

    def marked(self) -> list[str]:
        now = self.service.machine.now()
        return sorted(work.key for work in self.service.store.claim(99, now=now))

    def metric(self, name: str) -> float | None:
        lines = self.web.get("/metrics").get_data(as_text=True).splitlines()
        values = [line.rpartition(" ")[2] for line in lines if line.rpartition(" ")[0] == name]
        return float(values[0]) if values else None
