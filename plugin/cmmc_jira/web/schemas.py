"""The parts of a webhook's payload that we depend on; whatever else it holds is dropped."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from marshmallow import EXCLUDE, Schema, ValidationError, fields, missing

from cmmc_jira.errors import BadDelivery

MOST_PARTS: Final = 250_000
"""Objects and lists in one body: each takes thirty times the memory that it is long."""


class _Part(fields.Field[Mapping[str, Any]]):
    """An object of which some members matter. A schema for each would take most of the time of a delivery."""

    def __init__(self, /, **members: fields.Field[Any]) -> None:
        super().__init__(load_default=None, allow_none=True)
        self._members = members

    def _deserialize(
        self, value: object, attr: str | None, data: Mapping[str, Any] | None, **_: object
    ) -> Mapping[str, Any]:
        del attr, data
        if not isinstance(value, Mapping):
            raise ValidationError("This is no object.")
        return {name: field.deserialize(value.get(name, missing), name, value) for name, field in self._members.items()}


def _text() -> fields.String:
    return fields.String(load_default=None, allow_none=True)


def _any() -> fields.Raw:
    return fields.Raw(load_default=None, allow_none=True)


class _Rows(fields.Field[list[Any]]):
    """A list that counts as absent from its first strange member on; marshmallow's own would tell of each of them."""

    def __init__(self, row: fields.Field[Any]) -> None:
        super().__init__(load_default=list, allow_none=True)
        self._row = row

    def _deserialize(self, value: object, attr: str | None, data: Mapping[str, Any] | None, **_: object) -> list[Any]:
        if not isinstance(value, list):
            raise ValidationError("This is no list.")
        return [self._row.deserialize(each, attr, data) for each in value]


class _Payload(Schema):
    class Meta:
        unknown = EXCLUDE


_PAYLOAD: Final = _Payload.from_dict(
    {
        "webhookEvent": _text(),
        "issue": _Part(
            id=_any(),
            key=_text(),
            fields=_Part(issuetype=_Part(name=_text()), project=_Part(key=_text()), labels=_Rows(fields.String())),
        ),
        "comment": _Part(id=_any(), self=_text()),
        "issueLink": _Part(sourceIssueId=_any(), destinationIssueId=_any()),
        "changelog": _Part(items=_Rows(_Part(field=_text(), fromString=_text()))),
        "attachment": _Part(filename=_text()),
    }
)()


_FORGE_PAYLOAD: Final = _Payload.from_dict(
    {
        "eventType": _text(),
        "issue": _Part(
            id=_any(),
            key=_text(),
            fields=_Part(issuetype=_Part(name=_text()), project=_Part(key=_text()), labels=_Rows(fields.String())),
        ),
        "changelog": _Part(items=_Rows(_Part(field=_text(), fromString=_text()))),
        "attachment": _Part(issueId=_any(), fileName=_text()),
        "sourceIssueId": _any(),
        "destinationIssueId": _any(),
    }
)()


def read_payload(body: bytes) -> Mapping[str, Any]:
    """Return a payload in the shape that we know; a part of another shape counts as absent.

    Raises:
        BadDelivery: the body is no JSON object.

    """
    return _known(_object(body), _PAYLOAD)


def read_forge_payload(body: bytes) -> Mapping[str, Any]:
    """Return the event that Forge brings in the shape that we know, whether it is the body or the body's `event`.

    Raises:
        BadDelivery: the body is no JSON object.

    """
    payload = _object(body)
    event = payload.get("event")
    return _known(event if isinstance(event, dict) else payload, _FORGE_PAYLOAD)


def _object(body: bytes) -> dict[str, Any]:
    if body.count(b"[") + body.count(b"{") > MOST_PARTS:
        raise BadDelivery(
            "The body holds more parts than any event does: send the event as Jira does.", status=HTTPStatus.BAD_REQUEST
        )
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadDelivery("The body is no JSON: send the event as Jira does.", status=HTTPStatus.BAD_REQUEST) from error
    if not isinstance(payload, dict):
        raise BadDelivery("The body is no JSON object: send the event as Jira does.", status=HTTPStatus.BAD_REQUEST)
    return payload


def _known(payload: dict[str, Any], shape: Schema) -> Mapping[str, Any]:
    try:
        loaded: Mapping[str, Any] = shape.load(payload)
    except ValidationError as error:
        strange = set(error.messages_dict)
        loaded = shape.load({name: part for name, part in payload.items() if name not in strange})
    return loaded
