"""Webhooks: verify, store, answer. What they are about is looked at later, as it is then."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request

from cmmc_jira.adapters.invocation import Invocations
from cmmc_jira.core.deliveries import read_delivery, read_forge_delivery
from cmmc_jira.errors import BadDelivery, KeysUnavailable, StoreUnavailable
from cmmc_jira.service.inbox import identify
from cmmc_jira.web.schemas import read_forge_payload, read_payload
from cmmc_jira.wiring import Service


def hooks(service: Service) -> Blueprint:
    """Return the routes that take deliveries in: Forge's only where an app is configured."""
    routes = Blueprint("hooks", __name__, url_prefix="/webhooks")

    @routes.post("/jira")
    def jira() -> tuple[Response, int]:
        """Answer 202 to a delivery that is stored now, 200 to one that was stored before."""
        return _answer(service, lambda: _accept(service))

    if service.invocations is not None:
        invocations = service.invocations

        @routes.post("/forge")
        def forge() -> tuple[Response, int]:
            """Answer as to a webhook; 503 too while the keys that Forge signs with cannot be read."""
            return _answer(service, lambda: _accept_forge(service, invocations))

        @routes.post("/forge/hourly")
        def hourly() -> tuple[Response, int]:
            """Answer 202 to the app's own hourly call, which brings a token and may be the first of its hour."""
            return _answer(service, lambda: _tick(service, invocations))

    return routes


def _answer(service: Service, accept: Callable[[], bool]) -> tuple[Response, int]:
    try:
        new = accept()
    except BadDelivery:
        service.metrics.delivered("refused")
        raise
    except (StoreUnavailable, KeysUnavailable):
        service.metrics.delivered("away")
        raise
    service.metrics.delivered("stored" if new else "known")
    return jsonify(result="stored" if new else "known"), HTTPStatus.ACCEPTED if new else HTTPStatus.OK


def _accept(service: Service) -> bool:
    body = request.get_data(cache=False)
    service.inbox.verify(body, request.headers.get("X-Hub-Signature"))
    delivery = read_delivery(read_payload(body), project=service.settings.project, mapping=service.mapping)
    identifier = identify(body, request.headers.get("X-Atlassian-Webhook-Identifier"))
    return service.inbox.accept(delivery, identifier=identifier)


def _accept_forge(service: Service, invocations: Invocations) -> bool:
    """Take in a call of Forge, named by its bytes: a retry brings them again, though maybe under a new token."""
    _admit(service, invocations)
    body = request.get_data(cache=False)
    payload = read_forge_payload(body)
    delivery = read_forge_delivery(payload, project=service.settings.project, mapping=service.mapping)
    return service.inbox.accept(delivery, identifier=identify(body, None))


def _tick(service: Service, invocations: Invocations) -> bool:
    """Let all be looked at again, unless the schedule saw to it in this hour; what waited for a token goes on."""
    _admit(service, invocations)
    service.tick.fire()
    return True


def _admit(service: Service, invocations: Invocations) -> None:
    """Verify a call of Forge, and keep the token that it brings where we have none of our own."""
    address = invocations.verify(request.headers.get("Authorization"))
    if service.grants is not None:
        service.grants.take(address, request.headers.get("X-Forge-OAuth-System"))
        service.engine.wake()
