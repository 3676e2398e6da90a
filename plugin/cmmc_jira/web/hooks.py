"""Webhooks: verify, store, answer. What they are about is looked at later, as it is then."""

from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request

from cmmc_jira.core.deliveries import read_delivery
from cmmc_jira.errors import BadDelivery, StoreUnavailable
from cmmc_jira.service.inbox import identify
from cmmc_jira.web.schemas import read_payload
from cmmc_jira.wiring import Service


def hooks(service: Service) -> Blueprint:
    """Return the routes that take deliveries in."""
    routes = Blueprint("hooks", __name__, url_prefix="/webhooks")

    @routes.post("/jira")
    def jira() -> tuple[Response, int]:
        """Answer 202 to a delivery that is stored now, 200 to one that was stored before."""
        try:
            new = _accept(service)
        except BadDelivery:
            service.metrics.delivered("refused")
            raise
        except StoreUnavailable:
            service.metrics.delivered("away")
            raise
        service.metrics.delivered("stored" if new else "known")
        return jsonify(result="stored" if new else "known"), HTTPStatus.ACCEPTED if new else HTTPStatus.OK

    return routes


def _accept(service: Service) -> bool:
    body = request.get_data(cache=False)
    service.inbox.verify(body, request.headers.get("X-Hub-Signature"))
    delivery = read_delivery(read_payload(body), project=service.settings.project)
    identifier = identify(body, request.headers.get("X-Atlassian-Webhook-Identifier"))
    return service.inbox.accept(delivery, identifier=identifier)
