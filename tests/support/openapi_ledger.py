"""The account of a test run: how many exchanges were held to which of Atlassian's documents, and what differed."""

import hashlib
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests

from support.openapi import document
from support.openapi_deviations import ALLOWED, Deviation
from support.openapi_documents import SOURCES, VARIABLE, folder, source

REST = "/rest/"


@dataclass(slots=True)
class Ledger:
    """What this process has checked; exchanges that are the same to the byte are judged once and counted each time.

    `checked` counts by document, `used` holds the numbers of the allowed deviations that were needed.
    """

    allowed: Sequence[Deviation] = ALLOWED
    checked: Counter[str] = field(default_factory=Counter)
    used: set[int] = field(default_factory=set)
    _offences: dict[str, None] = field(default_factory=dict)
    _known: set[bytes] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, flavour: str, request: requests.PreparedRequest, response: requests.Response) -> None:
        """Check an exchange with a Jira of this flavour where the documents are at hand; streams are passed over."""
        where, url = folder(), urlsplit(request.url or "")
        mount, rest, below = url.path.partition(REST)
        if where is None or not rest or not isinstance(request.body, bytes | str | None):
            return
        path = rest + below
        if mount:  # the documents know nothing of where a site is mounted
            request = request.copy()
            request.url = url._replace(path=path).geturl()
        of = source(flavour, path)
        with self._lock:
            self.checked[of.name] += 1
            print_ = _print(of.name, request, response)
            if print_ in self._known:
                return
            known = document(where, of)
            method = request.method or ""
            template = known.template(method, path)
            found = known.offences(request, response)
            fresh = [one for one in found if not self._covered(of.name, method, template, one)]
            self._offences |= dict.fromkeys(f"{method} {template}: {one} ({of.name})" for one in fresh)
            if not fresh:
                self._known.add(print_)

    def take(self, *, requests: bool = True) -> list[str]:
        """The offences since the last time, each once; those of requests only where they are wanted."""
        with self._lock:
            taken, self._offences = list(self._offences), {}
        return [one for one in taken if requests or ": request: " not in one]

    def add(self, checked: Mapping[str, int], used: Iterable[int]) -> None:
        """Add up what another process has checked."""
        self.checked.update(checked)
        self.used.update(used)

    def summary(self) -> str:
        """One line on how many exchanges were checked against which document."""
        if folder() is None:
            return f"No exchange was checked against Atlassian's documents: {VARIABLE} is unset."
        counts = ", ".join(f"{self.checked[one.name]} ({one.name})" for one in SOURCES)
        return (
            f"Exchanges checked against Atlassian's documents: {counts}; "
            f"{len(self.used)} of {len(self.allowed)} allowed deviations were needed. Sockets are not looked into."
        )

    def unused(self) -> list[str]:
        """The allowed deviations that no exchange needed."""
        return [str(one) for number, one in enumerate(self.allowed) if number not in self.used]

    def _covered(self, document: str, method: str, template: str, offence: str) -> bool:
        covering = {
            number for number, one in enumerate(self.allowed) if one.covers(document, method, template, offence)
        }
        self.used |= covering
        return bool(covering)


LEDGER = Ledger()


def _print(document: str, request: requests.PreparedRequest, response: requests.Response) -> bytes:
    body = request.body.encode() if isinstance(request.body, str) else request.body or b""
    heads = (request.headers.get("Content-Type"), response.headers.get("Content-Type"), response.status_code)
    print_ = hashlib.sha256(repr((document, request.method, request.url, heads, len(body))).encode())
    print_.update(body)
    print_.update(response.content)
    return print_.digest()
