"""The parts of Jira's answers that we depend on; whatever else an answer holds is dropped."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import EXCLUDE, INCLUDE, Schema, ValidationError, fields


class Id(fields.Field[str]):
    """An id: Jira mostly writes text, at places a number."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:  # noqa: ANN401  marshmallow's signature
        del attr, data, kwargs
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ValidationError("is no id")
        return str(value)


class _Answer(Schema):
    class Meta:
        unknown = EXCLUDE


def answer(**members: fields.Field[Any]) -> type[Schema]:
    """Return the shape of a JSON object with these members."""
    return _Answer.from_dict(members)


def _maybe(shape: type[Schema]) -> fields.Nested:
    return fields.Nested(shape, load_default=None, allow_none=True)


def _many(shape: type[Schema], *, required: bool = True) -> fields.List[Any]:
    rows = fields.Nested(shape)
    return fields.List(rows, required=True) if required else fields.List(rows, load_default=list)


def _text(*, required: bool = False) -> fields.String:
    return fields.String(required=True) if required else fields.String(load_default=None, allow_none=True)


def _mapping() -> fields.Dict:
    return fields.Dict(load_default=dict, allow_none=True)


_USER = answer(
    accountId=fields.String(),
    name=fields.String(),
    displayName=fields.String(load_default=""),
    emailAddress=_text(),
    active=fields.Boolean(load_default=True),
    timeZone=_text(),
)
_ISSUE = answer(id=Id(required=True), key=_text(required=True), fields=_mapping(), properties=_mapping())
_NAMED = answer(id=Id(required=True), key=_text(required=True))
_FAILED = answer(failedElementNumber=fields.Integer(required=True), elementErrors=_mapping())
_CATEGORY = answer(key=_text(required=True))
_STATUS = answer(name=_text(required=True), statusCategory=fields.Nested(_CATEGORY, required=True))
_TRANSITION = answer(
    id=Id(required=True), name=_text(required=True), to=fields.Nested(_STATUS, required=True), fields=_mapping()
)
_COMMENT = answer(
    id=Id(required=True),
    body=_text(),
    author=_maybe(_USER),
    created=_text(),
)
_FIELD = answer(
    id=Id(required=True), name=_text(required=True), custom=fields.Boolean(load_default=False), schema=_mapping()
)
_COMPONENT = answer(id=Id(required=True), name=_text(required=True), lead=_maybe(_USER))
_MADE = answer(id=Id(required=True))
_CHANGE = answer(
    author=_maybe(_USER),
    created=fields.AwareDateTime(required=True),
    items=_many(answer(field=_text(required=True), to=_text())),
)
_ACTOR = answer(type=_text(required=True), name=_text(), actorUser=_maybe(answer(accountId=_text())))

SERVER_INFO: Final = answer(
    version=_text(required=True), deploymentType=_text(required=True), baseUrl=_text(required=True)
)()
MYSELF: Final = _USER()
USERS: Final = _USER(many=True)
FIELDS: Final = _FIELD(many=True)
ISSUE: Final = _ISSUE()
ISSUES: Final = answer(
    issues=_many(_ISSUE),
    nextPageToken=_text(),
    isLast=fields.Boolean(load_default=None, allow_none=True),
    total=fields.Integer(load_default=None, allow_none=True),
)()
NAMED: Final = _NAMED()
BULK: Final = answer(issues=_many(_NAMED, required=False), errors=_many(_FAILED, required=False))()
TRANSITIONS: Final = answer(transitions=_many(_TRANSITION))()
COMMENTS: Final = answer(comments=_many(_COMMENT), total=fields.Integer(load_default=None, allow_none=True))()
MADE: Final = _MADE()
ATTACHED: Final = _MADE(many=True)
COMPONENTS: Final = _COMPONENT(many=True)
CHANGES: Final = answer(values=_many(_CHANGE), total=fields.Integer(load_default=None, allow_none=True))()
CHANGES_WITHIN: Final = answer(changelog=fields.Nested(answer(histories=_many(_CHANGE)), required=True))()
ROLES: Final = Schema.from_dict({})(unknown=INCLUDE)
ROLE: Final = answer(actors=_many(_ACTOR, required=False))()


def places(error: ValidationError) -> str:
    """Return where an answer is not as we depend on it, for example `issues.0.id`; never what stands there."""
    return ", ".join(sorted(_places(error.messages, ""))[:3])


def _places(messages: Any, before: str) -> list[str]:  # noqa: ANN401  nested as deep as the answer
    if isinstance(messages, Mapping):
        return [place for key, inner in messages.items() for place in _places(inner, f"{before}.{key}".strip("."))]
    return [before.removesuffix("_schema").rstrip(".") or "the whole"]
