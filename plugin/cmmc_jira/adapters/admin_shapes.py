"""The parts of Jira's administration answers that provisioning depends on; whatever else they hold is dropped."""

from typing import Any, Final

from marshmallow import Schema, fields

from cmmc_jira.adapters.shapes import Id, answer


def _text() -> fields.String:
    return fields.String(required=True)


def _maybe() -> fields.Dict:
    return fields.Dict(load_default=None, allow_none=True)


def _flag(*, default: bool) -> fields.Boolean:
    return fields.Boolean(load_default=default)


def _page(**members: fields.Field[Any]) -> Schema:
    """Return the shape of one page of a list."""
    rows = fields.List(fields.Nested(answer(**members)), required=True)
    return answer(values=rows, isLast=fields.Boolean(load_default=True))()


_NAMED = answer(id=Id(required=True), name=_text())
_SCHEME = fields.Nested(_NAMED, required=True)

MADE: Final = answer(id=Id(required=True))()
PERMISSIONS: Final = answer(permissions=fields.Dict(required=True))()
PROJECT: Final = answer(id=Id(required=True), key=_text(), name=_text(), simplified=_flag(default=False))()
ISSUE_TYPES: Final = answer(id=Id(required=True), name=_text(), subtask=_flag(default=False), scope=_maybe())(many=True)
FIELDS: Final = answer(id=Id(required=True), name=_text(), schema=fields.Dict(load_default=dict), scope=_maybe())(
    many=True
)
TABS: Final = _NAMED(many=True)
SHOWN: Final = answer(id=Id(required=True))(many=True)
LINK_TYPES: Final = answer(issueLinkTypes=fields.List(fields.Nested(_NAMED), required=True))()
WEBHOOKS: Final = answer(
    self=_text(),
    name=_text(),
    url=_text(),
    events=fields.List(fields.String(), required=True),
    filters=_maybe(),
    enabled=_flag(default=True),
    isSigned=fields.Boolean(load_default=None, allow_none=True),
)(many=True)

TYPE_SCHEMES_USED: Final = _page(issueTypeScheme=_SCHEME)
TYPE_SCHEMES: Final = _page(id=Id(required=True), projects=_maybe())
TYPES_OFFERED: Final = _page(issueTypeId=Id(required=True))
CONTEXTS: Final = _page(id=Id(required=True), isGlobalContext=fields.Boolean(required=True))
CONTEXT_PROJECTS: Final = _page(contextId=Id(required=True), projectId=Id(load_default=None, allow_none=True))
OPTIONS: Final = _page(value=_text(), disabled=_flag(default=False))
SCREEN_MAPPINGS_USED: Final = _page(issueTypeScreenScheme=_SCHEME)
SCREEN_MAPPINGS: Final = _page(issueTypeId=Id(required=True), screenSchemeId=Id(required=True))
SCREEN_SCHEMES: Final = _page(id=Id(required=True), name=_text(), screens=fields.Dict(load_default=dict))
SCREENS: Final = _page(id=Id(required=True), name=_text(), scope=_maybe())
