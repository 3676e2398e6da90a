"""The account of a test run: how many exchanges were held to which of Atlassian's documents, and what differed."""

import hashlib
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests

from support.openapi import document
from support.openapi_deviations import ALLOWED, Deviation
from support.openapi_documents import SOURCES, VARIABLE, folder, source

REST = "/rest/"
Place = tuple[str, str, str]
"""A document's name, a method and a path as the document writes it."""


@dataclass(slots=True)
class Ledger:
    """What this process has checked; what is the same to the byte is judged once, and counted each time.

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
            known, method = document(where, of), request.method or ""
            place = (of.name, method, known.template(method, path))
            if response.ok:  # a wrong request that was refused was sent on purpose
                asked = (re.sub(r"\d+", "0", path), url.query)  # to the documents all numbers in a path are the same
                print_ = _print(place, asked, request.headers.get("Content-Type"), request.body)
                self._judge(place, print_, lambda: known.request_offences(request))
            print_ = _print(place, response.status_code, response.headers.get("Content-Type"), response.content)
            self._judge(place, print_, lambda: known.response_offences(request, response))

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

    def _judge(self, place: Place, print_: bytes, offences: Callable[[], Iterable[str]]) -> None:
        if print_ in self._known:
            return
        fresh = [one for one in offences() if not self._covered(*place, one)]
        if not fresh:
            self._known.add(print_)
        document, method, template = place
        self._offences |= dict.fromkeys(f"{method} {template}: {one} ({document})" for one in fresh)

    def _covered(self, document: str, method: str, template: str, offence: str) -> bool:
        covering = {
            number for number, one in enumerate(self.allowed) if one.covers(document, method, template, offence)
        }
        self.used |= covering
        return bool(covering)


LEDGER = Ledger()


def _print(place: Place, what: object, content_type: str | bytes | None, body: str | bytes | None) -> bytes:
    print_ = hashlib.sha256(repr((place, what, content_type)).encode())
    print_.update(body.encode() if isinstance(body, str) else body or b"")
    return print_.digest()
