"""How an administrator's calls are made: each in Jira's version 2 of REST, with the right that it needs."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema

from cmmc_jira.adapters import admin_shapes as shapes
from cmmc_jira.adapters.exchange import Call, Exchange

API: Final = "rest/api/2"
PAGE: Final = 100
RIGHT: Final = "Administer Jira"


class Administration:
    """Reads, pages and writes of an administrator."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    def read(self, path: str, doing: str, shape: Schema, **params: str) -> Any:  # noqa: ANN401  JSON of the shape
        """Return what Jira answers."""
        return self.exchange.ask(Call("GET", f"{API}/{path}", doing, shape, right=RIGHT, params=params))

    def pages(self, path: str, doing: str, shape: Schema, **params: str) -> list[Any]:
        """Return the values of every page."""
        found: list[Any] = []
        while True:
            page = self.read(path, doing, shape, **params, startAt=str(len(found)), maxResults=str(PAGE))
            found += page["values"]
            if page["isLast"] or not page["values"]:
                return found

    def rows(self, path: str, doing: str, shape: Schema, name: str) -> list[Any]:
        """Return the rows of every page, which Cloud gives by this name and Data Center as `values`."""
        found: list[Any] = []
        while True:
            page = self.read(path, doing, shape, startAt=str(len(found)), maxResults=str(PAGE))
            some = page.get(name) or page.get("values") or []
            found += some
            if not some or len(found) >= page["total"]:
                return found

    def make(self, path: str, doing: str, body: Mapping[str, Any]) -> str:
        """Create something; its id."""
        call = Call("POST", f"{API}/{path}", doing, shapes.MADE, write=True, right=RIGHT, body=body)
        return str(self.exchange.ask(call)["id"])

    def write(self, method: str, path: str, doing: str, body: Mapping[str, Any]) -> None:
        """Change something, at a path below Jira's address."""
        self.exchange.ask(Call(method, path, doing, write=True, right=RIGHT, body=body))
