"""Searching: `/search/jql` with tokens on Cloud, `/search` with places on Data Center, matching and counting."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, request

from jira_sandbox import jql, jql_clauses, permissions, present, present_issue, search
from jira_sandbox.flavour import CLOUD, DATACENTER
from jira_sandbox.jql_values import Asker
from jira_sandbox.present_issue import Wanted
from jira_sandbox.records import Issue, Raw
from jira_sandbox.refusals import Refused, bad_payload
from jira_sandbox.web import Resource, answer, body, caller, flag, listed, names, number, state, texts, view

searching = Resource("search")

RECONCILE_LIMIT = 50
ID_PAGE, FIELD_PAGE = 5000, 100
LARGEST_PAGE = 1000
"""Of Data Center: its setting `jira.search.views.default.max` as it is delivered."""
REMOVED = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline "
    "is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)


@searching.route("/search/jql", "GET", anonymous=True, flavours=(CLOUD,))
def search_by_query() -> Response:
    """Search, asked by query parameters."""
    return _search(
        {
            "jql": request.args.get("jql", ""),
            "nextPageToken": request.args.get("nextPageToken"),
            "maxResults": number("maxResults", 50),
            "fields": list(listed("fields")),
            "properties": list(listed("properties")),
            "expand": request.args.get("expand"),
            "reconcileIssues": listed("reconcileIssues"),
        }
    )


@searching.route("/search/jql", "POST", anonymous=True, flavours=(CLOUD,))
def search_by_body() -> Response:
    """Search, asked by a JSON body."""
    return _search(
        body("jql", "nextPageToken", "maxResults", "fields", "fieldsByKeys", "properties", "expand", "reconcileIssues")
    )


def _search(asked: Mapping[str, Any]) -> Response:
    text, limit = asked.get("jql") or "", asked.get("maxResults", 50)
    if not isinstance(text, str) or not isinstance(limit, int) or isinstance(limit, bool):
        raise bad_payload()
    wanted = Wanted(
        fields=tuple(texts(asked.get("fields"))) or ("id",),
        properties=tuple(texts(asked.get("properties"))),
        expand=frozenset(names(str(asked.get("expand") or ""))),
    )
    fresh = _reconciled(asked.get("reconcileIssues") or ())
    only_ids = wanted.fields == ("id",) and not wanted.properties and not wanted.expand
    limit = min(max(limit, 1), ID_PAGE if only_ids else FIELD_PAGE)
    token = asked.get("nextPageToken")
    if token:
        found = search.following(state(), caller(), text, limit, str(token))
    else:
        found = search.first(state(), caller(), text, limit, fresh)
    shown: dict[str, Any] = {"issues": [_shown(issue, wanted, only_ids=only_ids) for issue in found.issues]}
    shown["isLast"] = found.token is None
    if found.token:
        shown["nextPageToken"] = found.token
    return answer({**shown, **_described(shown["issues"], wanted)})


def _shown(issue: Issue, wanted: Wanted, *, only_ids: bool) -> dict[str, Any]:
    if only_ids:
        return {"id": issue.id}
    per_issue = Wanted(wanted.fields, wanted.properties, wanted.expand - {"names", "schema"})
    return present_issue.issue(view(), issue, per_issue)


def _described(issues: Iterable[Mapping[str, Any]], wanted: Wanted) -> dict[str, Any]:
    shown = {name: state().fields[name] for issue in issues for name in issue.get("fields", ())}
    found: dict[str, Any] = {}
    if "names" in wanted.expand:
        found["names"] = {name: field.name for name, field in shown.items()}
    if "schema" in wanted.expand:
        found["schema"] = {name: present.schema(field) for name, field in shown.items()}
    return found


def _reconciled(raw: Raw) -> list[str]:
    if not isinstance(raw, (list, tuple)) or not all(str(one).isdecimal() for one in raw):
        raise Refused(400, "reconcileIssues takes numeric issue ids only.")
    if len(raw) > RECONCILE_LIMIT:
        raise Refused(400, f"The number of issue ids to reconcile must not be over {RECONCILE_LIMIT}.")
    return [str(one) for one in raw]


@searching.route("/search", "GET", "POST", anonymous=True, flavours=(CLOUD,))
def removed() -> Response:
    """The search that Jira Cloud has taken away."""
    raise Refused(410, REMOVED)


@searching.route("/search", "GET", anonymous=True, flavours=(DATACENTER,))
def search_places_by_query() -> Response:
    """Search by places in the whole list, asked by query parameters."""
    return _places(
        {
            "jql": request.args.get("jql", ""),
            "startAt": number("startAt", 0),
            "maxResults": number("maxResults", 50),
            "validateQuery": flag("validateQuery", default=True),
            "fields": list(listed("fields")),
            "expand": list(listed("expand")),
        }
    )


@searching.route("/search", "POST", anonymous=True, flavours=(DATACENTER,))
def search_places_by_body() -> Response:
    """Search by places in the whole list, asked by a JSON body; it knows no `properties`."""
    return _places(body("jql", "startAt", "maxResults", "validateQuery", "fields", "expand"))


def _places(asked: Mapping[str, Any]) -> Response:
    text, start, limit = asked.get("jql") or "", asked.get("startAt", 0), asked.get("maxResults", 50)
    if not isinstance(text, str) or not all(isinstance(one, int) for one in (start, limit)):
        raise bad_payload()
    if not asked.get("validateQuery", True):
        raise Refused(501, "The sandbox validates every query: leave validateQuery out.")
    start, limit = max(start, 0), min(max(limit, 0), LARGEST_PAGE)
    expand = frozenset(name for one in texts(asked.get("expand")) for name in names(one))
    wanted = Wanted(fields=tuple(texts(asked.get("fields"))) or ("*navigable",), expand=expand)
    found = search.whole(state(), caller(), text)
    shown: dict[str, Any] = {
        "expand": "schema,names",
        "startAt": start,
        "maxResults": limit,
        "total": len(found),
        "issues": [_shown(issue, wanted, only_ids=False) for issue in found[start : start + limit]],
    }
    return answer({**shown, **_described(shown["issues"], wanted)})


@searching.route("/search/approximate-count", "POST", anonymous=True, flavours=(CLOUD,))
def count() -> Response:
    """About how many issues a query finds."""
    text = body("jql").get("jql", "")
    return answer({"count": len(search.first(state(), caller(), str(text), ID_PAGE).issues)})


@searching.route("/jql/match", "POST", anonymous=True, flavours=(CLOUD,))
def match() -> Response:
    """Which of these issues, as they are now, each query finds."""
    asked = body("issueIds", "jqls")
    queries = asked.get("jqls")
    if not isinstance(queries, list) or not all(isinstance(one, str) for one in queries):
        raise bad_payload()
    if not isinstance(asked.get("issueIds"), list):
        raise bad_payload()
    known = [state().issues[one] for one in texts(asked["issueIds"]) if one in state().issues]
    issues = [one for one in known if permissions.sees(state(), caller(), one)]
    matches: list[dict[str, Any]] = []
    for text in queries:
        try:
            fits = jql_clauses.predicate(Asker(state(), caller()), jql.parse(text))
            matches.append({"matchedIssues": [int(one.id) for one in issues if fits(one)], "errors": []})
        except Refused as refused:
            matches.append({"matchedIssues": [], "errors": list(refused.messages)})
    return answer({"matches": matches})
