"""Errors as one JSON sentence: never a traceback, never what was sent."""

import logging
from http import HTTPStatus

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from cmmc_jira.errors import BadDelivery, KeysUnavailable, StoreUnavailable
from cmmc_jira.service.worker import place

_log = logging.getLogger(__name__)


def answer_errors(app: Flask) -> None:
    """Make an application answer every error with a sentence."""

    @app.errorhandler(BadDelivery)
    def bad_delivery(error: BadDelivery) -> tuple[Response, int]:
        _log.warning("delivery refused=%d", error.status)
        return jsonify(error=str(error)), error.status

    @app.errorhandler(StoreUnavailable)
    def away(error: StoreUnavailable) -> tuple[Response, int]:
        _log.error("delivery database=away")
        return jsonify(error=str(error)), HTTPStatus.SERVICE_UNAVAILABLE

    @app.errorhandler(KeysUnavailable)
    def no_keys(error: KeysUnavailable) -> tuple[Response, int]:
        _log.error("delivery keys=away")
        return jsonify(error=str(error)), HTTPStatus.SERVICE_UNAVAILABLE

    @app.errorhandler(RequestEntityTooLarge)
    def too_large(_error: RequestEntityTooLarge) -> tuple[Response, int]:
        return jsonify(
            error="The body is over 16 MiB: Jira sends none that large."
        ), HTTPStatus.REQUEST_ENTITY_TOO_LARGE

    @app.errorhandler(HTTPException)
    def other(error: HTTPException) -> tuple[Response, int]:
        return jsonify(error=f"{error.name}."), error.code or HTTPStatus.INTERNAL_SERVER_ERROR

    @app.errorhandler(Exception)
    def fault(error: Exception) -> tuple[Response, int]:
        _log.error("request fault=%s at=%s", type(error).__name__, place(error))
        return jsonify(error="A fault of ours: see the log."), HTTPStatus.INTERNAL_SERVER_ERROR
