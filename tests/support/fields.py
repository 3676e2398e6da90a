"""The fields of a site that is ready, as Jira lists them."""

from typing import Any

from cmmc_manifests.schema import fields as specs

_SCHEMA = {
    "text": "string",
    "paragraph": "string",
    "number": "number",
    "date": "date",
    "select": "option",
    "checkboxes": "array",
    "user": "user",
}


def every_field() -> list[dict[str, Any]]:
    """Return a row for each field of ours, with ids from customfield_10100 on, in the order of the manifest."""
    return [
        {"id": f"customfield_{10100 + n}", "name": spec.name, "schema": {"type": _SCHEMA[spec.type]}}
        for n, spec in enumerate(specs())
    ]
