"""Whether the process lives, whether it can do its work and why not, and what it counts."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, jsonify

from cmmc_jira.adapters.metrics import CONTENT_TYPE
from cmmc_jira.errors import CmmcJiraError, StoreUnavailable
from cmmc_jira.service.checks.verdict import Grade
from cmmc_jira.service.vigil import Vigil
from cmmc_jira.settings import Role
from cmmc_jira.wiring import Service

FRESH: Final = timedelta(seconds=15)


@dataclass(slots=True)
class _JiraSeen:
    """Who Jira says we are, or why it does not; asked at most every 15 seconds, however often somebody looks."""

    service: Service
    lock: threading.Lock = field(default_factory=threading.Lock)
    at: datetime | None = None
    account: str = ""
    fault: str = ""

    def look(self) -> tuple[str, str]:
        """Return our account's name and an empty fault, or the other way round."""
        now = self.service.machine.now()
        with self.lock:
            if self.at is None or now - self.at > FRESH:
                self.at = now
                try:
                    me = self.service.probe.probe()
                    self.service.probe.components(self.service.settings.project)  # 404: no such project for us
                    self.account, self.fault = str(me.get("displayName") or me.get("name") or ""), ""
                except CmmcJiraError as error:
                    self.account, self.fault = "", str(error)
            return self.account, self.fault


def health(service: Service) -> Blueprint:
    """Return the routes for those who watch over the service."""
    routes = Blueprint("health", __name__)
    seen = _JiraSeen(service)

    @routes.get("/healthz")
    def healthz() -> Response:
        """Say that the process lives."""
        return jsonify(status="alive")

    @routes.get("/readyz")
    def readyz() -> tuple[Response, int]:
        """Say whether all that the work needs is in order, else what is not, in sentences."""
        state = readiness(service, seen.look())
        return jsonify(state), HTTPStatus.OK if state["ready"] else HTTPStatus.SERVICE_UNAVAILABLE

    @routes.get("/metrics")
    def metrics() -> Response:
        """Give the metrics in Prometheus's text format."""
        return Response(service.metrics.text(), content_type=CONTENT_TYPE)

    return routes


def readiness(service: Service, jira: tuple[str, str]) -> Mapping[str, Any]:
    """Return the state of each part, and `faults`: a sentence for each thing that keeps the service from working."""
    account, fault = jira
    faults = [*_own(service), *([fault] if fault else []), *service.vigil.faults()]
    parked: Mapping[str, str] = {}
    dirty = None
    try:
        backlog = service.store.backlog(now=service.machine.now())
        parked, dirty = backlog.parked, backlog.dirty
    except StoreUnavailable as error:
        faults.append(str(error))
    return {
        "ready": not faults,
        "faults": faults,
        "account": account,
        "role": service.settings.role.value,
        "works": service.engine.works(),
        "dirty": dirty,
        "checks": _checks(service.vigil),
        "parked": [{"assessment": key, "because": reason} for key, reason in sorted(parked.items())],
    }


def _checks(vigil: Vigil) -> Mapping[str, Any]:
    """Return when the doctor's checks were made last, and how many faults and warnings they had."""
    at = vigil.at.isoformat(timespec="seconds") if vigil.at else None
    return {"at": at, "faults": vigil.count(Grade.FAULT), "warnings": vigil.count(Grade.WARN)}


def _own(service: Service) -> Sequence[str]:
    """Return what is wrong inside the process: a thread that died must not look healthy."""
    faults = ["The service is stopping."] if service.stopping.is_set() else []
    if service.settings.role is Role.WEB:
        return faults
    faults += [f"{fault}: restart the service." for fault in service.engine.faults()]
    if not service.tick.alive():
        faults.append("The schedule has not ticked for 90 seconds: restart the service.")
    return faults
