"""Whether Jira tells the service of what happens."""

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from cmmc_jira.service.admin import Webhook
from cmmc_jira.service.checks.case import Case
from cmmc_jira.service.checks.verdict import Check, Verdict
from cmmc_manifests import schema

WEBHOOK: Final = Check(
    "webhook", "Jira settings, System, WebHooks", "Without it changes are noticed by the hourly look alone."
)
_HOOK: Final = "/webhooks/jira"
_PROVISION: Final = "Run `cmmc-jira provision --webhook-url URL` with an administrator's token."


def webhook(case: Case) -> Iterator[Verdict]:
    """Yield what is wrong with the project's webhook."""
    if not case.webhook_secrets:
        yield WEBHOOK.warn(
            "No webhook secret is set, so `cmmc-jira serve` does not start.",
            "Make one with `openssl rand -hex 32`.",
            where="CMMC_JIRA_WEBHOOK_SECRET",
        )
        return
    if not case.admin.is_administrator():
        yield WEBHOOK.warn(
            "Only an administrator may see the webhooks, and this account is none.",
            "Run `cmmc-jira doctor` once with an administrator's token.",
        )
        return
    ours = _ours(case.admin.webhooks(), case)
    if not ours:
        where = case.webhook_url or f"an address that ends in {_HOOK}"
        yield WEBHOOK.fault(f"No webhook of {case.project} delivers to {where}.", _PROVISION)
    found = [verdict for hook in ours for verdict in _wrong(hook, case)]
    yield from found
    if ours and not found:
        yield WEBHOOK.ok(f"The webhook to {ours[0].url} is enabled and tells of every event that is needed.")


def _ours(hooks: Sequence[Webhook], case: Case) -> Sequence[Webhook]:
    """Return the webhooks that deliver to the address that was given, else those of this project by name or filter."""
    if case.webhook_url is not None:
        return [hook for hook in hooks if hook.url == case.webhook_url]
    spec = schema.webhook(case.project)
    return [
        hook for hook in hooks if hook.url.endswith(_HOOK) and (hook.name == spec.name or hook.filter == spec.filter)
    ]


def _wrong(hook: Webhook, case: Case) -> Iterator[Verdict]:
    spec, where = schema.webhook(case.project), f'the webhook "{hook.name}"'
    mend = _PROVISION.replace("URL", hook.url)
    if not hook.enabled:
        yield WEBHOOK.fault("It is switched off.", mend, where=where)
    if lacking := sorted(set(spec.events) - hook.events):
        yield WEBHOOK.fault(f"It does not tell of {', '.join(lacking)}.", mend, where=where)
    if hook.filter != spec.filter:
        yield WEBHOOK.fault(f'It is filtered by "{hook.filter}", not by "{spec.filter}".', mend, where=where)
    parts = urlsplit(hook.url)
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        yield WEBHOOK.warn(
            f"It delivers unencrypted to {hook.url}.", "Put a proxy with a certificate before the service.", where=where
        )
