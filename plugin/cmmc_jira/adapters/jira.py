"""Jira over REST version 2: the same paths and the same wiki markup on Cloud and on Data Center.

https://developer.atlassian.com/cloud/jira/platform/rest/v2/
"""

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final, TypeVar
from urllib.parse import quote

from marshmallow import Schema

from cmmc_jira.adapters import people, shapes
from cmmc_jira.adapters.exchange import Call, Exchange
from cmmc_jira.adapters.flavour import API, Cloud, DataCenter, Flavour, issue_path, read_issue
from cmmc_jira.adapters.paging import READ_AT_ONCE, chunks, pages
from cmmc_jira.adapters.refusals import Asked, reasons
from cmmc_jira.adapters.transitions import choose, filled
from cmmc_jira.core.issues import Attachment
from cmmc_jira.core.mapping import STRAIGHT, Way
from cmmc_jira.errors import JiraRefused, JiraUnavailable
from cmmc_jira.service.ports import Created, Json, NewIssue, Site

CREATE_AT_ONCE: Final = 50

_NOT_FOUND: Final = 404
_DELETE_OWN: Final = "Delete own attachments"

_T = TypeVar("_T")


class JiraClient:
    """The `Jira` port over HTTP. Safe to share between threads; what is asked once is kept for all of them."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._known: dict[str, Any] = {}
        self._lock = threading.RLock()

    def site(self) -> Site:
        """Return which Jira this is; asked once."""
        info = self._once("site", lambda: self._get("serverInfo", "say what it is", shapes.SERVER_INFO))
        flavour = "cloud" if info["deploymentType"] == "Cloud" else "datacenter"
        return Site(flavour=flavour, version=info["version"], base_url=info["baseUrl"])

    def _flavour(self) -> Flavour:
        """Return how this Jira is asked; what it keeps is kept for all threads."""
        kind = Cloud if self.site().flavour == "cloud" else DataCenter
        with self._lock:
            flavour: Flavour = self._known.setdefault("flavour", kind(self._ask))
        return flavour

    def myself(self) -> Json:
        """Return the account we act as; asked once."""
        me: Json = self._once("myself", self.probe)
        return me

    def probe(self) -> Json:
        """Return the account we act as, asked anew: whether Jira answers, and to whom.

        Raises:
            JiraRefused: Jira answered as to a stranger.

        """
        me: Json = self._get("myself", "say who we are", shapes.MYSELF)
        if not (me.get("accountId") or me.get("name")):
            raise JiraRefused("Jira answers as to a stranger: set CMMC_JIRA_USER and CMMC_JIRA_TOKEN anew.")
        return me

    def fields(self) -> Sequence[Json]:
        """Return all fields of the site; asked once, and again after `forget_fields`."""
        self.myself()
        rows: Sequence[Json] = self._once("fields", lambda: self._get("field", "list its fields", shapes.FIELDS))
        self._exchange.names = {row["id"]: row["name"] for row in rows}
        return rows

    def forget_fields(self) -> None:
        """Ask for the fields anew next time."""
        with self._lock:
            self._known.pop("fields", None)

    def issue(self, id_or_key: str, fields: Sequence[str]) -> Json:
        """Return one issue with these fields and our properties."""
        self.myself()
        issue: Json = self._ask(read_issue(id_or_key, fields))
        return issue

    def issues(self, ids: Sequence[str], fields: Sequence[str], *, anew: Sequence[str] = ()) -> Sequence[Json]:
        """Return these issues by id; gone or hidden ones are absent, and those among `anew` are as they are now."""
        self.myself()
        return self._flavour().issues(ids, fields, anew=anew)

    def search(
        self, jql: str, fields: Sequence[str], *, also: Sequence[str] = (), until: Callable[[Json], bool] | None = None
    ) -> Sequence[Json]:
        """Return all issues that the index finds, from every page; `also` must count as they are now.

        The last page is the one with an issue of which `until` is true.
        """
        self.myself()
        found: dict[str, Json] = {}
        for page in self._flavour().pages(jql, fields, also):
            found |= {issue["id"]: issue for issue in page}
            if until and any(map(until, page)):
                break
        return list(found.values())

    def create(self, issues: Sequence[NewIssue]) -> Sequence[Created]:
        """Create these, 50 a call; one answer each, in order. Raises only when a whole call failed."""
        created: list[Created] = []
        for some in chunks(issues, CREATE_AT_ONCE):
            created += self._create_some(some) if len(some) > 1 else [self._create_one(some[0])]
        return created

    def _create_one(self, issue: NewIssue) -> Created:
        body, right = _new(issue), "Create issues"
        call = Call("POST", f"{API}/issue", "create an issue", shapes.NAMED, write=True, right=right, body=body)
        try:
            return Created(**self._ask(call))
        except JiraRefused as refused:
            if refused.status != HTTPStatus.BAD_REQUEST:
                raise
            return Created(id=None, key=None, refused=str(refused))

    def _create_some(self, issues: Sequence[NewIssue]) -> Sequence[Created]:
        body = {"issueUpdates": [_new(issue) for issue in issues]}
        doing, right = f"create {len(issues)} issues", "Create issues"
        call = Call("POST", f"{API}/issue/bulk", doing, shapes.BULK, write=True, right=right, body=body, partial=True)
        answer = self._ask(call)
        failed = {row["failedElementNumber"]: row["elementErrors"] or {} for row in answer["errors"]}
        made = iter(answer["issues"])
        if len(failed) + len(answer["issues"]) != len(issues) or not set(failed) <= set(range(len(issues))):
            raise JiraUnavailable("Jira's answer does not say which issues it created.", ambiguous=True)
        return [self._created(failed[n]) if n in failed else Created(**next(made)) for n in range(len(issues))]

    def _created(self, errors: Mapping[str, Any]) -> Created:
        said = "; ".join(reasons(errors, self._exchange.names)) or "it gave no reason"
        return Created(id=None, key=None, refused=f"Jira refused to create the issue: {said}.")

    def edit(
        self, issue_id: str, *, fields: Json, update: Json | None = None, properties: Mapping[str, Json] | None = None
    ) -> None:
        """Change fields, and set entity properties, in one PUT."""
        body: dict[str, Any] = {"fields": dict(fields)}
        if update:
            body["update"] = dict(update)
        if properties:
            body["properties"] = _properties(properties)
        self._change(issue_id, _about(issue_id, "PUT", "", "change", body=body, right="Edit issues"))

    def set_property(self, issue_id: str, key: str, value: Json) -> None:
        """Set one entity property of an issue."""
        path = f"/properties/{quote(key, safe='')}"
        call = _about(issue_id, "PUT", path, "set a property of", body=value, right="Edit issues")
        self._change(issue_id, call)

    def transition(self, issue_id: str, category: str, way: Way = STRAIGHT) -> str:
        """Move the issue to a status of this category; the status's name.

        Raises:
            JiraRefused: no transition leads there, or each that does demands fields that we do not have.

        """
        doing, subject = f"list the transitions of issue {issue_id}", f"Issue {issue_id}"
        path, params = f"{issue_path(issue_id)}/transitions", {"expand": "transitions.fields"}
        while True:
            offered = self._get(path, doing, shapes.TRANSITIONS, subject=subject, params=params)
            chosen, way = choose(offered["transitions"], category, issue_id=issue_id, way=way)
            body = {"transition": {"id": chosen["id"]}, **filled(chosen, way)}
            call = _about(issue_id, "POST", "/transitions", "move on", body=body, right="Transition issues")
            self._change(issue_id, call)
            if not way.route:
                return str(chosen["to"]["name"])

    def comments(self, issue_id: str) -> Sequence[Json]:
        """Return the issue's comments, oldest first, from every page."""
        path, doing = f"{API}/{issue_path(issue_id)}/comment", f"read the comments of issue {issue_id}"
        call = Call("GET", path, doing, shapes.COMMENTS, subject=f"Issue {issue_id}")
        return [comment for page in pages(self._ask, call, "comments") for comment in page]

    def comment(self, issue_id: str, body: str) -> str:
        """Add a comment in wiki markup; its id."""
        call = _about(issue_id, "POST", "/comment", "comment on", body={"body": body}, right="Add comments")
        made = self._change(issue_id, replace(call, shape=shapes.MADE))
        return str(made["id"])

    def link(self, link_type: str, inward: str, outward: str) -> None:
        """Link two issues by id or key."""
        body = {"type": {"name": link_type}, "inwardIssue": _end(inward), "outwardIssue": _end(outward)}
        doing, subject = f"link issues {inward} and {outward}", f"Issue {inward} or {outward}"
        call = Call("POST", f"{API}/issueLink", doing, write=True, subject=subject, right="Link issues", body=body)
        self._ask(replace(call, issues=(inward, outward)))

    def attach(self, issue_id: str, name: str, content: bytes, media_type: str) -> str:
        """Attach a file; its id."""
        call = _about(issue_id, "POST", "/attachments", "attach a file to", right="Create attachments")
        made = self._change(issue_id, replace(call, shape=shapes.ATTACHED, file=(name, content, media_type)))
        if len(made) != 1:
            raise JiraUnavailable("Jira's answer does not say what it attached.", ambiguous=True)
        return str(made[0]["id"])

    def discard(self, attachment_id: str) -> None:
        """Delete a file; one that is gone already is no fault."""
        path, doing, right = f"{API}/attachment/{quote(attachment_id, safe='')}", "delete a file", _DELETE_OWN
        try:
            self._ask(Call("DELETE", path, doing, write=True, subject=f"The attachment {attachment_id}", right=right))
        except JiraRefused as refused:
            if refused.status != _NOT_FOUND:
                raise

    def changes(self, issue_id: str) -> Sequence[Json]:
        """Return the issue's changelog, oldest first."""
        return sorted(self._flavour().changes(issue_id), key=lambda change: change["created"])

    def role_members(self, project: str, name: str) -> Sequence[str]:
        """Return the user ids of those who themselves have a project role.

        Of a group that has the role nobody is returned: groups are not resolved. A role that is not there has nobody.
        """
        path, right = f"project/{quote(project, safe='')}/role", "Administer projects"
        doing, subject = f"read who has the role {name}", f"Project {project}"
        roles = self._get(path, doing, shapes.ROLES, subject=subject, right=right)
        id_ = people.role_id(roles, name)
        if id_ is None:
            return ()
        role = self._get(f"{path}/{id_}", doing, shapes.ROLE, subject=subject, right=right)
        return people.members(role["actors"], cloud=self.site().flavour == "cloud")

    def attachment(self, attachment: Attachment, *, limit: int) -> bytes:
        """Return an attachment's bytes, asked for by id from the configured Jira and from nowhere else.

        Raises:
            JiraRefused: it is larger than `limit` bytes.
            JiraUnavailable: fewer bytes came than Jira says it has.

        """
        subject = f"The attachment {attachment.name}"
        if attachment.size > limit:
            raise JiraRefused(f"{subject} is larger than {limit} bytes: attach a smaller file.")
        asked = Asked("download an attachment", self._exchange.access.account, subject)
        content = self._exchange.download(self._flavour().content_of(attachment), asked=asked, limit=limit)
        if attachment.size and len(content) != attachment.size:
            raise JiraUnavailable(f"{subject} came cut short.")
        return content

    def components(self, project: str) -> Sequence[Json]:
        """Return the project's components, with their leads."""
        path, subject = f"project/{quote(project, safe='')}/components", f"Project {project}"
        rows: Sequence[Json] = self._get(path, "list the components", shapes.COMPONENTS, subject=subject)
        return rows

    def user(self, name: str, project: str) -> Json | None:
        """Return the assignable user with this account id, user name, e-mail address or display name, if one fits."""
        asked = people.asked_for(name, cloud=self.site().flavour == "cloud")
        params: Mapping[str, str | int] = {"project": project, "maxResults": READ_AT_ONCE, **asked}
        path, doing, subject = "user/assignable/search", "look up an assignable user", f"Project {project}"
        return people.named(self._get(path, doing, shapes.USERS, subject=subject, params=params), name)

    def calls(self) -> Mapping[str, int]:
        """Return how many requests this client made, by method."""
        by_method: Counter[str] = Counter()
        for (method, _), count in self.answers().items():
            by_method[method] += count
        return dict(by_method)

    def answers(self) -> Mapping[tuple[str, str], int]:
        """Return how many requests this client made, by method and status of the answer (`none` without one)."""
        by_answer: Counter[tuple[str, str]] = Counter()
        for (method, _, status), count in self.routes().items():
            by_answer[method, status] += count
        return dict(by_answer)

    def routes(self) -> Mapping[tuple[str, str, str], int]:
        """Return how many requests this client made, by method, route and status of the answer."""
        return self._exchange.counted()

    def _ask(self, call: Call) -> Any:  # noqa: ANN401  JSON, of the call's shape
        return self._exchange.ask(call)

    def _change(self, issue_id: str, call: Call) -> Any:  # noqa: ANN401  JSON, of the call's shape
        """Send a call that writes to an issue, which is then no longer as it was read, whatever came of the call."""
        try:
            return self._ask(call)
        finally:
            if flavour := self._known.get("flavour"):
                flavour.wrote(issue_id)

    def _get(
        self,
        path: str,
        doing: str,
        shape: Schema,
        *,
        subject: str = "What was asked for",
        right: str = "Browse projects",
        params: Mapping[str, str | int] = MappingProxyType({}),
    ) -> Any:  # noqa: ANN401  JSON, of that shape
        return self._ask(Call("GET", f"{API}/{path}", doing, shape, subject=subject, right=right, params=params))

    def _once(self, name: str, ask: Callable[[], _T]) -> _T:
        """Return what was asked before, else ask; not under the lock, so that a slow answer holds nobody else up."""
        with self._lock:
            if name in self._known:
                kept: _T = self._known[name]
                return kept
        answer = ask()
        with self._lock:
            self._known[name] = answer
        return answer


def _about(issue_id: str, method: str, path: str, doing: str, *, right: str, body: Json | None = None) -> Call:
    """Return a call that writes to one issue; `path` is below the issue's own."""
    return Call(
        method,
        f"{API}/{issue_path(issue_id)}{path}",
        f"{doing} issue {issue_id}",
        write=True,
        subject=f"Issue {issue_id}",
        right=right,
        body=body,
        issues=(issue_id,),
    )


def _properties(values: Mapping[str, Json]) -> list[dict[str, Any]]:
    return [{"key": key, "value": dict(value)} for key, value in values.items()]


def _new(issue: NewIssue) -> dict[str, Any]:
    new: dict[str, Any] = {"fields": dict(issue.fields), "properties": _properties(issue.properties)}
    if issue.update:
        new["update"] = dict(issue.update)
    return new


def _end(id_or_key: str) -> dict[str, str]:
    return {"id" if id_or_key.isdecimal() else "key": id_or_key}
