"""`GET /calendar/<token>/<assessment>.ics`: a feed that a calendar program subscribes to, behind a secret address.

Such programs send no headers of our choosing, so the token is a part of the address. Whatever is wrong, the answer is
the same 404: it tells nobody whether a token or an assessment is there.
"""

import hmac
import math
from http import HTTPStatus

from flask import Blueprint, Response, abort

from cmmc_jira.errors import JiraUnavailable
from cmmc_jira.service.feed import AWAY, Feed


def calendar(feed: Feed, token: str) -> Blueprint:
    """Return the feed as a blueprint; only who knows the token gets anything."""
    pages = Blueprint("calendar", __name__)

    @pages.get("/calendar/<given>/<assessment>.ics")
    def events(given: str, assessment: str) -> Response:
        if not hmac.compare_digest(given.encode(), token.encode()):
            abort(HTTPStatus.NOT_FOUND)
        try:
            content = feed.of(assessment)
        except JiraUnavailable as away:
            wait = max(1, math.ceil(away.retry_after or AWAY.total_seconds()))
            return Response(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": str(wait)})
        if content is None:
            abort(HTTPStatus.NOT_FOUND)
        response = Response(content, content_type="text/calendar; charset=utf-8")
        response.headers["Content-Disposition"] = 'inline; filename="cmmc.ics"'
        return response

    return pages
