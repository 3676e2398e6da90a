"""YAML files read so that every value knows its file, its line and its key."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

import yaml

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml reads ten times faster


@dataclass(frozen=True, slots=True)
class Spot:
    """A value at its place. `value` is a scalar, a tuple of spots, or a mapping of keys to spots.

    Whatever does not fit is said to `mistakes`, which every spot of one reading shares, so that all are told at once.
    """

    value: Any
    file: str
    line: int
    key: str
    mistakes: list[str]

    def wrong(self, sentence: str) -> None:
        """Note a mistake at this place; the sentence says what is wrong and what would be right."""
        self.mistakes.append(f"{self.file}, line {self.line}, {self.key or 'the file'}: {sentence}")

    def shown(self) -> str:
        """The value as a message quotes it."""
        if isinstance(self.value, Mapping):
            return "a mapping"
        return "a list" if isinstance(self.value, tuple) else repr(self.value)

    def entries(self) -> Mapping[Any, "Spot"]:
        """The entries of a mapping, under whatever keys it has; nothing, and a mistake, if it is none."""
        if isinstance(self.value, Mapping):
            return self.value
        self.wrong(f"{self.shown()} stands where a mapping belongs; indent `key: value` lines below it")
        return {}

    def mapping(self, required: Collection[str], optional: Collection[str] = ()) -> Mapping[str, "Spot"]:
        """The entries of a mapping that must have the required keys and may have no other than the optional ones."""
        entries = self.entries()
        known = [*required, *optional]
        for key, spot in entries.items():
            if key not in known:
                near = get_close_matches(str(key), known, n=1)
                mend = f"did you mean {near[0]}?" if near else f"known keys are {', '.join(known)}"
                spot.wrong(f"the key {key!r} is not known here; {mend}")
        for key in required:
            if key not in entries:
                self.wrong(f"the key {str(key)!r} is missing; add it")
        return entries

    def items(self) -> tuple["Spot", ...]:
        """The items of a list; nothing, and a mistake, if it is none."""
        if isinstance(self.value, tuple):
            return self.value
        self.wrong(f"{self.shown()} stands where a list belongs; write [{self.value}] or lines that begin with a dash")
        return ()

    def text(self) -> str:
        """A text that is not empty."""
        if isinstance(self.value, str) and self.value.strip():
            return " ".join(self.value.split())
        self.wrong(f"{self.shown()} stands where a text belongs; write words, in quotes where YAML reads a number")
        return ""

    def texts(self) -> tuple[str, ...]:
        """A list of texts, none of them twice."""
        texts = tuple(item.text() for item in self.items())
        for text in sorted({text for text in texts if texts.count(text) > 1}):
            self.wrong(f"{text!r} stands twice; keep one")
        return texts

    def day(self) -> date:
        """A calendar date."""
        if isinstance(self.value, date) and not isinstance(self.value, datetime):
            return self.value
        self.wrong(f"{self.shown()} is not a date; write it as YYYY-MM-DD, without quotes or time")
        return date.min

    def whole(self, least: int = 0) -> int:
        """A whole number of at least `least`."""
        if isinstance(self.value, int) and not isinstance(self.value, bool) and self.value >= least:
            return self.value
        self.wrong(f"{self.shown()} is not a whole number of at least {least}; write it in digits")
        return least


def read(file: str, text: str, mistakes: list[str]) -> Spot | None:
    """The one document of a YAML text, or None when it is no YAML; duplicate keys are mistakes."""
    unprintable = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if unprintable:
        line = text.count("\n", 0, unprintable.start()) + 1
        mistakes.append(f"{file}, line {line}: {unprintable[0]!r} is no character of a text; take it out")
        return None
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            mistakes.append(f"{file}, line 1: the file is empty; give it its content or remove it")
            return None
        return _spot(loader, node, file, "", mistakes)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        mistakes.append(f"{file}, line {line}: this is no valid YAML ({error.problem}); mend it there")
        return None
    except RecursionError:
        mistakes.append(
            f"{file}: its values stand one in another without end (an alias in its own anchor?); write out each"
        )
        return None
    finally:
        loader.dispose()


def _spot(loader: yaml.SafeLoader, node: yaml.Node, file: str, key: str, mistakes: list[str]) -> Spot:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        entries: dict[Any, Spot] = {}
        for name_node, value_node in node.value:
            name = _scalar(loader, name_node)
            spot = _spot(loader, value_node, file, f"{key}.{name}" if key else str(name), mistakes)
            spot = Spot(spot.value, file, name_node.start_mark.line + 1, spot.key, mistakes)
            if name in entries:
                spot.wrong(f"the key stands twice, first on line {entries[name].line}; keep one of the two")
            entries.setdefault(name, spot)
        return Spot(entries, file, line, key, mistakes)
    if isinstance(node, yaml.SequenceNode):
        below = [_spot(loader, child, file, f"{key}[{at}]", mistakes) for at, child in enumerate(node.value)]
        return Spot(tuple(below), file, line, key, mistakes)
    return Spot(_scalar(loader, node), file, line, key, mistakes)


def _scalar(loader: yaml.SafeLoader, node: yaml.Node) -> Any:  # noqa: ANN401 - any YAML scalar
    """The scalar's value; one that YAML cannot make a value of (the 30th of February) stays the text it is."""
    if not isinstance(node, yaml.ScalarNode):
        return "a key that is no scalar"
    try:
        return loader.construct_object(node)
    except (ValueError, yaml.YAMLError):
        return node.value
