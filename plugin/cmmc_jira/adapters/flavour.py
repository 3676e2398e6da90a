"""What Cloud and Data Center do differently for a client: reading many issues, searching, changelogs, files.

https://developer.atlassian.com/cloud/jira/platform/rest/v2/
https://developer.atlassian.com/server/jira/platform/rest/v10003/
"""

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any, Final, Protocol
from urllib.parse import quote

from cmmc_jira.adapters import shapes
from cmmc_jira.adapters.exchange import Call
from cmmc_jira.adapters.kept import Kept
from cmmc_jira.adapters.paging import READ_AT_ONCE, Ask, chunks, pages
from cmmc_jira.core.identity import FROZEN_PROPERTY, PROPERTY
from cmmc_jira.core.issues import Attachment
from cmmc_jira.errors import JiraRefused, JiraUnavailable
from cmmc_jira.service.ports import Json

API: Final = "rest/api/2"
PROPERTIES: Final = (PROPERTY, FROZEN_PROPERTY)
RECONCILE_AT_MOST: Final = 50

_UPDATED: Final = "updated"
_ABSENT: Final = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})
"""Data Center says 404 of what is gone and 403 of what is hidden."""


class Flavour(Protocol):
    """How one of the two is asked."""

    def issues(self, ids: Sequence[str], fields: Sequence[str], *, anew: Sequence[str] = ()) -> Sequence[Json]:
        """Return these issues; those among `anew` are read by themselves, whatever is known of them."""

    def pages(self, jql: str, fields: Sequence[str], also: Sequence[str]) -> Iterator[Sequence[Json]]:
        """Yield the pages of a search."""

    def changes(self, issue_id: str) -> Sequence[Json]:
        """Return an issue's changelog, in the order in which Jira gives it."""

    def content_of(self, attachment: Attachment) -> str:
        """Return the path of a file's bytes."""

    def wrote(self, issue_id: str) -> None:
        """Be told that an issue was changed, or may have been."""


class Cloud:
    """Jira Cloud: many issues by id in one call, pages by token."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def issues(self, ids: Sequence[str], fields: Sequence[str], *, anew: Sequence[str] = ()) -> Sequence[Json]:
        """Return these issues as they are now, 100 a call."""
        found: list[Json] = []
        for some in chunks(list(dict.fromkeys([*ids, *anew])), READ_AT_ONCE):
            body = {"issueIdsOrKeys": some, "fields": list(fields), "properties": list(PROPERTIES)}
            call = Call("POST", f"{API}/issue/bulkfetch", "read issues by id", shapes.ISSUES, body=body)
            found += self._ask(call)["issues"]
        return found

    def pages(self, jql: str, fields: Sequence[str], also: Sequence[str]) -> Iterator[Sequence[Json]]:
        """Yield pages until none is left; a total is never given, and `reconcileIssues` makes those ids fresh."""
        body: dict[str, Any] = {
            "jql": jql,
            "fields": list(fields),
            "properties": list(PROPERTIES),
            "maxResults": READ_AT_ONCE,
        }
        if fresh := [int(id_) for id_ in dict.fromkeys(also) if id_.isdecimal()][:RECONCILE_AT_MOST]:
            body["reconcileIssues"] = fresh
        while True:
            page = self._ask(Call("POST", f"{API}/search/jql", "search for issues", shapes.ISSUES, body=body))
            yield page["issues"]
            if page["isLast"] or not page["nextPageToken"]:
                return
            if page["nextPageToken"] == body.get("nextPageToken"):
                raise JiraUnavailable("Jira's search gave the same page again.")
            body["nextPageToken"] = page["nextPageToken"]

    def changes(self, issue_id: str) -> Sequence[Json]:
        """Return the changelog from every page."""
        doing, subject = f"read the changelog of issue {issue_id}", f"Issue {issue_id}"
        call = Call("GET", f"{API}/{issue_path(issue_id)}/changelog", doing, shapes.CHANGES, subject=subject)
        return [change for page in pages(self._ask, call, "values") for change in page]

    def content_of(self, attachment: Attachment) -> str:
        """Return the path that answers with the bytes themselves, not with another host's address."""
        return f"{API}/attachment/content/{quote(attachment.id, safe='')}?redirect=false"

    def wrote(self, issue_id: str) -> None:
        """Do nothing: nothing is kept."""


