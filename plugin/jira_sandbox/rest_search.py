"""`/search/jql`, and what belongs to JQL: matching, counting, saved filters."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, request

from jira_sandbox import jql, jql_clauses, permissions, present, present_issue, search
from jira_sandbox.jql_values import Asker
from jira_sandbox.present_issue import Wanted
from jira_sandbox.records import Filter, Issue, Raw
from jira_sandbox.refusals import Refused, bad_payload
from jira_sandbox.web import Resource, account, answer, body, caller, listed, names, number, state, texts, view

searching = Resource("search")

RECONCILE_LIMIT = 50
ID_PAGE, FIELD_PAGE = 5000, 100
REMOVED = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline "
    "is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)


@searching.route("/search/jql", "GET", anonymous=True)
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


@searching.route("/search/jql", "POST", anonymous=True)
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
    if "names" in wanted.expand or "schema" in wanted.expand:
        shown |= _described(shown["issues"], wanted)
    return answer(shown)


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


@searching.route("/search", "GET", "POST", anonymous=True)
def removed() -> Response:
    """The search that Jira Cloud has taken away."""
    raise Refused(410, REMOVED)


@searching.route("/search/approximate-count", "POST", anonymous=True)
def count() -> Response:
    """About how many issues a query finds."""
    text = body("jql").get("jql", "")
    return answer({"count": len(search.first(state(), caller(), str(text), ID_PAGE).issues)})


@searching.route("/jql/match", "POST", anonymous=True)
def match() -> Response:
    """Which of these issues, as they are now, each query finds."""
    asked = body("issueIds", "jqls")
    if not isinstance(asked.get("jqls"), list) or not isinstance(asked.get("issueIds"), list):
        raise bad_payload()
    known = [state().issues[one] for one in texts(asked["issueIds"]) if one in state().issues]
    issues = [one for one in known if permissions.sees(state(), caller(), one)]
    matches: list[dict[str, Any]] = []
    for text in asked["jqls"]:
        try:
            fits = jql_clauses.predicate(Asker(state(), caller()), jql.parse(str(text)))
            matches.append({"matchedIssues": [int(one.id) for one in issues if fits(one)], "errors": []})
        except Refused as refused:
            matches.append({"matchedIssues": [], "errors": list(refused.messages)})
    return answer({"matches": matches})


@searching.route("/filter", "POST")
def create_filter() -> Response:
    """Save a search."""
    asked = body("name", "description", "jql", "favourite", "sharePermissions", "editPermissions")
    name = asked.get("name")
    if not isinstance(name, str) or not name.strip():
        raise Refused(400, errors={"filterName": "You must specify a name to save this filter as."})
    mine = (one for one in state().filters.values() if one.owner == account().account_id)
    if any(one.name == name for one in mine):
        raise Refused(400, errors={"filterName": "Filter with same name already exists."})
    jql.parse(str(asked.get("jql", "")))
    saved = Filter(
        state().next_id("filter"),
        name,
        str(asked.get("jql", "")),
        account().account_id,
        str(asked.get("description", "")),
    )
    state().filters[saved.id] = saved
    return answer(_filter(saved))


@searching.route("/filter/<filter_id>", "GET")
def read_filter(filter_id: str) -> Response:
    """A saved search."""
    saved = state().filters.get(filter_id)
    if saved is None or saved.owner != account().account_id:
        raise Refused(
            400,
            "The selected filter is not available to you, perhaps it has been deleted or had its permissions changed.",
        )
    return answer(_filter(saved))


def _filter(saved: Filter) -> dict[str, Any]:
    return {
        "self": view().link(f"filter/{saved.id}"),
        "id": saved.id,
        "name": saved.name,
        "description": saved.description,
        "owner": present.user(view(), state().user(saved.owner)),
        "jql": saved.jql,
        "viewUrl": f"{state().base_url}/issues/?filter={saved.id}",
        "searchUrl": view().link("search/jql", jql=saved.jql),
        "favourite": False,
        "sharePermissions": [],
        "editPermissions": [],
    }
