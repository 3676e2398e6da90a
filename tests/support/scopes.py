"""The calls that scopes.yaml allows, to hold each request of the product to them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlsplit

import requests
import yaml

from cmmc_jira.adapters.exchange import AGENT

API: Final = re.compile(r"^(/ex/jira/[^/]+|/jira)?(/rest/api/[23](?=/))?")
"""What stands before a call's own path: the gateway's for scoped tokens, or a context path, and the API's."""


@cache
def document() -> Mapping[str, Any]:
    whole: Mapping[str, Any] = yaml.safe_load(files("cmmc_manifests").joinpath("scopes.yaml").read_text("utf-8"))
    return whole


def calls(*parts: str) -> Sequence[Mapping[str, Any]]:
    """The rows of these parts, of all where none is named."""
    listed: Mapping[str, Sequence[Mapping[str, Any]]] = document()["calls"]
    return [row for part in parts or listed for row in listed[part]]


def listed(method: str, url: str, *parts: str) -> bool:
    """Whether a request is one of the calls of these parts."""
    asked = f"{method} {API.sub('', urlsplit(url).path)}"
    return any(pattern.fullmatch(asked) for pattern in _patterns(parts))


def hold(request: requests.PreparedRequest) -> None:
    """Fail where the product sends a request for which scopes.yaml names no scope."""
    if request.headers.get("User-Agent") == AGENT:
        known = listed(request.method or "", request.url or "")
        assert known, f"scopes.yaml has no row for {request.method} {request.url}: say which scope it needs"


@cache
def _patterns(parts: tuple[str, ...]) -> Sequence[re.Pattern[str]]:
    return list(_compiled(str(row["call"]) for row in calls(*parts)))


def _compiled(written: Iterator[str]) -> Iterator[re.Pattern[str]]:
    for call in written:
        yield re.compile("[^/]+".join(map(re.escape, re.split(r"\{\w+\}", call))))
