"""JSON and YAML texts as plain trees: bounded in depth and size, no key twice, nothing executed, nothing expanded."""

import json
import re
from typing import Any

import yaml

from cmmc_jira.errors import BadFindings
from cmmc_jira.findings.place import shown

MAX_DEPTH = 32
MAX_NODES = 200_000
_MOST_SIGNS = 5 * MAX_NODES
"""Commas and opening brackets, which texts hold too; each value that is not the first of its kind has one before it."""

YAML_BYTES = 4 * 1024 * 1024
_CORE = "tag:yaml.org,2002:"
_HALF = re.compile("[\ud800-\udfff]")


def parse_json(name: str, text: str) -> Any:  # noqa: ANN401 - a tree is any JSON value
    """The JSON value that the text holds. `NaN`, which some tools write for an empty cell, is read as null."""
    if sum(map(text.count, ",[{")) > _MOST_SIGNS:
        raise BadFindings(_too_many(name))
    try:
        tree = json.loads(text, object_pairs_hook=_object, parse_constant=lambda _word: None)
    except _Twice as twice:
        raise BadFindings(
            f"{name}: the key {shown(twice.key)} stands twice in one object; keep one of the two"
        ) from None
    except json.JSONDecodeError as error:
        raise BadFindings(
            f"{name}, line {error.lineno}, column {error.colno}: this is no valid JSON ({error.msg}); mend it there"
        ) from None
    except ValueError:
        raise BadFindings(f"{name}: a number has too many digits to be meant; correct it") from None
    except RecursionError:
        raise BadFindings(_too_deep(name)) from None
    return _bounded(name, tree)


def parse_yaml(name: str, text: str) -> Any:  # noqa: ANN401 - a tree is any YAML value
    """The value of the one YAML document in the text, with `Yes`, `No` and dates left as they are written."""
    if len(text) > YAML_BYTES:
        raise BadFindings(
            f"{name}: a YAML file may have {YAML_BYTES // 1024 // 1024} MiB at most; give it as JSON or CSV"
        )
    try:
        tree = yaml.load(text, Loader=_Loader)  # noqa: S506 - _Loader is a SafeLoader
    except _Refused as refused:
        raise BadFindings(f"{name}, line {refused.line}: {refused}") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark else ""
        raise BadFindings(
            f"{name}{line}: this is no valid YAML ({error.problem or error.context}); mend it there"
        ) from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # the latter from escapes of no character
        raise BadFindings(f"{name}: this is no valid YAML ({shown(error)})") from None
    return _bounded(name, tree)


class _Twice(Exception):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    tree: dict[str, object] = {}
    for key, value in pairs:
        if key in tree:
            raise _Twice(key)
        tree[key] = value
    return tree


def _too_deep(name: str) -> str:
    return f"{name}: this is nested more than {MAX_DEPTH} levels deep, which no findings file is"


def _too_many(name: str) -> str:
    return f"{name}: this holds more than {MAX_NODES:,} values, which no findings file does"


def _bounded(name: str, tree: object) -> object:
    """The tree, once it is known to be no deeper and no larger than a findings file can be."""
    waiting: list[tuple[object, int]] = [(tree, 1)]
    seen = 0
    while waiting:
        value, depth = waiting.pop()
        seen += 1
        if seen > MAX_NODES:
            raise BadFindings(_too_many(name))
        if isinstance(value, dict | list):
            if depth > MAX_DEPTH:
                raise BadFindings(_too_deep(name))
            below = [*value, *value.values()] if isinstance(value, dict) else value
            waiting.extend((child, depth + 1) for child in below)
        elif isinstance(value, str) and _HALF.search(value):
            raise BadFindings(f"{name}: {shown(value)} holds half of a character; write it anew")
    return tree


class _Refused(Exception):
    def __init__(self, sentence: str, line: int) -> None:
        super().__init__(sentence)
        self.line = line


class _Loader(yaml.SafeLoader):
    """A safe loader that leaves words, numbers and dates as they are written and refuses what could expand.

    YAML 1.1 would read the status `No` as false, `3.10` as a number and `2026-02-30` as an error without a place.
    """

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        alias = self.check_event(yaml.AliasEvent)
        event = self.current_event  # what check_event has looked at
        line = event.start_mark.line + 1
        if alias:
            raise _Refused(f"the alias *{event.anchor} repeats another part; write the values out", line)
        if event.tag is not None:
            raise _Refused(f"the tag {shown(event.tag)} is not read here; write the plain value", line)
        if self._depth >= MAX_DEPTH:
            raise _Refused(f"this is nested more than {MAX_DEPTH} levels deep, which no findings file is", line)
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        """The map, its keys as they are written; a key that stands twice is refused."""
        del deep
        tree: dict[Any, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise _Refused("a key must be a plain text", line)
            if key.value in tree:
                raise _Refused(f"the key {shown(key.value)} stands twice in one map; keep one of the two", line)
            tree[key.value] = self.construct_object(value, deep=True)
        return tree


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver(f"{_CORE}null", re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""])
_Loader.add_implicit_resolver(f"{_CORE}bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"), list("tTfF"))
