"""What `doctor` reads from Jira over REST version 2: the `Checkup` port on the shared exchange."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar
from urllib.parse import quote

from marshmallow import Schema, fields

from cmmc_jira.adapters.admin_shapes import PERMISSIONS
from cmmc_jira.adapters.exchange import Call, Exchange
from cmmc_jira.adapters.shapes import TRANSITIONS, Id, answer
from cmmc_jira.adapters.transitions import choose
from cmmc_jira.core.jql import quoted
from cmmc_jira.core.mapping import STRAIGHT, Way
from cmmc_jira.service.checks.case import FormField, Headroom, Sample
from cmmc_jira.service.ports import Jira, Json

_API: Final = "rest/api/2"
_PAGE: Final = 200
_T = TypeVar("_T")

_TIME: Final = answer(serverTime=fields.AwareDateTime(required=True))()
_TYPE: Final = answer(id=Id(required=True), name=fields.String(required=True))
_ALLOWED: Final = fields.List(fields.Dict(), load_default=list, allow_none=True)
_FIELD: Final = answer(
    fieldId=fields.String(required=True),
    name=fields.String(required=True),
    required=fields.Boolean(load_default=False),
    hasDefaultValue=fields.Boolean(load_default=False),
    allowedValues=_ALLOWED,
)
_EDITED: Final = answer(
    name=fields.String(required=True),
    required=fields.Boolean(load_default=False),
    hasDefaultValue=fields.Boolean(load_default=False),
    allowedValues=_ALLOWED,
)
_EDIT_FORM: Final = answer(fields=fields.Dict(keys=fields.String(), values=fields.Nested(_EDITED), required=True))()
_CATEGORY: Final = answer(key=fields.String(required=True))
_STATUS: Final = answer(statusCategory=fields.Nested(_CATEGORY, required=True))
_STATUSES: Final = answer(
    name=fields.String(required=True), statuses=fields.List(fields.Nested(_STATUS), required=True)
)(many=True)
_PRIORITIES: Final = answer(name=fields.String(required=True))(many=True)


def _rows(name: str, shape: type[Schema]) -> Schema:
    """Return the shape of a page whose rows Cloud gives by this name, and Data Center as `values`."""
    rows: fields.Field[Any] = fields.List(fields.Nested(shape))
    members: dict[str, fields.Field[Any]] = {name: rows, "values": rows, "total": fields.Integer()}
    return answer(**members)()


_TYPES: Final = _rows("issueTypes", _TYPE)
_FORM: Final = _rows("fields", _FIELD)


class JiraCheckup:
    """The `Checkup` port over HTTP, for one look at everything: what was asked once is kept."""

    def __init__(self, exchange: Exchange, jira: Jira) -> None:
        self._exchange = exchange
        self._jira = jira
        self._known: dict[tuple[str, ...], Any] = {}

    def server_time(self) -> datetime:
        """Return what time Jira says it is."""
        time: datetime = self._read("serverInfo", "say what time it is", _TIME)["serverTime"]
        return time

    def permissions(self, project: str, names: Sequence[str]) -> Mapping[str, bool]:
        """Return whether our account holds each of these permissions in the project."""
        params = {"projectKey": project, "permissions": ",".join(names)}
        if self._jira.site().flavour != "cloud":
            del params["permissions"]  # Data Center tells of all of them, and knows no such parameter
        held = self._read("mypermissions", "list our permissions", PERMISSIONS, **params)["permissions"]
        return {name: bool((held.get(name) or {}).get("havePermission")) for name in names}

    def types(self, project: str) -> Mapping[str, str]:
        """Return the id of each issue type that we may create in the project, by name."""
        path, doing = f"issue/createmeta/{quote(project, safe='')}/issuetypes", "list the issue types"
        rows = self._once(lambda: self._all(path, doing, _TYPES, "issueTypes"), "types", project)
        return {row["name"]: row["id"] for row in rows}

    def form(self, project: str, type_id: str) -> Sequence[FormField]:
        """Return the fields of the form on which an issue of this type is created."""
        path = f"issue/createmeta/{quote(project, safe='')}/issuetypes/{quote(type_id, safe='')}"
        rows = self._once(
            lambda: self._all(path, "list the fields of a new issue", _FORM, "fields"), "form", project, type_id
        )
        return [_form_field(row["fieldId"], row) for row in rows]

    def edit_form(self, issue_id: str) -> Sequence[FormField]:
        """Return the fields of the form on which this issue is edited; none where we may not edit it."""
        path, doing = f"issue/{quote(issue_id, safe='')}/editmeta", f"list the fields that issue {issue_id} may change"
        rows = self._once(lambda: self._read(path, doing, _EDIT_FORM)["fields"], "edit form", issue_id)
        return [_form_field(id_, row) for id_, row in rows.items()]

    def newest(self, project: str, type_name: str) -> Sequence[Sample]:
        """Return the newest issues of this type that the index knows, the newest first, at most a hundred."""
        jql = f"project = {quoted(project)} AND issuetype = {quoted(type_name)} ORDER BY created DESC"
        found = self._once(
            lambda: self._jira.search(jql, ["status", "created"], until=lambda _: True), "newest", project, type_name
        )
        return [_sample(raw) for raw in found]

    def categories(self, project: str) -> Mapping[str, frozenset[str]]:
        """Return the status categories that each issue type's workflow has, by the type's name."""
        rows = self._read(f"project/{quote(project, safe='')}/statuses", "list the statuses", _STATUSES)
        return {row["name"]: frozenset(one["statusCategory"]["key"] for one in row["statuses"]) for row in rows}

    def try_move(self, issue_id: str, category: str, way: Way = STRAIGHT) -> None:
        """Choose a transition without taking it.

        Raises:
            JiraRefused: no transition leads there, or each that does demands fields that we do not have.

        """
        path, params = f"issue/{quote(issue_id, safe='')}/transitions", {"expand": "transitions.fields"}
        offered = self._read(path, f"list the transitions of issue {issue_id}", TRANSITIONS, **params)
        choose(offered["transitions"], category, issue_id=issue_id, way=way)

    def priorities(self) -> frozenset[str]:
        """Return the names of all priorities."""
        return frozenset(row["name"] for row in self._read("priority", "list its priorities", _PRIORITIES))

    def headroom(self) -> Headroom | None:
        """Return what Jira's last answers said of our rate limit; None where they said nothing."""
        said = self._exchange.limits()
        if not said:
            return None
        near = said.get("NearLimit", "").lower() == "true"
        return Headroom(_number(said.get("Limit", "")), _number(said.get("Remaining", "")), near=near)

    def _all(self, path: str, doing: str, shape: Schema, rows: str) -> Sequence[Any]:
        """Return the rows of every page."""
        found: list[Any] = []
        while True:
            page = self._read(path, doing, shape, startAt=len(found), maxResults=_PAGE)
            some = page.get(rows) or page.get("values") or []
            found += some
            if not some or len(found) >= page.get("total", 0):
                return found

    def _read(self, path: str, doing: str, shape: Schema, **params: str | int) -> Any:  # noqa: ANN401  JSON of the shape
        return self._exchange.ask(Call("GET", f"{_API}/{path}", doing, shape, params=params))

    def _once(self, ask: Callable[[], _T], *name: str) -> _T:
        if name not in self._known:
            self._known[name] = ask()
        kept: _T = self._known[name]
        return kept


def _form_field(id_: str, row: Mapping[str, Any]) -> FormField:
    allowed = row.get("allowedValues") or ()
    options = tuple(str(one.get("value") or one.get("name")) for one in allowed if not one.get("disabled"))
    return FormField(id_, row["name"], row["required"] and not row["hasDefaultValue"], options)


def _sample(raw: Json) -> Sample:
    given = raw.get("fields") or {}
    category = ((given.get("status") or {}).get("statusCategory") or {}).get("key") or ""
    created = datetime.fromisoformat(str(given.get("created")))
    return Sample(str(raw["id"]), str(raw["key"]), str(category), created)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() else None
