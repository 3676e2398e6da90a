"""Atlassian's documents of Jira's REST API: which one an exchange is held to, and what is mended in it before.

The documents are no part of this project; a folder named in the environment holds them.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

VARIABLE: Final = "CMMC_JIRA_OPENAPI_DIR"
METHODS: Final = {"get", "put", "post", "delete", "patch"}
DATA_CENTER_FLAVOUR: Final = "datacenter"

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mend:
    """One fault of a document: where it is, what stands there instead, and why."""

    where: tuple[str, ...]
    instead: Callable[[Any], Any]
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """One document: what it is called here, its file, where its paths begin, and its faults."""

    name: str
    file: str
    below: str = ""
    mends: tuple[Mend, ...] = ()


def _list_of(item: Schema) -> Schema:
    if item.get("type") == "array":
        raise ValueError(f"{item} is a list already.")
    return {"type": "array", "items": item}


def _with(**properties: Schema) -> Callable[[Schema], Schema]:
    def mended(schema: Schema) -> Schema:
        if present := properties.keys() & schema["properties"].keys():
            raise ValueError(f"The document has {', '.join(sorted(present))} already.")
        return {**schema, "properties": {**schema["properties"], **properties}}

    return mended


def _parts(_: Schema) -> Schema:
    return {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}


def _answered(schema: Schema) -> Schema:
    return {name: value for name, value in schema.items() if name != "writeOnly"}


def _text(_: Schema) -> Schema:
    return {"type": "string"}


def _anything(_: Schema) -> Schema:
    return {}


def _answer(path: str, method: str = "get", status: str = "200") -> tuple[str, ...]:
    return ("paths", path, method, "responses", status, "content", "application/json", "schema")


def _upload(path: str) -> Mend:
    where = ("paths", path, "post", "requestBody", "content", "multipart/form-data", "schema")
    return Mend(
        where, _parts, "Files are parts named `file`, which the document says in prose and its schema does not."
    )


_CHANGES: Final = Mend(
    ("components", "schemas", "ChangeDetails"),
    _with(fromString={"type": "string", "nullable": True}, toString={"type": "string", "nullable": True}),
    "This rendition of Atlassian's document lost both properties.",
)
_SCREENS: Final = Mend(
    ("components", "schemas", "ScreenTypes"),
    _answered,
    "The document shows the property in the answer and marks it as one that is never answered.",
)
_ATTACHMENTS: Final = "/rest/api/2/issue/{issueIdOrKey}/attachments"
_VALUES: Final = (("IssueBean", "fields"), ("IssueBean", "renderedFields"), ("IssueUpdateBean", "fields"))
_LISTS: Final = (
    "/rest/api/2/field",
    "/rest/api/2/filter/favourite",
    "/rest/api/2/filter/{id}/permission",
    "/rest/api/2/issuetype",
    "/rest/api/2/issuetypescheme/{schemeId}/associations",
    "/rest/api/2/priority",
    "/rest/api/2/project",
    "/rest/api/2/project/{projectIdOrKey}/components",
    "/rest/api/2/project/{projectIdOrKey}/statuses",
    "/rest/api/2/project/{projectIdOrKey}/versions",
    "/rest/api/2/resolution",
    "/rest/api/2/role",
    "/rest/api/2/screens/{screenId}/tabs",
    "/rest/api/2/screens/{screenId}/tabs/{tabId}/fields",
    "/rest/api/2/status",
    "/rest/api/2/user/assignable/search",
    "/rest/api/2/user/search",
)

CLOUD_2: Final = Source(
    "Jira Cloud v2",
    "cloud-platform-v2/openapi.2025-11.primelib.yaml",
    mends=(_CHANGES, _SCREENS, _upload(_ATTACHMENTS)),
)
CLOUD_3: Final = Source(
    "Jira Cloud v3",
    "cloud-platform-v3/swagger-v3.v3.json",
    mends=(_SCREENS, _upload("/rest/api/3/issue/{issueIdOrKey}/attachments")),
)
DATA_CENTER: Final = Source(
    "Jira Data Center 10.3",
    "data-center-10.3/jira_software_dc_10003_swagger.v3.json",
    below="/rest",
    mends=(
        *(Mend(_answer(path), _list_of, "The answer is a list; the document names the item.") for path in _LISTS),
        Mend(_answer(_ATTACHMENTS, "post"), _list_of, "The answer is a list; the document names the item."),
        Mend(
            _answer("/rest/api/2/filter/{id}/permission", "post", "201"), _list_of,
            "The answer is a list; the document names the item.",
        ),
        *(
            Mend(
                ("components", "schemas", schema, "properties", name, "additionalProperties"), _anything,
                "The document says that every value is an object; strings, numbers, lists and nulls are sent as well.",
            )
            for schema, name in _VALUES
        ),
        Mend(
            ("components", "schemas", "EntityPropertyBean", "properties", "value"), _anything,
            "The document says that the value is text; it is any JSON.",
        ),
        Mend(
            ("paths", "/rest/api/2/issue/{issueIdOrKey}/properties/{propertyKey}", "put", "requestBody", "content",
             "application/json", "schema"), _anything,
            "The document says that the value is text; it is any JSON.",
        ),
        Mend(
            ("components", "schemas", "StringList"), _text,
            "The document says list of lists where names are listed.",
        ),
        _upload(_ATTACHMENTS),
    ),
)  # fmt: skip
SOURCES: Final = (CLOUD_2, CLOUD_3, DATA_CENTER)


def source(flavour: str, path: str) -> Source:
    """The document that describes this path of this flavour of Jira; version 2's where none does."""
    if flavour == DATA_CENTER_FLAVOUR:
        return DATA_CENTER
    return CLOUD_3 if path.startswith("/rest/api/3/") else CLOUD_2


def folder() -> str | None:
    """Where the documents are, or None where nothing is checked."""
    return os.environ.get(VARIABLE) or None


def load(folder: Path, source: Source) -> dict[str, Any]:
    """A document's content, mended, without what openapi-core would only warn of: deprecated things, and OAuth 2."""
    content = _read(folder / source.file)
    content["paths"] = {source.below + path: item for path, item in content["paths"].items()}
    for operation in _operations(content):
        operation.pop("deprecated", None)
        operation.pop("security", None)
        for parameter in operation.get("parameters", ()):
            parameter.pop("deprecated", None)
    for one in source.mends:
        mend(content, one)
    return content


def mend(content: dict[str, Any], one: Mend) -> None:
    """Put right one fault of a document; LookupError or ValueError where it is not there."""
    *way, last = one.where
    place: Any = content
    for key in way:
        place = place[key]
    place[last] = one.instead(place[last])


def _operations(content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for item in content["paths"].values():
        yield from (item[method] for method in METHODS & item.keys())


def _read(file: Path) -> dict[str, Any]:
    """YAML of that size takes seconds, so it is kept as JSON in the folder for temporary files."""
    written = file.read_bytes()
    if file.suffix == ".json":
        return _object(written)
    kept = Path(tempfile.gettempdir()) / f"cmmc-jira-openapi-{hashlib.sha256(written).hexdigest()[:16]}.json"
    if not kept.exists():
        own = kept.with_suffix(f".{os.getpid()}")
        own.write_text(json.dumps(yaml.load(written, Loader=yaml.CSafeLoader), default=str), encoding="utf-8")
        own.replace(kept)
    return _object(kept.read_bytes())


def _object(written: bytes) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(written)
    return content
