"""Deliveries of webhooks: verified, stored and marked in one transaction, and answered; nothing else before that."""

import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from cmmc_jira.core.deliveries import Delivery
from cmmc_jira.errors import BadDelivery
from cmmc_jira.service.ports import Clock, Store

MAX_BYTES: Final = 16 * 1024 * 1024

_IDENTIFIER: Final = re.compile(r"[\x21-\x7e]{1,200}")
_METHOD: Final = "sha256"


@dataclass(frozen=True, slots=True)
class Inbox:
    """Takes deliveries in. `secrets` are those in force, several while they rotate; `arrived` wakes the workers."""

    store: Store
    clock: Clock
    secrets: Sequence[str]
    arrived: Callable[[], None] = lambda: None

    def verify(self, body: bytes, signature: str | None) -> None:
        """Check `X-Hub-Signature` over the raw bytes, in constant time for each secret.

        Raises:
            BadDelivery: it is absent, of another method than SHA-256, or made with none of the secrets.

        """
        method, _, given = (signature or "").partition("=")
        signatures = [hmac.digest(secret.encode(), body, _METHOD).hex() for secret in self.secrets]
        fits = [hmac.compare_digest(each.encode(), given.strip().lower().encode()) for each in signatures]
        if method.strip().lower() != _METHOD or not any(fits):
            raise BadDelivery(
                "The delivery is not signed with our secret: set the webhook's secret in Jira to the one in "
                "CMMC_JIRA_WEBHOOK_SECRET.",
                status=HTTPStatus.UNAUTHORIZED,
            )

    def accept(self, delivery: Delivery, *, identifier: str) -> bool:
        """Store a delivery and mark what it is about; False when it was stored before."""
        new = self.store.receive(identifier, received=self.clock.now(), marks=delivery.marks)
        if new and delivery.marks:
            self.arrived()
        return new


def identify(body: bytes, identifier: str | None) -> str:
    """Return the name of a delivery: Jira's own, the same at each try, or else one computed from its bytes."""
    if identifier is not None and _IDENTIFIER.fullmatch(identifier):
        return identifier
    return f"sha256:{hashlib.sha256(body).hexdigest()}"
