"""Jira over REST version 2: the same paths and the same wiki markup on Cloud and on Data Center.

https://developer.atlassian.com/cloud/jira/platform/rest/v2/
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final, TypeVar
from urllib.parse import quote

from marshmallow import Schema

from cmmc_jira.adapters import people, shapes
from cmmc_jira.adapters.exchange import Call, Exchange
from cmmc_jira.adapters.refusals import Asked, reasons
from cmmc_jira.adapters.transitions import choose, filled
from cmmc_jira.core.identity import FROZEN_PROPERTY, PROPERTY
from cmmc_jira.core.issues import Attachment
from cmmc_jira.core.mapping import STRAIGHT, Way
from cmmc_jira.errors import JiraRefused, JiraUnavailable
from cmmc_jira.service.ports import Created, Json, NewIssue, Site

CREATE_AT_ONCE: Final = 50
READ_AT_ONCE: Final = 100
RECONCILE_AT_MOST: Final = 50

_API: Final = "rest/api/2"
_PROPERTIES: Final = (PROPERTY, FROZEN_PROPERTY)
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
        params = {"fields": ",".join(fields), "properties": ",".join(_PROPERTIES)}
        doing, subject = f"read issue {id_or_key}", f"Issue {id_or_key}"
        issue: Json = self._get(_issue(id_or_key), doing, shapes.ISSUE, subject=subject, params=params)
        return issue

    def issues(self, ids: Sequence[str], fields: Sequence[str]) -> Sequence[Json]:
        """Return these issues by id, 100 a call, not from the index; gone or hidden ones are absent."""
        if self.site().flavour != "cloud":
            return [issue for id_ in ids if (issue := self._issue_or_none(id_, fields)) is not None]
        self.myself()
        found: list[Json] = []
        for some in _chunks(list(dict.fromkeys(ids)), READ_AT_ONCE):
            body = {"issueIdsOrKeys": some, "fields": list(fields), "properties": list(_PROPERTIES)}
            call = Call("POST", f"{_API}/issue/bulkfetch", "read issues by id", shapes.ISSUES, body=body)
            found += self._ask(call)["issues"]
        return found

    def _issue_or_none(self, id_: str, fields: Sequence[str]) -> Json | None:
        try:
            return self.issue(id_, fields)
        except JiraRefused as refused:
            if refused.status == _NOT_FOUND:
                return None
            raise

    def search(
        self, jql: str, fields: Sequence[str], *, also: Sequence[str] = (), until: Callable[[Json], bool] | None = None
    ) -> Sequence[Json]:
        """Return all issues that the index finds, from every page; `also` must count as they are now.

        The last page is the one with an issue of which `until` is true.
        """
        self.myself()
        pages = self._cloud_pages if self.site().flavour == "cloud" else self._datacenter_pages
        found: dict[str, Json] = {}
        for page in pages(jql, fields, also):
            found |= {issue["id"]: issue for issue in page}
            if until and any(map(until, page)):
                break
        return list(found.values())

    def _cloud_pages(self, jql: str, fields: Sequence[str], also: Sequence[str]) -> Iterator[Sequence[Json]]:
        """Yield pages until none is left; a total is never given, and `reconcileIssues` makes those ids fresh."""
        body: dict[str, Any] = {
            "jql": jql,
            "fields": list(fields),
            "properties": list(_PROPERTIES),
            "maxResults": READ_AT_ONCE,
        }
        if fresh := [int(id_) for id_ in dict.fromkeys(also) if id_.isdecimal()][:RECONCILE_AT_MOST]:
            body["reconcileIssues"] = fresh
        while True:
            page = self._ask(Call("POST", f"{_API}/search/jql", "search for issues", shapes.ISSUES, body=body))
            yield page["issues"]
            if page["isLast"] or not page["nextPageToken"]:
                return
            if page["nextPageToken"] == body.get("nextPageToken"):
                raise JiraUnavailable("Jira's search gave the same page again.")
            body["nextPageToken"] = page["nextPageToken"]

    def _datacenter_pages(self, jql: str, fields: Sequence[str], also: Sequence[str]) -> Iterator[Sequence[Json]]:
        """Yield pages until the total is reached; its index is written with the issue, so `also` is not needed."""
        del also
        params = {"jql": jql, "fields": ",".join(fields), "properties": ",".join(_PROPERTIES)}
        return self._pages("search", "search for issues", shapes.ISSUES, "issues", params=params)

    def create(self, issues: Sequence[NewIssue]) -> Sequence[Created]:
        """Create these, 50 a call; one answer each, in order. Raises only when a whole call failed."""
        created: list[Created] = []
        for some in _chunks(issues, CREATE_AT_ONCE):
            created += self._create_some(some) if len(some) > 1 else [self._create_one(some[0])]
        return created

    def _create_one(self, issue: NewIssue) -> Created:
        body, right = _new(issue), "Create issues"
        call = Call("POST", f"{_API}/issue", "create an issue", shapes.NAMED, write=True, right=right, body=body)
        try:
            return Created(**self._ask(call))
        except JiraRefused as refused:
            if refused.status != HTTPStatus.BAD_REQUEST:
                raise
            return Created(id=None, key=None, refused=str(refused))

    def _create_some(self, issues: Sequence[NewIssue]) -> Sequence[Created]:
        body = {"issueUpdates": [_new(issue) for issue in issues]}
        doing, right = f"create {len(issues)} issues", "Create issues"
        call = Call("POST", f"{_API}/issue/bulk", doing, shapes.BULK, write=True, right=right, body=body, partial=True)
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
        self._ask(_about(issue_id, "PUT", "", "change", body=body, right="Edit issues"))

    def set_property(self, issue_id: str, key: str, value: Json) -> None:
        """Set one entity property of an issue."""
        path = f"/properties/{quote(key, safe='')}"
        self._ask(_about(issue_id, "PUT", path, "set a property of", body=value, right="Edit issues"))

    def transition(self, issue_id: str, category: str, way: Way = STRAIGHT) -> str:
        """Move the issue to a status of this category; the status's name.

        Raises:
            JiraRefused: no transition leads there, or each that does demands fields that we do not have.

        """
        doing, subject = f"list the transitions of issue {issue_id}", f"Issue {issue_id}"
        path, params = f"{_issue(issue_id)}/transitions", {"expand": "transitions.fields"}
        while True:
            offered = self._get(path, doing, shapes.TRANSITIONS, subject=subject, params=params)
            chosen, way = choose(offered["transitions"], category, issue_id=issue_id, way=way)
            body = {"transition": {"id": chosen["id"]}, **filled(chosen, way)}
            self._ask(_about(issue_id, "POST", "/transitions", "move on", body=body, right="Transition issues"))
            if not way.route:
                return str(chosen["to"]["name"])

    def comments(self, issue_id: str) -> Sequence[Json]:
        """Return the issue's comments, oldest first, from every page."""
        path, doing = f"{_issue(issue_id)}/comment", f"read the comments of issue {issue_id}"
        pages = self._pages(path, doing, shapes.COMMENTS, "comments", subject=f"Issue {issue_id}")
        return [comment for page in pages for comment in page]

    def comment(self, issue_id: str, body: str) -> str:
        """Add a comment in wiki markup; its id."""
        call = _about(issue_id, "POST", "/comment", "comment on", body={"body": body}, right="Add comments")
        made = self._ask(replace(call, shape=shapes.MADE))
        return str(made["id"])

    def link(self, link_type: str, inward: str, outward: str) -> None:
        """Link two issues by id or key."""
        body = {"type": {"name": link_type}, "inwardIssue": _end(inward), "outwardIssue": _end(outward)}
        doing, subject = f"link issues {inward} and {outward}", f"Issue {inward} or {outward}"
        self._ask(Call("POST", f"{_API}/issueLink", doing, write=True, subject=subject, right="Link issues", body=body))

    def attach(self, issue_id: str, name: str, content: bytes, media_type: str) -> str:
        """Attach a file; its id."""
        call = _about(issue_id, "POST", "/attachments", "attach a file to", right="Create attachments")
        made = self._ask(replace(call, shape=shapes.ATTACHED, file=(name, content, media_type)))
        if len(made) != 1:
            raise JiraUnavailable("Jira's answer does not say what it attached.", ambiguous=True)
        return str(made[0]["id"])

    def discard(self, attachment_id: str) -> None:
        """Delete a file; one that is gone already is no fault."""
        path, doing, right = f"{_API}/attachment/{quote(attachment_id, safe='')}", "delete a file", _DELETE_OWN
        try:
            self._ask(Call("DELETE", path, doing, write=True, subject=f"The attachment {attachment_id}", right=right))
        except JiraRefused as refused:
            if refused.status != _NOT_FOUND:
                raise

    def changes(self, issue_id: str) -> Sequence[Json]:
        """Return the issue's changelog, oldest first: Cloud gives pages, Data Center the whole with the issue."""
        path, doing, subject = _issue(issue_id), f"read the changelog of issue {issue_id}", f"Issue {issue_id}"
        if self.site().flavour == "cloud":
            pages = self._pages(f"{path}/changelog", doing, shapes.CHANGES, "values", subject=subject)
            found = [change for page in pages for change in page]
        else:
            params = {"fields": "id", "expand": "changelog"}
            within = self._get(path, doing, shapes.CHANGES_WITHIN, subject=subject, params=params)
            found = within["changelog"]["histories"]
        return sorted(found, key=lambda change: change["created"])

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
        id_ = quote(attachment.id, safe="")
        if self.site().flavour == "cloud":
            path = f"{_API}/attachment/content/{id_}?redirect=false"
        else:
            path = f"secure/attachment/{id_}/{quote(attachment.name, safe='')}"
        asked = Asked("download an attachment", self._exchange.access.account, subject)
        content = self._exchange.download(path, asked=asked, limit=limit)
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
        return self._exchange.counted()

    def _ask(self, call: Call) -> Any:  # noqa: ANN401  JSON, of the call's shape
        return self._exchange.ask(call)

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
        return self._ask(Call("GET", f"{_API}/{path}", doing, shape, subject=subject, right=right, params=params))

    def _pages(
        self,
        path: str,
        doing: str,
        shape: Schema,
        rows: str,
        *,
        subject: str = "What was asked for",
        params: Mapping[str, str] = MappingProxyType({}),
    ) -> Iterator[Sequence[Json]]:
        """Yield the `rows` of each page until as many were read as there are."""
        seen = 0
        while True:
            window: dict[str, str | int] = {**params, "startAt": seen, "maxResults": READ_AT_ONCE}
            page = self._get(path, doing, shape, subject=subject, params=window)
            yield page[rows]
            seen += len(page[rows])
            if not page[rows] or seen >= (page["total"] or 0):
                return

    def _once(self, name: str, ask: Callable[[], _T]) -> _T:
        with self._lock:
            if name not in self._known:
                self._known[name] = ask()
            kept: _T = self._known[name]
            return kept


def _issue(id_or_key: str) -> str:
    return f"issue/{quote(id_or_key, safe='')}"


def _about(issue_id: str, method: str, path: str, doing: str, *, right: str, body: Json | None = None) -> Call:
    """Return a call that writes to one issue; `path` is below the issue's own."""
    return Call(
        method,
        f"{_API}/{_issue(issue_id)}{path}",
        f"{doing} issue {issue_id}",
        write=True,
        subject=f"Issue {issue_id}",
        right=right,
        body=body,
    )


def _chunks(rows: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def _properties(values: Mapping[str, Json]) -> list[dict[str, Any]]:
    return [{"key": key, "value": dict(value)} for key, value in values.items()]


def _new(issue: NewIssue) -> dict[str, Any]:
    new: dict[str, Any] = {"fields": dict(issue.fields), "properties": _properties(issue.properties)}
    if issue.update:
        new["update"] = dict(issue.update)
    return new


def _end(id_or_key: str) -> dict[str, str]:
    return {"id" if id_or_key.isdecimal() else "key": id_or_key}
