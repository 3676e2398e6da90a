"""Just enough of the Atlassian Document Format for version 3 of the API: paragraphs of plain text."""

from collections.abc import Mapping
from typing import Any

from jira_sandbox.records import Raw

API = 3
"""The version of the REST API in which rich text is such a document; in version 2 it is wiki markup."""


def to_document(text: str) -> dict[str, Any]:
    """The text as a document, one paragraph per block; markup stays what it is."""
    blocks = [block for block in text.replace("\r\n", "\n").split("\n\n") if block]
    return {"type": "doc", "version": 1, "content": [_paragraph(block) for block in blocks]}


def _paragraph(block: str) -> dict[str, Any]:
    content: list[dict[str, Any]] = []
    for line in block.split("\n"):
        if content:
            content.append({"type": "hardBreak"})
        if line:
            content.append({"type": "text", "text": line})
    return {"type": "paragraph", "content": content}


def to_text(document: Mapping[str, Any]) -> str:
    """The document as text; raises ValueError for nodes other than paragraphs, plain text and breaks."""
    if document.get("type") != "doc" or document.get("version") != 1 or not isinstance(document.get("content"), list):
        raise ValueError("INVALID_INPUT: the document needs type 'doc', version 1 and a list of content.")
    return "\n\n".join(_inline(node) for node in document["content"])


def _inline(node: Raw) -> str:
    if not isinstance(node, Mapping) or node.get("type") != "paragraph":
        raise ValueError(f"INVALID_INPUT: this sandbox takes paragraphs only, not {_name(node)}.")
    return "".join(_piece(piece) for piece in node.get("content", ()))


def _piece(piece: Raw) -> str:
    match _name(piece):
        case "text":
            return str(piece["text"])
        case "hardBreak":
            return "\n"
        case other:
            raise ValueError(f"INVALID_INPUT: this sandbox takes plain text and hard breaks only, not {other}.")


def _name(node: Raw) -> str:
    return str(node.get("type")) if isinstance(node, Mapping) else type(node).__name__
