"""What becomes of the images of a text when Jira Cloud keeps it: it looks the files up while it writes."""

import dataclasses
from collections.abc import Container
from typing import TypeVar

from jira_sandbox.wiki.inline import tidy
from jira_sandbox.wiki.nodes import Block, Image, Inline, Text
from jira_sandbox.wiki.writing import image_markup

Node = TypeVar("Node")


def with_images(blocks: tuple[Block, ...], attached: Container[str]) -> tuple[Block, ...]:
    """The blocks with a text alternative for each image of an attached file; any other image is text from now on."""
    return tuple(_settled(block, attached) for block in blocks)


def _settled(node: Node, attached: Container[str]) -> Node:
    """The node with everything in it settled."""
    if not dataclasses.is_dataclass(node) or isinstance(node, type):
        return node
    inner = {
        field.name: _content(value, attached)
        for field in dataclasses.fields(node)
        if isinstance(value := getattr(node, field.name), tuple)
    }
    return dataclasses.replace(node, **inner) if inner else node


def _content(nodes: tuple[object, ...], attached: Container[str]) -> tuple[object, ...]:
    settled = [_part(node, attached) for node in nodes]
    inline = [node for node in settled if isinstance(node, Inline)]
    return tidy(inline) if len(inline) == len(settled) else tuple(settled)


def _part(node: object, attached: Container[str]) -> object:
    if isinstance(node, tuple):  # the cells of a row
        return _content(node, attached)
    if not isinstance(node, Image):
        return _settled(node, attached)
    if node.name not in attached:
        return Text(image_markup(node))
    return dataclasses.replace(node, alt=node.alt or node.name)