class DataCenter:
    """Jira Data Center, which has no reading of many issues by id, and whose search gives no entity properties.

    So an issue is read by itself once and kept, and the search says when each was last changed: what is kept is
    returned while that is what it was. An index that lags shows a change late, as a webhook that comes late would; what
    it does not show as it was last seen is read by itself.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._kept = Kept()

    def issues(self, ids: Sequence[str], fields: Sequence[str], *, anew: Sequence[str] = ()) -> Sequence[Json]:
        """Return these issues: as kept where the index says that they have not changed, else read one by one."""
        asked, fresh = dict.fromkeys([*ids, *anew]), frozenset(anew)
        unchanged = {id_: raw for id_ in asked if id_ not in fresh and (raw := self._kept.get(id_, fields))}
        changed: dict[str, str] = {}
        for some in chunks(list(unchanged), READ_AT_ONCE):
            changed |= self._changed(some)
        found = []
        for id_ in asked:
            kept = unchanged.get(id_)
            if kept is not None and changed.get(id_) == kept["fields"].get(_UPDATED):
                found.append(kept)
            elif (raw := self._issue(id_, fields)) is None:
                self._kept.drop(id_)
            else:
                self._kept.put(raw, fields)
                found.append(raw)
        return found

    def _changed(self, ids: Sequence[str]) -> dict[str, str]:
        """Return when the index says that each of these was last changed; nothing when one of them is gone.

        A search that names an issue that is not there is refused as a whole.
        """
        call = _search(f"id in ({', '.join(ids)})", [_UPDATED])
        try:
            rows = [row for page in pages(self._ask, call, "issues") for row in page]
        except JiraRefused as refused:
            if refused.status != HTTPStatus.BAD_REQUEST:
                raise
            return {}
        return {row["id"]: str(row["fields"].get(_UPDATED)) for row in rows}

    def _issue(self, id_: str, fields: Sequence[str]) -> Json | None:
        try:
            raw: Json = self._ask(read_issue(id_, [*fields, _UPDATED]))
        except JiraRefused as refused:
            if refused.status not in _ABSENT:
                raise
            return None
        return raw

    def pages(self, jql: str, fields: Sequence[str], also: Sequence[str]) -> Iterator[Sequence[Json]]:
        """Yield pages until the total is reached, and first `also`, read one by one: a cluster's index may lag."""
        if also:
            yield [raw for id_ in dict.fromkeys(also) if (raw := self._issue(id_, fields)) is not None]
        yield from pages(self._ask, _search(jql, fields), "issues")

    def changes(self, issue_id: str) -> Sequence[Json]:
        """Return the changelog, which comes whole with the issue."""
        doing, subject = f"read the changelog of issue {issue_id}", f"Issue {issue_id}"
        params = {"fields": "id", "expand": "changelog"}
        path = f"{API}/{issue_path(issue_id)}"
        within = self._ask(Call("GET", path, doing, shapes.CHANGES_WITHIN, subject=subject, params=params))
        changes: Sequence[Json] = within["changelog"]["histories"]
        return changes

    def content_of(self, attachment: Attachment) -> str:
        """Return the path under which Data Center serves files to browsers and programs alike."""
        return f"secure/attachment/{quote(attachment.id, safe='')}/{quote(attachment.name, safe='')}"

    def wrote(self, issue_id: str) -> None:
        """Forget what was kept of an issue."""
        self._kept.drop(issue_id)


def issue_path(id_or_key: str) -> str:
    """Return the path of an issue below the API's own."""
    return f"issue/{quote(id_or_key, safe='')}"


def read_issue(id_or_key: str, fields: Sequence[str]) -> Call:
    """Return the call that reads one issue with these fields and our properties."""
    params = {"fields": ",".join(fields), "properties": ",".join(PROPERTIES)}
    doing, subject = f"read issue {id_or_key}", f"Issue {id_or_key}"
    return Call("GET", f"{API}/{issue_path(id_or_key)}", doing, shapes.ISSUE, subject=subject, params=params)


def _search(jql: str, fields: Sequence[str]) -> Call:
    body = {"jql": jql, "fields": list(fields)}
    return Call("POST", f"{API}/search", "search for issues", shapes.ISSUES, body=body)
