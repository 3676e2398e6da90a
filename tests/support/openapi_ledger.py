"""The account of a test run: how many exchanges were held to Atlassian's document, and what differed."""

import hashlib
import threading
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests

from support.openapi import document, folder
from support.openapi_deviations import ALLOWED

JIRA = ("/rest/api/2/", "/rest/webhooks/")
OF_DATA_CENTER = "X-AUSERNAME"
"""A header of every answer of Jira Data Center, and of none of Cloud's."""


@dataclass(slots=True)
class Ledger:
    """What this process has checked; exchanges that are the same to the byte are judged once and counted each time."""

    checked: int = 0
    used: set[int] = field(default_factory=set)
    offences: list[str] = field(default_factory=list)
    differences: set[str] = field(default_factory=set)
    _known: set[bytes] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, request: requests.PreparedRequest, response: requests.Response) -> None:
        """Check an exchange with Jira Cloud where the documents are at hand; streams are passed over.

        What Data Center answers is passed over too: it is not what Cloud's document describes.
        """
        where, path = folder(), urlsplit(request.url or "").path
        if OF_DATA_CENTER in response.headers or where is None or not path.startswith(JIRA):
            return
        if not isinstance(request.body, bytes | str | None):
            return
        with self._lock:
            self.checked += 1
            print_ = _print(request, response)
            if print_ in self._known:
                return
            known = document(where)
            method = request.method or ""
            template = known.template(method, path)
            fresh = [one for one in known.offences(request, response) if not self._allowed(method, template, one)]
            self.offences += (f"{method} {template}: {one}" for one in fresh)
            if not fresh:
                self._known.add(print_)

    def take(self) -> list[str]:
        """The offences since the last time, each once."""
        with self._lock:
            taken, self.offences = list(dict.fromkeys(self.offences)), []
        return taken

    def _allowed(self, method: str, template: str, offence: str) -> bool:
        covering = {number for number, one in enumerate(ALLOWED) if one.covers(method, template, offence)}
        self.used |= covering
        return bool(covering)


LEDGER = Ledger()


def summary(checked: int) -> str:
    """One line on how many exchanges were checked."""
    if folder() is None:
        return "No exchange was checked against Atlassian's documents: CMMC_JIRA_OPENAPI_DIR is unset."
    return f"{checked} exchanges checked against Atlassian's documents, with {len(ALLOWED)} allowed deviations."


def unused(used: set[int]) -> list[str]:
    """The allowed deviations that no exchange needed."""
    return [f"{one.method} {one.path}: {one.what}" for number, one in enumerate(ALLOWED) if number not in used]


def _print(request: requests.PreparedRequest, response: requests.Response) -> bytes:
    body = request.body.encode() if isinstance(request.body, str) else request.body or b""
    heads = (request.headers.get("Content-Type"), response.headers.get("Content-Type"), response.status_code)
    print_ = hashlib.sha256(repr((request.method, request.url, heads, len(body))).encode())
    print_.update(body)
    print_.update(response.content)
    return print_.digest()
