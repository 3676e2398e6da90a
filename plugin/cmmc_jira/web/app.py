"""The application: routes only. Threads are started by whoever serves it, never here."""

from flask import Flask, Response

from cmmc_jira.service.feed import Feed, reader
from cmmc_jira.service.inbox import MAX_BYTES
from cmmc_jira.settings import Role
from cmmc_jira.web.calendar import calendar
from cmmc_jira.web.errors import answer_errors
from cmmc_jira.web.health import health
from cmmc_jira.web.hooks import hooks
from cmmc_jira.wiring import Service

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def create_app(service: Service) -> Flask:
    """Return the web side of a service; in the role `worker` it takes no webhooks, and only tells how it is."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BYTES
    if service.settings.role is not Role.WORKER:
        app.register_blueprint(hooks(service))
        if service.settings.calendar_token:
            project = service.settings.project
            feed = Feed(reader(service.reconciler, project=project), service.machine, project)
            app.register_blueprint(calendar(feed, service.settings.calendar_token))
    app.register_blueprint(health(service))
    answer_errors(app)

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers.update(_HEADERS)
        return response

    return app
