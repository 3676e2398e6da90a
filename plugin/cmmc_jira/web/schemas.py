"""The parts of a webhook's payload that we depend on; whatever else it holds is dropped."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from cmmc_jira.errors import BadDelivery


class _Part(Schema):
    class Meta:
        unknown = EXCLUDE


def _part(**members: fields.Field[Any]) -> fields.Nested:
    return fields.Nested(_Part.from_dict(members), load_default=None, allow_none=True)


def _text() -> fields.String:
    return fields.String(load_default=None, allow_none=True)


def _any() -> fields.Raw:
    return fields.Raw(load_default=None, allow_none=True)


def _rows(row: fields.Field[Any]) -> fields.List[Any]:
    return fields.List(row, load_default=list, allow_none=True)


_PAYLOAD: Final = _Part.from_dict(
    {
        "webhookEvent": _text(),
        "issue": _part(
            id=_any(),
            key=_text(),
            fields=_part(issuetype=_part(name=_text()), project=_part(key=_text()), labels=_rows(fields.String())),
        ),
        "comment": _part(id=_any(), self=_text()),
        "issueLink": _part(sourceIssueId=_any(), destinationIssueId=_any()),
        "changelog": _part(items=_rows(_part(field=_text()))),
    }
)()


def read_payload(body: bytes) -> Mapping[str, Any]:
    """Return a payload in the shape that we know; a part of another shape counts as absent.

    Raises:
        BadDelivery: the body is no JSON object.

    """
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadDelivery("The body is no JSON: send the event as Jira does.", status=HTTPStatus.BAD_REQUEST) from error
    if not isinstance(payload, dict):
        raise BadDelivery("The body is no JSON object: send the event as Jira does.", status=HTTPStatus.BAD_REQUEST)
    try:
        loaded: Mapping[str, Any] = _PAYLOAD.load(payload)
    except ValidationError as error:
        strange = set(error.messages_dict)
        loaded = _PAYLOAD.load({name: part for name, part in payload.items() if name not in strange})
    return loaded
