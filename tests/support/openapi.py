"""Exchanges with the sandbox against one of Atlassian's own documents of Jira's REST API."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

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
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, MapAdapter, Rule

from support.openapi_documents import METHODS, Source, load

_NAMED = re.compile(r"\{([^}]+)\}")


class Document:
    """Jira's REST API as Atlassian describes it."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self.routes = _routes(content)
        routes = self.routes

        class Finder(BasePathFinder):
            """Finds an operation by a table of routes; the library's own tries every path of the document in turn."""

            def find(self, method: str, name: str) -> PathOperationServer:
                template, values = routes_match(routes, method, urlsplit(name).path)
                path = self.spec / "paths" / template
                server = SchemaPath.from_dict({"url": "/"})
                return PathOperationServer(
                    path, path / method, server, TemplateResult(template, values), TemplateResult("/", {})
                )

        self.api = OpenAPI.from_dict(content, config=Config(spec_validator_cls=None, path_finder_cls=Finder))

    def offences(self, request: requests.PreparedRequest, response: requests.Response) -> Iterator[str]:
        """What of an exchange is not as the document says, in words that do not depend on values.

        The request is held to the document only where it was accepted: tests send wrong ones on purpose.
        """
        asked, answered = RequestsOpenAPIRequest(request), RequestsOpenAPIResponse(response)
        if response.ok:
            for error in self.api.request_validator.iter_errors(asked):
                yield from _said("request", error)
            yield from self._undocumented(asked.method, asked.path, request.url or "")
        for error in self.api.response_validator.iter_errors(asked, answered):
            yield from _said(f"response {response.status_code}", error)

    def template(self, method: str, path: str) -> str:
        """The path as the document writes it, or as it was sent where the document has none."""
        try:
            return routes_match(self.routes, method.lower(), path)[0]
        except PathError:
            return path

    def _undocumented(self, method: str, path: str, url: str) -> Iterator[str]:
        try:
            template, _ = routes_match(self.routes, method, path)
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


def routes_match(routes: MapAdapter, method: str, path: str) -> tuple[str, dict[str, Any]]:
    """The path's template and its variables; openapi-core's errors where there is no such operation."""
    try:
        endpoint, values = routes.match(path, method.upper())
    except MethodNotAllowed as wrong:
        raise OperationNotFound(path, method) from wrong
    except NotFound as unknown:
        raise PathNotFound(path) from unknown
    return endpoint, {name: values[_variable(name)] for name in _NAMED.findall(endpoint)}


@cache
def document(folder: str, source: Source) -> Document:
    """The document of a folder, read once in this process."""
    return Document(load(Path(folder), source))


def _variable(name: str) -> str:
    """A name that a route can have."""
    return name.replace("-", "_")


def _routes(content: Mapping[str, Any]) -> MapAdapter:
    """Version 2 is also called the latest."""
    rules = [
        Rule(_NAMED.sub(lambda name: f"<{_variable(name[1])}>", path), endpoint=template, methods=[method.upper()])
        for template, item in content["paths"].items()
        for path in {template, template.replace("/rest/api/2/", "/rest/api/latest/")}
        for method in METHODS & item.keys()
    ]
    return Map(rules, merge_slashes=False, strict_slashes=False, redirect_defaults=False).bind("jira.test")


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
