"""What `doctor` reads from Jira Cloud over REST version 2: the `Checkup` port on the shared exchange."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from marshmallow import Schema, fields

from cmmc_jira.adapters.admin_shapes import PERMISSIONS
from cmmc_jira.adapters.exchange import Call, Exchange
from cmmc_jira.adapters.shapes import TRANSITIONS, Id, answer
from cmmc_jira.adapters.transitions import choose
from cmmc_jira.service.checks.case import FormField

_API: Final = "rest/api/2"
_PAGE: Final = 200

_TIME: Final = answer(serverTime=fields.AwareDateTime(required=True))()
_TYPE: Final = answer(id=Id(required=True), name=fields.String(required=True))
_FIELD: Final = answer(
    fieldId=fields.String(required=True),
    name=fields.String(required=True),
    required=fields.Boolean(load_default=False),
    hasDefaultValue=fields.Boolean(load_default=False),
)
_TYPES: Final = answer(issueTypes=fields.List(fields.Nested(_TYPE), required=True), total=fields.Integer())()
_FORM: Final = answer(fields=fields.List(fields.Nested(_FIELD), required=True), total=fields.Integer())()
_CATEGORY: Final = answer(key=fields.String(required=True))
_STATUS: Final = answer(statusCategory=fields.Nested(_CATEGORY, required=True))
_STATUSES: Final = answer(
    name=fields.String(required=True), statuses=fields.List(fields.Nested(_STATUS), required=True)
)(many=True)
_PRIORITIES: Final = answer(name=fields.String(required=True))(many=True)


class JiraCheckup:
    """The `Checkup` port over HTTP."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def server_time(self) -> datetime:
        """Return what time Jira says it is."""
        time: datetime = self._read("serverInfo", "say what time it is", _TIME)["serverTime"]
        return time

    def permissions(self, project: str, names: Sequence[str]) -> Mapping[str, bool]:
        """Return whether our account holds each of these permissions in the project."""
        params = {"projectKey": project, "permissions": ",".join(names)}
        held = self._read("mypermissions", "list our permissions", PERMISSIONS, **params)["permissions"]
        return {name: bool((held.get(name) or {}).get("havePermission")) for name in names}

    def types(self, project: str) -> Mapping[str, str]:
        """Return the id of each issue type that we may create in the project, by name."""
        path = f"issue/createmeta/{quote(project, safe='')}/issuetypes"
        rows = self._all(path, "list the issue types that may be created", _TYPES, "issueTypes")
        return {row["name"]: row["id"] for row in rows}

    def form(self, project: str, type_id: str) -> Sequence[FormField]:
        """Return the fields of the form on which an issue of this type is created."""
        path = f"issue/createmeta/{quote(project, safe='')}/issuetypes/{quote(type_id, safe='')}"
        rows = self._all(path, "list the fields of a new issue", _FORM, "fields")
        return [FormField(row["fieldId"], row["name"], row["required"] and not row["hasDefaultValue"]) for row in rows]

    def categories(self, project: str) -> Mapping[str, frozenset[str]]:
        """Return the status categories that each issue type's workflow has, by the type's name."""
        rows = self._read(f"project/{quote(project, safe='')}/statuses", "list the statuses", _STATUSES)
        return {row["name"]: frozenset(one["statusCategory"]["key"] for one in row["statuses"]) for row in rows}

    def try_move(self, issue_id: str, category: str) -> None:
        """Choose a transition without taking it.

        Raises:
            JiraRefused: no transition leads there, or each that does demands fields that we do not have.

        """
        path, params = f"issue/{quote(issue_id, safe='')}/transitions", {"expand": "transitions.fields"}
        offered = self._read(path, f"list the transitions of issue {issue_id}", TRANSITIONS, **params)
        choose(offered["transitions"], category, issue_id=issue_id)

    def priorities(self) -> frozenset[str]:
        """Return the names of all priorities."""
        return frozenset(row["name"] for row in self._read("priority", "list its priorities", _PRIORITIES))

    def _all(self, path: str, doing: str, shape: Schema, rows: str) -> Sequence[Any]:
        """Return the rows of every page."""
        found: list[Any] = []
        while True:
            page = self._read(path, doing, shape, startAt=len(found), maxResults=_PAGE)
            found += page[rows]
            if not page[rows] or len(found) >= page.get("total", 0):
                return found

    def _read(self, path: str, doing: str, shape: Schema, **params: str | int) -> Any:  # noqa: ANN401  JSON of the shape
        return self._exchange.ask(Call("GET", f"{_API}/{path}", doing, shape, params=params))
