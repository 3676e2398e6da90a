"""Whether Jira tells the service of what happens, and whether that arrives."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from cmmc_jira.service.admin import Webhook
from cmmc_jira.service.checks.case import Case, Sample
from cmmc_jira.service.checks.verdict import Check, Verdict
from cmmc_manifests import schema

WEBHOOK: Final = Check(
    "webhook", "Jira settings, System, WebHooks", "Without it changes are noticed by the hourly look alone."
)
DELIVERIES: Final = Check(
    "deliveries",
    "the way from Jira to this service",
    "A webhook that does not arrive is no better than none: changes are noticed by the hourly look alone.",
)
_HOOK: Final = "/webhooks/jira"
_LATE: Final = timedelta(minutes=20)
"""Jira itself may take a quarter of an hour."""
_KEPT: Final = timedelta(days=7)
_SKEW: Final = timedelta(minutes=1)
_MOVED: Final = timedelta(hours=1)
_EVER: Final = datetime.min.replace(tzinfo=UTC)
_PROVISION: Final = "Run `cmmc-jira provision --webhook-url URL` with an administrator's token."


def webhook(case: Case) -> Iterator[Verdict]:
    """Yield what is wrong with the project's webhook."""
    if case.by_forge and case.webhook_url is None:
        yield WEBHOOK.ok("A Forge app brings the events, so no webhook is needed.")
        return
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
    if not case.admin.host().signs_webhooks:
        yield WEBHOOK.warn(
            "This version of Jira signs no webhook, and what is not signed is turned away: see the hourly look.",
            "Upgrade Jira to 10 or later.",
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
    if case.on_cloud and hook.filter != spec.filter:  # Data Center tells of no filter
        yield WEBHOOK.fault(f'It is filtered by "{hook.filter}", not by "{spec.filter}".', mend, where=where)
    if hook.signed is False:
        yield WEBHOOK.fault("It has no secret, so every delivery is turned away.", mend, where=where)
    parts = urlsplit(hook.url)
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        yield WEBHOOK.warn(
            f"It delivers unencrypted to {hook.url}.", "Put a proxy with a certificate before the service.", where=where
        )


def deliveries(case: Case) -> Iterator[Verdict]:
    """Yield whether a delivery came after the newest issue was created, of which every webhook of ours tells."""
    heard, now = case.heard(), case.machine.now()
    if heard.ticked is None:
        yield DELIVERIES.ok("The service has not run on this database yet, so nothing could arrive.")
        return
    if abs(case.clock.now() - now) > _MOVED:
        yield DELIVERIES.ok("Jira's clock was moved, so its changes and our deliveries cannot be compared.")
        return
    newest = _newest(case)
    told = f"the last delivery came at {_minute(heard.delivered)}" if heard.delivered else "no delivery is known"
    if (
        newest is None
        or not _LATE < now - newest.created < _KEPT
        or (heard.delivered or _EVER) >= newest.created - _SKEW
    ):
        yield DELIVERIES.ok(f"{told[0].upper()}{told[1:]}, and no newer issue that it should have told of.")
    else:
        yield DELIVERIES.warn(
            f"{newest.key} was created at {_minute(newest.created)}, and {told}.",
            "See that Jira reaches the webhook's address and that its secret is ours (/metrics counts deliveries that "
            "were refused), then run `cmmc-jira doctor --write-test`.",
        )


def _newest(case: Case) -> Sample | None:
    """Return the newest issue of our types."""
    names = [case.mapping.type_name(spec.key) for spec in schema.issue_types()]
    newest = [sample for name in names for sample in case.checkup.newest(case.project, name)[:1]]
    return max(newest, key=lambda sample: sample.created, default=None)


def _minute(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
