"""Administrators' webhooks, which each kind of Jira takes at another path and in another form."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cmmc_jira.adapters import admin_shapes as shapes
from cmmc_jira.adapters.administration import RIGHT, Administration
from cmmc_jira.adapters.exchange import Call
from cmmc_jira.service.admin import Host, Listener, Webhook
from cmmc_manifests.schema import WebhookForm, webhook_form

_ISSUE_EVENTS: Final = "issue-related-events-section"
_SIGNING: Final = (10,)
_SECRET: Final = "SECRET"  # noqa: S105 - the name of a setting


def form_for(host: Host) -> WebhookForm:
    """Return how this Jira takes a webhook."""
    if not host.datacenter:
        return webhook_form("cloud")
    return webhook_form("datacenter-10" if host.version[:1] >= _SIGNING else "datacenter-9")


class Webhooks:
    """The webhooks of one Jira."""

    def __init__(self, office: Administration, form: WebhookForm) -> None:
        self._office = office
        self._form = form

    def all(self) -> Sequence[Webhook]:
        """Return all administrators' webhooks."""
        call = Call("GET", self._form.endpoint, "list its webhooks", shapes.WEBHOOKS, right=RIGHT)
        return [_webhook(row) for row in self._office.exchange.ask(call)]

    def create(self, name: str, listener: Listener, *, events: Sequence[str], jql: str) -> None:
        """Create a webhook, signed and enabled."""
        body = self._body(name, listener, events, jql)
        self._office.write("POST", self._form.endpoint, f"create the webhook to {listener.url}", body)

    def mend(self, webhook: Webhook, listener: Listener, *, events: Sequence[str], jql: str) -> None:
        """Make a webhook deliver these events, signed and enabled; what else its configuration holds stays."""
        body = self._body(webhook.name, listener, events, jql)
        if "configuration" in body:
            body["configuration"] = {**webhook.kept, **body["configuration"]}
        self._office.write("PUT", f"{self._form.endpoint}/{webhook.id}", f"mend the webhook to {listener.url}", body)

    def _body(self, name: str, listener: Listener, events: Sequence[str], jql: str) -> dict[str, Any]:
        return self._form.filled(name=name, url=listener.url, events=list(events), filter=jql, secret=listener.secret)


def _webhook(row: Mapping[str, Any]) -> Webhook:
    configuration = row["configuration"] or {}
    return Webhook(
        id=row["id"] or row["self"].rstrip("/").rpartition("/")[2],
        name=row["name"],
        url=row["url"],
        events=frozenset(row["events"]),
        filter=str((row["filters"] or {}).get(_ISSUE_EVENTS) or ""),
        enabled=row["enabled"] and row["active"],
        signed=row["isSigned"],
        kept={key: value for key, value in configuration.items() if key != _SECRET},
    )
