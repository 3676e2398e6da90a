"""What is said of paths that nobody answers: what Jira Data Center lacks is told from what the sandbox leaves out."""

from functools import cache
from importlib.resources import files

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, MapAdapter, Rule

from jira_sandbox.refusals import Refused, status_refused

AREAS = ("/rest/api/", "/rest/agile/", "/rest/auth/", "/rest/webhooks/", "/rest/jira-webhook/")
"""The parts of Data Center's REST of which it is known what they have."""


def unanswered(method: str, path: str, *, datacenter: bool) -> Refused:
    """501 with a sentence; on Data Center 404 or 405, as Jira sends them, for what Jira has not either."""
    left_out = Refused(501, f"The sandbox does not answer {method} {path}; COVERAGE.md lists what it answers.")
    if not datacenter or not path.startswith(AREAS):
        return left_out
    try:
        _operations().match(path.replace("/rest/api/latest/", "/rest/api/2/", 1), method)
    except NotFound:
        return status_refused(404, "HTTP 404 Not Found")
    except MethodNotAllowed:
        return status_refused(405, "HTTP 405 Method Not Allowed")
    return left_out


@cache
def _operations() -> MapAdapter:
    """The operations of Data Center 10.3, a path with its methods a line."""
    lines = files("jira_sandbox").joinpath("datacenter_operations.txt").read_text(encoding="utf-8").splitlines()
    rules = [
        Rule(path.replace("{", "<").replace("}", ">"), endpoint=path, methods=methods)
        for path, *methods in (line.split() for line in lines)
    ]
    return Map(rules, merge_slashes=False, strict_slashes=False).bind("jira.test")
