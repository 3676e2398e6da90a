"""Data Center's webhooks since version 10, `/rest/jira-webhook/1.0/webhooks`; no OpenAPI document of Jira's has them.

What is beside `configuration` as in the form of version 9 is ignored without a word, a secret too.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response

from jira_sandbox.records import User, Webhook
from jira_sandbox.refusals import Refused
from jira_sandbox.rest_webhook import administrator
from jira_sandbox.web import answer, body, nothing, state
from jira_sandbox.webhooks import EVENTS, allowed_url

blueprint = Blueprint("jira_webhook", __name__, url_prefix="/rest/jira-webhook/1.0/webhooks")

SECRET = "SECRET"  # noqa: S105 - the name of a setting
EXCLUDE_BODY = "EXCLUDE_BODY"


@blueprint.get("")
def webhooks() -> Response:
    """All webhooks; their secrets are not shown."""
    administrator()
    return answer([_shown(one) for one in state().webhooks.hooks.values()])


@blueprint.post("")
def register() -> Response:
    """Register a webhook; only a secret in its `configuration` signs what it is sent."""
    made = _written("", body(), administrator())
    state().webhooks.hooks[made.id] = made
    return answer(_shown(made), 201)


@blueprint.get("/<webhook_id>")
def read(webhook_id: str) -> Response:
    """One webhook."""
    administrator()
    return answer(_shown(_webhook(webhook_id)))


@blueprint.put("/<webhook_id>")
def edit(webhook_id: str) -> Response:
    """Write a webhook as a whole: what is not named is gone, the secret too."""
    who = administrator()
    found = _webhook(webhook_id)
    changed = replace(_written(found.id, body(), who), created=found.created, jql=found.jql)
    state().webhooks.hooks[changed.id] = changed
    return answer(_shown(changed))


@blueprint.delete("/<webhook_id>")
def delete(webhook_id: str) -> Response:
    """Remove a webhook; what is on its way to it is dropped."""
    administrator()
    del state().webhooks.hooks[_webhook(webhook_id).id]
    return nothing()


def _webhook(webhook_id: str) -> Webhook:
    found = state().webhooks.hooks.get(webhook_id)
    if found is None:
        raise Refused(404, f"The webhook with id {webhook_id} does not exist.")
    return found


def _written(webhook_id: str, asked: Mapping[str, Any], who: User) -> Webhook:
    """The webhook that a body describes, or a refusal; a new one where there is no id yet."""
    name, url, events = asked.get("name"), asked.get("url"), asked.get("events", [])
    if not isinstance(name, str) or not name.strip():
        raise Refused(400, "The webhook needs a name.")
    if not isinstance(url, str) or not allowed_url(url, state().webhook_hosts):
        raise Refused(400, f"The sandbox sends webhooks over http or https to this machine only, not to '{url}'.")
    if not isinstance(events, list) or not set(map(str, events)) <= EVENTS:
        raise Refused(400, f"The events must be among {', '.join(sorted(EVENTS))}.")
    configuration = asked.get("configuration") or {}
    if not isinstance(configuration, dict) or not all(isinstance(one, str) for one in configuration.values()):
        raise Refused(400, "The configuration must be an object of texts.")
    now = state().clock.now()
    return Webhook(
        id=webhook_id or state().next_id("webhook", start=1),
        name=name,
        url=url,
        events=tuple(map(str, events)),
        jql="",
        exclude_body=configuration.get(EXCLUDE_BODY) == "true",
        enabled=bool(asked.get("active", True)),
        secret=configuration.get(SECRET) or None,
        updated=now,
        updated_by=who.account_id,
        created=now,
        configuration={key: value for key, value in configuration.items() if key != SECRET},
    )


def _shown(hook: Webhook) -> dict[str, Any]:
    return {
        "id": int(hook.id),
        "name": hook.name,
        "url": hook.url,
        "events": list(hook.events),
        "configuration": dict(hook.configuration),
        "active": hook.enabled,
        "scopeType": "global",
        "sslVerificationRequired": True,
        "createdDate": int((hook.created or hook.updated).timestamp() * 1000),
        "updatedDate": int(hook.updated.timestamp() * 1000),
    }
