"""Exchanges with the sandbox against one of Atlassian's own documents of Jira's REST API."""

import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import requests
from jsonschema.exceptions import ValidationError
from jsonschema_path import SchemaPath
from openapi_core import Config, OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_core.templating.datatypes import TemplateResult
from openapi_core.templating.paths.datatypes import PathOperationServer
from openapi_core.templating.paths.exceptions import OperationNotFound, PathError, PathNotFound
from openapi_core.templating.paths.finders import BasePathFinder
from openapi_core.templating.responses.exceptions import ResponseNotFound
from openapi_core.validation.schemas.exceptions import InvalidSchemaValue

from support.openapi_documents import METHODS, Source, load

NOUN = 5
"""How many parts of a path go up to its noun: /rest/api/2/issue."""


class Document:
    """Jira's REST API as Atlassian describes it."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self.routes = Routes(content)
        routes = self.routes

        class Finder(BasePathFinder):
            """Finds an operation by a table of routes; the library's own tries every path of the document in turn."""

            def find(self, method: str, name: str) -> PathOperationServer:
                template, values = routes.match(method, urlsplit(name).path)
                path = self.spec / "paths" / template
                server = SchemaPath.from_dict({"url": "/"})
                return PathOperationServer(
                    path, path / method, server, TemplateResult(template, values), TemplateResult("/", {})
                )

        self.api = OpenAPI.from_dict(content, config=Config(spec_validator_cls=None, path_finder_cls=Finder))

    def request_offences(self, request: requests.PreparedRequest) -> Iterator[str]:
        """What of a request is not as the document says, in words that do not depend on values."""
        asked = RequestsOpenAPIRequest(request)
        for error in self.api.request_validator.iter_errors(asked):
            yield from _said("request", error)
        yield from self._undocumented(asked.method, asked.path, request.url or "")

    def response_offences(self, request: requests.PreparedRequest, response: requests.Response) -> Iterator[str]:
        """What of the answer to a request is not as the document says, in such words."""
        asked, answered = RequestsOpenAPIRequest(request), RequestsOpenAPIResponse(response)
        for error in self.api.response_validator.iter_errors(asked, answered):
            yield from _said(f"response {response.status_code}", error)

    def template(self, method: str, path: str) -> str:
        """The path as the document writes it, or as it was sent where the document has none."""
        try:
            return self.routes.match(method, path)[0]
        except PathError:
            return path

    def _undocumented(self, method: str, path: str, url: str) -> Iterator[str]:
        try:
            template, _ = self.routes.match(method, path)
        except PathError:
            return
        item = self.content["paths"][template]
        named = [*item.get("parameters", ()), *item[method].get("parameters", ())]
        known = {one["name"] for one in (self._resolved(one) for one in named) if one["in"] == "query"}
        for name in sorted(parse_qs(urlsplit(url).query, keep_blank_values=True).keys() - known):
            yield f"request: query parameter {name} is not documented"

    def _resolved(self, parameter: Mapping[str, Any]) -> Mapping[str, Any]:
        reference = parameter.get("$ref")
        if reference is None:
            return parameter
        found: Mapping[str, Any] = self.content["components"]["parameters"][reference.rpartition("/")[2]]
        return found


class Routes:
    """The paths of a document, found by their parts; version 2 is also called the latest."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._rows: dict[tuple[int, str], list[tuple[Sequence[str], str, AbstractSet[str]]]] = {}
        for template in sorted(content["paths"], key=lambda one: one.count("{")):
            parts = template.split("/")
            row = (parts, template, METHODS & content["paths"][template].keys())
            self._rows.setdefault(_drawer(parts), []).append(row)

    def match(self, method: str, path: str) -> tuple[str, dict[str, str]]:
        """The path's template and its variables; openapi-core's errors where there is no such operation."""
        parts = path.replace("/rest/api/latest/", "/rest/api/2/", 1).split("/")
        fitting = [row for row in self._rows.get(_drawer(parts), ()) if _fits(row[0], parts)]
        if not fitting:
            raise PathNotFound(path)
        for named, template, methods in fitting:
            if method.lower() in methods:
                pairs = zip(named, parts, strict=True)
                return template, {name[1:-1]: unquote(value) for name, value in pairs if name.startswith("{")}
        raise OperationNotFound(path, method)


def _drawer(parts: Sequence[str]) -> tuple[int, str]:
    """Where a path is looked for: by its length, and by its noun, which no document leaves open."""
    return len(parts), "/".join(parts[:NOUN])


def _fits(named: Sequence[str], parts: Sequence[str]) -> bool:
    pairs = zip(named, parts, strict=True)
    return all(value if name.startswith("{") else name == value for name, value in pairs)


@cache
def document(folder: str, source: Source) -> Document:
    """The document of a folder, read once in this process."""
    return Document(load(Path(folder), source))


def _said(where: str, error: BaseException) -> Iterator[str]:
    if isinstance(error, PathError):
        if where != "request":
            yield f"{where}: no such operation"
        return
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, InvalidSchemaValue):
        cause = cause.__cause__
    if isinstance(cause, InvalidSchemaValue):
        for one in cause.schema_errors:
            yield f"{where}: {_broken(one)}" if isinstance(one, ValidationError) else f"{where}: {one}"
    elif isinstance(error, ResponseNotFound):
        yield f"{where}: not documented"
    else:
        yield f"{where}: {error}"


def _broken(error: ValidationError) -> str:
    """The place in a body, its list indexes as stars, and the rule that is broken."""
    place = "/".join("*" if isinstance(part, int) else str(part) for part in error.absolute_path) or "body"
    if error.validator == "additionalProperties":
        unknown = sorted(error.instance.keys() - error.schema.get("properties", {}).keys())
        return f"{place}: {', '.join(unknown)} not documented"
    return f"{place}: {error.validator} {json.dumps(error.validator_value, default=str)[:80]}"
