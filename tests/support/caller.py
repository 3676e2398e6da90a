"""Talking to a sandbox over HTTP in this process, as one of its accounts."""

from typing import Any

import requests
from flask import Flask

from jira_sandbox import State, create_app
from jira_sandbox.flavour import CLOUD
from jira_sandbox.people import login_of
from support.people import peopled, ref
from support.wsgi import session_for

URL = "http://jira.test"


class Caller:
    """An account at a sandbox; paths are below `/rest/api/2/` unless they begin with a slash."""

    def __init__(self, app: Flask, credentials: tuple[str, str] | None) -> None:
        self.datacenter = app.extensions["jira_sandbox"].datacenter
        self.session = session_for(app)
        self.session.auth = credentials

    def __call__(self, method: str, path: str, body: object = None, **rest: Any) -> requests.Response:  # noqa: ANN401 - what requests takes
        url = URL + path if path.startswith("/") else f"{URL}/rest/api/2/{path}"
        if body is not None:
            rest["json"] = body
        return self.session.request(method, url, **rest)

    def get(self, path: str, **rest: Any) -> requests.Response:  # noqa: ANN401 - what requests takes
        return self("GET", path, **rest)

    def post(self, path: str, body: object = None, **rest: Any) -> requests.Response:  # noqa: ANN401 - what requests takes
        return self("POST", path, body, **rest)

    def put(self, path: str, body: object = None, **rest: Any) -> requests.Response:  # noqa: ANN401 - what requests takes
        return self("PUT", path, body, **rest)

    def delete(self, path: str) -> requests.Response:
        return self("DELETE", path)

    def create(self, summary: str = "An issue", kind: str = "Task", **fields: object) -> str:
        """The key of a new issue, for the tests that need one to begin with."""
        answer = self.post("issue", {"fields": fields_of(summary, kind, **fields)})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["key"])

    def fields(self, key: str) -> dict[str, Any]:
        """What an issue holds now."""
        found: dict[str, Any] = self.get(f"issue/{key}").json()["fields"]
        return found

    def history(self, key: str) -> list[dict[str, Any]]:
        """The entries of an issue's changelog, oldest first."""
        found: dict[str, Any] = self.get(f"issue/{key}", params={"expand": "changelog", "fields": "summary"}).json()
        entries: list[dict[str, Any]] = found["changelog"]["histories"]
        return entries if self.datacenter else entries[::-1]

    def search(self, jql: str) -> requests.Response:
        """The answer to a search."""
        path = "search" if self.datacenter else "search/jql"
        return self.post(path, {"jql": jql, "fields": ["summary"], "maxResults": 100})

    def keys(self, jql: str) -> list[str]:
        """The keys that a search finds, in its order."""
        answer = self.search(jql)
        assert answer.status_code == 200, answer.text
        return [issue["key"] for issue in answer.json()["issues"]]

    def set_fault(self, **fault: object) -> None:
        """Make something go wrong."""
        assert self.post("/sandbox/faults", fault).status_code == 200


class Site:
    """A sandbox with its callers; it stands still on 1 June 2026, 09:00 UTC."""

    def __init__(self, state: State | None = None, *, flavour: str = CLOUD) -> None:
        self.slept: list[float] = []
        self.state = state or peopled(flavour)
        self.app = create_app(self.state, sleep=self.slept.append)
        self.service = self.caller(self.state.service)
        self.anonymous = Caller(self.app, None)

    def ref(self, account_id: str) -> dict[str, str]:
        """An account as a field's value names it on this flavour."""
        return ref(self.state, account_id)

    def caller(self, account_id: str) -> Caller:
        """Somebody with an account."""
        user = self.state.users[account_id]
        return Caller(self.app, (login_of(self.state, user), user.token))


def fields_of(summary: str = "An issue", kind: str = "Task", **fields: object) -> dict[str, object]:
    """The fields of a create in the sandbox's project."""
    return {"project": {"key": "CMMC"}, "issuetype": {"name": kind}, "summary": summary, **fields}
