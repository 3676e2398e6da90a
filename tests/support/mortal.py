"""A process that dies in the middle of a call: before the call reaches Jira, or after it has done its work."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import requests

from support.wsgi import Application, WSGIAdapter

_NUMBER: Final = re.compile(r"\d+")


@dataclass
class Deaths:
    """Every kind of write is to be died in twice: before one of its calls, and after one."""

    survived: Counter[tuple[str, str]] = field(default_factory=Counter)

    def due(self, method: str, path: str) -> str | None:
        """Whether to die at this write, and when; each is asked about once."""
        if method == "GET":
            return None
        kind = method, _NUMBER.sub("N", path)
        self.survived[kind] += 1
        return {1: "before", 2: "after"}.get(self.survived[kind])


class MortalAdapter(WSGIAdapter):
    """Sends requests to an application until a death is due."""

    def __init__(self, application: Application, deaths: Deaths) -> None:
        super().__init__(application)
        self._deaths = deaths

    def send(self, request: requests.PreparedRequest, *args: object, **kwargs: object) -> requests.Response:
        """The application's answer, unless the process dies of the call."""
        due = self._deaths.due(str(request.method), str(request.path_url))
        if due == "before":
            raise requests.ConnectionError("died before the call", request=request)
        response = super().send(request, *args, **kwargs)
        if due == "after":
            raise requests.ConnectionError("died after the call", request=request)
        return response


def mortal_session(application: Application, deaths: Deaths) -> requests.Session:
    """A session of a process that dies when a death is due."""
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", MortalAdapter(application, deaths))
    return session
