"""Webhooks: signed, retried on Cloud, out of order where a fault asks for it."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from jira_sandbox.records import Issue, Webhook
    from jira_sandbox.state import State

Send = Callable[[str, Mapping[str, str], bytes], int]
"""Posts a body to a URL with these headers and gives the status; raises OSError when nobody answers."""

EVENTS = frozenset(
    {"jira:issue_created", "jira:issue_updated", "jira:issue_deleted", "comment_created", "comment_updated",
     "comment_deleted", "issuelink_created", "issuelink_deleted", "attachment_created", "attachment_deleted"}
)  # fmt: skip
RETRIES = 5
OUTCOMES = 2_000
"""How many attempts are remembered."""
SERVER_ERROR = 500
RETRIED = frozenset({408, 409, 425, 429})
SHORTEST_WAIT, LONGEST_WAIT = 300.0, 900.0
"""Seconds until the next attempt; Atlassian names 5 to 15 minutes, chosen by chance."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to one webhook. `identifier` stays the same through all attempts."""

    identifier: str
    webhook: str
    body: bytes
    due: datetime
    flow: str
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt; `status` is None when nobody answered or the delivery was lost on purpose."""

    identifier: str
    webhook: str
    attempt: int
    status: int | None


class Webhooks:
    """The registered webhooks and what is on its way to them."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.hooks: dict[str, Webhook] = {}
        self.queue: list[Delivery] = []
        self.outcomes: deque[Outcome] = deque(maxlen=OUTCOMES)
        self._fired = 0
        self._under_way = 0

    def waiting(self) -> int:
        """How many deliveries wait for an attempt, or for the answer to one; call it with the state's lock held."""
        return len(self.queue) + self._under_way

    def moving(self) -> bool:
        """Whether a delivery is due by the sandbox's clock or under way; one that waits for its retry is not."""
        now = self._state.clock.now()
        return self._under_way > 0 or any(one.due <= now for one in self.queue)

    def fire(self, event: str, issue: Issue | None, payload: Mapping[str, Any], *, bulk: bool = False) -> None:
        """Queue the event for every enabled webhook that asked for it and whose JQL finds the issue."""
        now = self._state.clock.now()
        document = {"timestamp": int(now.timestamp() * 1000), "webhookEvent": event, **payload}
        for hook in self.hooks.values():
            if hook.enabled and event in hook.events and (issue is None or self._finds(hook, issue)):
                body = b"" if hook.exclude_body else json.dumps(document, ensure_ascii=False).encode()
                self._fired += 1
                name = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{hook.id}/{self._fired}/{now.isoformat()}"))
                self.queue.append(Delivery(name, hook.id, body, now, "Secondary" if bulk else "Primary"))

    def _finds(self, hook: Webhook, issue: Issue) -> bool:
        from jira_sandbox import jql, jql_clauses, jql_values  # noqa: PLC0415 - JQL reads the state that holds us

        if not hook.jql.strip():
            return True
        asker = jql_values.Asker(self._state, self._state.users.get(hook.updated_by))
        return jql_clauses.predicate(asker, jql.parse(hook.jql))(issue)

    def pump(self, send: Send) -> int:
        """Attempt every delivery that is due by the sandbox's clock; how many attempts were made."""
        state = self._state
        with state.lock:
            now = state.clock.now()
            due = [one for one in self.queue if one.due <= now]
            self.queue = [one for one in self.queue if one.due > now]
            self._under_way += len(due)
            if state.faults.reorder:
                state.faults.chance.shuffle(due)
        return sum(self._attempt(delivery, send) for delivery in due)

    def _attempt(self, delivery: Delivery, send: Send) -> int:
        try:
            return self._deliver(delivery, send)
        finally:
            with self._state.lock:
                self._under_way -= 1

    def _deliver(self, delivery: Delivery, send: Send) -> int:
        state = self._state
        with state.lock:
            hook = self.hooks.get(delivery.webhook)
            if hook is None or not hook.enabled:
                return 0
            lost = state.faults.chance.random() < state.faults.lose
            times = 2 if state.faults.chance.random() < state.faults.repeat else 1
        if lost:
            self._record(delivery, None)
            return 0
        status: int | None = None
        for _ in range(times):
            try:
                status = send(hook.url, self._headers(hook, delivery), delivery.body)
            except OSError:
                status = None
            self._record(delivery, status)
        failed = status is None or status in RETRIED or status >= SERVER_ERROR
        if failed and not state.datacenter:  # which documents no second attempt
            self._again(delivery)
        return times

    def _headers(self, hook: Webhook, delivery: Delivery) -> Mapping[str, str]:
        found = {"Content-Type": "application/json; charset=UTF-8"}
        own = {"User-Agent": "Atlassian HttpClient"} if self._state.datacenter else cloud_headers(delivery)
        return found | own | signature(hook, delivery)

    def _record(self, delivery: Delivery, status: int | None) -> None:
        with self._state.lock:
            self.outcomes.append(Outcome(delivery.identifier, delivery.webhook, delivery.attempt, status))

    def _again(self, delivery: Delivery) -> None:
        state = self._state
        if delivery.attempt >= RETRIES:
            return
        with state.lock:
            wait = state.faults.retry_seconds
            if wait is None:
                wait = state.faults.chance.uniform(SHORTEST_WAIT, LONGEST_WAIT)
            due = state.clock.now() + timedelta(seconds=wait)
            self.queue.append(replace(delivery, attempt=delivery.attempt + 1, due=due))


def cloud_headers(delivery: Delivery) -> dict[str, str]:
    """What Cloud tells of an attempt in its headers."""
    found = {
        "User-Agent": "Atlassian Webhook HTTP Client",
        "X-Atlassian-Webhook-Identifier": delivery.identifier,
        "X-Atlassian-Webhook-Flow": delivery.flow,
    }
    if delivery.attempt:
        found["X-Atlassian-Webhook-Retry"] = str(delivery.attempt)
    return found


def signature(hook: Webhook, delivery: Delivery) -> dict[str, str]:
    """The header that signs a delivery, where the webhook has a secret."""
    if not hook.secret:
        return {}
    digest = hmac.new(hook.secret.encode(), delivery.body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature": f"sha256={digest}"}


def allowed_url(url: str, hosts: frozenset[str]) -> bool:
    """Whether a webhook may go there: http or https, to the loopback or to one of these hosts."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not host:
        return False
    if host in hosts or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
