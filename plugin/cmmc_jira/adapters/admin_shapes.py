"""The parts of Jira's administration answers that provisioning depends on; whatever else they hold is dropped."""

from typing import Any, Final

from marshmallow import EXCLUDE, Schema, fields, pre_load

from cmmc_jira.adapters.shapes import Id, answer


class _Framed(Schema):
    """A page of a list; a list that Data Center gives whole is one without a frame."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def frame(self, data: Any, **kwargs: Any) -> Any:  # noqa: ANN401  marshmallow's signature
        """Return the page, around a list that came without one."""
        del kwargs
        return {"values": data} if isinstance(data, list) else data


def _text() -> fields.String:
    return fields.String(required=True)


def _maybe() -> fields.Dict:
    return fields.Dict(load_default=None, allow_none=True)


def _flag(*, default: bool) -> fields.Boolean:
    return fields.Boolean(load_default=default)


def _list(shape: type[Schema], *, required: bool = True) -> fields.List[Any]:
    rows = fields.Nested(shape)
    return fields.List(rows, required=True) if required else fields.List(rows, load_default=list)


def _page(**members: fields.Field[Any]) -> Schema:
    """Return the shape of one page of a list."""
    return _Framed.from_dict({"values": _list(answer(**members)), "isLast": _flag(default=True)})()


def _rows(name: str, **members: fields.Field[Any]) -> Schema:
    """Return the shape of a page whose rows Cloud gives by this name, and Data Center as `values`."""
    rows = _list(answer(**members), required=False)
    frame: dict[str, fields.Field[Any]] = {name: rows, "values": rows, "total": fields.Integer(load_default=0)}
    return answer(**frame)()


_NAMED = answer(id=Id(required=True), name=_text())
_SCHEME = fields.Nested(_NAMED, required=True)
_ID = answer(id=Id(required=True))
_OPTION = answer(value=_text(), disabled=_flag(default=False))
_CATEGORY = answer(statusCategory=fields.Nested(answer(key=_text()), required=True))
_EVENTS = fields.List(fields.String(), required=True)
_OWNER = answer(accountId=fields.String(load_default=""), name=fields.String(load_default=""))

MADE: Final = _ID()
WHO: Final = _OWNER()
HOST: Final = answer(
    deploymentType=fields.String(load_default=""),
    versionNumbers=fields.List(fields.Integer(), load_default=list),
    baseUrl=fields.String(load_default=""),
)()
PERMISSIONS: Final = answer(permissions=fields.Dict(required=True))()
PROJECT: Final = answer(
    id=Id(required=True),
    key=_text(),
    name=_text(),
    simplified=_flag(default=False),
    issueTypes=_list(_ID, required=False),
)()
ISSUE_TYPES: Final = answer(id=Id(required=True), name=_text(), subtask=_flag(default=False), scope=_maybe())(many=True)
FIELDS: Final = answer(id=Id(required=True), name=_text(), schema=fields.Dict(load_default=dict), scope=_maybe())(
    many=True
)
FORM_TYPES: Final = _rows("issueTypes", id=Id(required=True))
FORM: Final = _rows(
    "fields", fieldId=_text(), allowedValues=fields.List(fields.Dict(), load_default=list, allow_none=True)
)
CATEGORIES: Final = answer(id=Id(required=True), statuses=_list(_CATEGORY))(many=True)
TABS: Final = _NAMED(many=True)
SHOWN: Final = _ID(many=True)
LINK_TYPES: Final = answer(issueLinkTypes=_list(_NAMED))()
ROLES: Final = answer(name=_text())(many=True)
SCREENS: Final = _page(id=Id(required=True), name=_text(), scope=_maybe())
_FILTER = {
    "id": Id(required=True),
    "name": _text(),
    "owner": fields.Nested(_OWNER, load_default=None, allow_none=True),
    "sharePermissions": fields.List(fields.Dict(), load_default=list, allow_none=True),
}
FILTERS: Final = _page(**_FILTER)

TYPE_SCHEMES_USED: Final = _page(issueTypeScheme=_SCHEME)
TYPE_SCHEMES: Final = _page(id=Id(required=True), projects=_maybe())
TYPES_OFFERED: Final = _page(issueTypeId=Id(required=True))
CONTEXTS: Final = _page(
    id=Id(required=True), isGlobalContext=fields.Boolean(required=True), isAnyIssueType=_flag(default=True)
)
CONTEXT_PROJECTS: Final = _page(contextId=Id(required=True), projectId=Id(load_default=None, allow_none=True))
OPTIONS: Final = _page(value=_text(), disabled=_flag(default=False))
SCREEN_MAPPINGS_USED: Final = _page(issueTypeScreenScheme=_SCHEME)
SCREEN_MAPPINGS: Final = _page(issueTypeId=Id(required=True), screenSchemeId=Id(required=True))
SCREEN_SCHEMES: Final = _page(id=Id(required=True), name=_text(), screens=fields.Dict(load_default=dict))

SCHEMES_HERE: Final = answer(
    schemes=_list(answer(id=Id(required=True), name=_text(), issueTypes=_list(_ID, required=False)))
)()
SCHEME_HERE: Final = answer(
    name=_text(),
    description=fields.String(load_default="", allow_none=True),
    defaultIssueType=fields.Nested(_ID, load_default=None, allow_none=True),
)()
USED_BY: Final = _ID(many=True)
FIELDS_HERE: Final = _page(
    id=_text(),
    isAllProjects=_flag(default=False),
    projectIds=fields.List(Id(), load_default=list),
    issueTypeIds=fields.List(Id(), load_default=list),
)
OPTIONS_HERE: Final = answer(options=_list(_OPTION, required=False), total=fields.Integer(load_default=0))()

WEBHOOKS: Final = answer(
    self=fields.String(load_default=""),
    id=Id(load_default=""),
    name=_text(),
    url=_text(),
    events=_EVENTS,
    filters=_maybe(),
    configuration=_maybe(),
    enabled=_flag(default=True),
    active=_flag(default=True),
    isSigned=fields.Boolean(load_default=None, allow_none=True),
)(many=True)
