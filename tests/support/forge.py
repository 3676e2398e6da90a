"""Forge, as our service sees it: keys made here, calls signed with them, and the gateway to a sandbox's REST API."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from werkzeug.test import TestResponse

from cmmc_jira.settings import Forge
from jira_sandbox.state import State
from support.served import Served
from support.wsgi import Application

APP = "ari:cloud:ecosystem::app/7a1e"
API = "https://api.atlassian.com/ex/jira/cloud-1"
OURS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CREATED = {
    "eventType": "avi:jira:created:issue",
    "issue": {"id": "10001", "fields": {"issuetype": {"name": "CMMC Assessment"}, "project": {"key": "CMMC"}}},
}


def published(*kids: str, key: rsa.RSAPrivateKey = OURS) -> dict[str, Any]:
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    return {"keys": [{**public, "kid": kid, "alg": "RS256", "use": "sig"} for kid in kids]}


def system_token(until: datetime, **claims: object) -> str:
    """The app's own token: a JWT whose key nobody but Atlassian has."""
    return jwt.encode({"exp": int(until.timestamp()), **claims}, "k" * 32, algorithm="HS256")


@dataclass
class Gateway:
    """What stands before sites' REST interfaces: it knows whose token is good for which site, and 401 for any other."""

    site: Application
    accepted: set[str] = field(default_factory=set)
    owner: str = ""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path, token = environ["PATH_INFO"], environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        host, prefix = environ["HTTP_HOST"], "/ex/jira/cloud-1"
        assert host == "api.atlassian.com", f"a token was sent to {host}"
        if not path.startswith(f"{prefix}/") or token not in self.accepted:
            start_response("401 Unauthorized", [("Content-Type", "application/json")])
            return [b'{"code":401,"message":"Unauthorized"}']
        inner = {"PATH_INFO": path.removeprefix(prefix), "HTTP_AUTHORIZATION": f"Bearer {self.owner}"}
        return self.site({**environ, **inner}, start_response)


class Called:
    """A service that is called as Forge calls it."""

    def __init__(self, folder: Path, forge: Forge | None, *, lent: bool = False, state: State | None = None) -> None:
        self.gateway: Gateway | None = None
        self.served = Served(folder, forge=forge, state=state, through=self._gateway if lent else None)

    def _gateway(self, site: Application) -> Application:
        self.gateway = Gateway(site)
        return self.gateway

    def token(
        self, *, key: rsa.RSAPrivateKey | str = OURS, kid: str = "one", algorithm: str = "RS256", **claims: object
    ) -> str:
        now = int(self.served.service.machine.now().timestamp())
        whole = {
            "iss": "forge/invocation-token",
            "aud": APP,
            "iat": now,
            "nbf": now,
            "exp": now + 60,
            "app": {"id": APP, "installationId": "ari:cloud:ecosystem::installation/in-1"},
            "context": {"cloudId": "cloud-1"},
        }
        present = {name: value for name, value in {**whole, **claims}.items() if value is not None}
        return jwt.encode(present, key, algorithm=algorithm, headers={"kid": kid})

    def call(
        self, body: object = CREATED, *, token: str | None = None, brings: str | None = None, path: str = ""
    ) -> TestResponse:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers: dict[str, str] = {"Authorization": f"Bearer {self.token() if token is None else token}"}
        if brings is not None:
            headers["X-Forge-OAuth-System"] = brings
        return self.served.web.post(f"/webhooks/forge{path}", data=content, headers=headers)

    def lend(self, token: str, *, api: str = API, path: str = "") -> TestResponse:
        """Call with the app's own token, for the site whose REST interface is there."""
        app = {"id": APP, "installationId": "in-1", "apiBaseUrl": api}
        return self.call(token=self.token(app=app), brings=token, path=path)

    def good(self, **claims: object) -> str:
        """A token that lasts two hours and that the gateway takes for the service's account."""
        assert self.gateway is not None
        token = system_token(self.served.service.machine.now() + timedelta(hours=2), **claims)
        self.gateway.accepted.add(token)
        self.gateway.owner = self.served.state.service_user().token
        return token

    def ready(self) -> Mapping[str, Any]:
        """What `/readyz` says."""
        answer: Mapping[str, Any] = self.served.web.get("/readyz").get_json()
        return answer
