"""Administrators' webhooks, `/rest/webhooks/1.0/webhook`; no OpenAPI document of Jira's has them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response

from jira_sandbox import jql, permissions
from jira_sandbox.records import User, Webhook
from jira_sandbox.refusals import Refused
from jira_sandbox.web import account, answer, body, caller, nothing, state
from jira_sandbox.webhooks import EVENTS, allowed_url

blueprint = Blueprint("webhook", __name__, url_prefix="/rest/webhooks/1.0/webhook")

SECTION = "issue-related-events-section"
KEYS = ("name", "url", "events", "filters", "jqlFilter", "excludeBody", "secret", "enabled", "description")


def administrator() -> User:
    """The caller, who must be an administrator."""
    permissions.demand_admin(state(), caller())
    return account()


@blueprint.get("")
def webhooks() -> Response:
    """All webhooks; their secrets are not shown."""
    administrator()
    return answer([_shown(one) for one in state().webhooks.hooks.values()])


@blueprint.post("")
def register() -> Response:
    """Register a webhook."""
    who = administrator()
    now = state().clock.now()
    blank = Webhook(
        id="",
        name="",
        url="",
        events=(),
        jql="",
        exclude_body=False,
        enabled=True,
        secret=None,
        updated=now,
        updated_by=who.account_id,
    )
    made = replace(_checked(blank, body(*KEYS)), id=state().next_id("webhook", start=1))
    state().webhooks.hooks[made.id] = made
    return answer(_shown(made), 201)


@blueprint.get("/<webhook_id>")
def read(webhook_id: str) -> Response:
    """One webhook."""
    administrator()
    return answer(_shown(_webhook(webhook_id)))


@blueprint.put("/<webhook_id>")
def edit(webhook_id: str) -> Response:
    """Change a webhook; what is not named stays, the secret too."""
    who = administrator()
    changed = _checked(_webhook(webhook_id), body(*KEYS))
    changed = replace(changed, updated=state().clock.now(), updated_by=who.account_id)
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
        raise _mistake(f"The webhook with id {webhook_id} does not exist.", 404)
    return found


def _mistake(sentence: str, status: int = 400) -> Refused:
    return Refused(status, body={"messages": [{"key": sentence}]})


def _checked(hook: Webhook, asked: Mapping[str, Any]) -> Webhook:
    name, url = asked.get("name", hook.name), asked.get("url", hook.url)
    if not isinstance(name, str) or not name.strip():
        raise _mistake("The webhook needs a name.")
    if not isinstance(url, str) or not allowed_url(url, state().webhook_hosts):
        raise _mistake(f"The sandbox sends webhooks over http or https to this machine only, not to '{url}'.")
    events = asked.get("events", list(hook.events))
    if not isinstance(events, list) or not set(map(str, events)) <= EVENTS:
        raise _mistake(f"The events must be among {', '.join(sorted(EVENTS))}.")
    filters = asked.get("filters", {SECTION: hook.jql})
    if not isinstance(filters, dict) or filters.keys() - {SECTION}:
        raise _mistake(f"The filters must be an object with the key '{SECTION}'.")
    text = str(filters.get(SECTION) or "")
    if text.strip():
        jql.parse(text)
    secret = asked.get("secret", hook.secret)
    return replace(
        hook,
        name=name,
        url=url,
        events=tuple(map(str, events)),
        jql=text,
        exclude_body=bool(asked.get("excludeBody", hook.exclude_body)),
        enabled=bool(asked.get("enabled", hook.enabled)),
        secret=str(secret) if secret else None,
    )


def _shown(hook: Webhook) -> dict[str, Any]:
    return {
        "name": hook.name,
        "url": hook.url,
        "excludeBody": hook.exclude_body,
        "filters": {SECTION: hook.jql},
        "events": list(hook.events),
        "enabled": hook.enabled,
        "self": f"{state().base_url}/rest/webhooks/1.0/webhook/{hook.id}",
        "lastUpdatedUser": hook.updated_by,
        "lastUpdatedDisplayName": state().user(hook.updated_by).display_name,
        "lastUpdated": int(hook.updated.timestamp() * 1000),
        "isSigned": hook.secret is not None,
    }
