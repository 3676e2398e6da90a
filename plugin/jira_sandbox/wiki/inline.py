"""Inline markup to inline nodes: one pass of tokens, then effects are paired on a stack.

An effect opens after anything but a letter or digit and before anything but a space, and closes the other way round;
in braces, as in `{*}`, it does both anywhere and may span lines. Effects of one kind do not nest. Whatever pairs with
nothing is text. Which characters a backslash escapes, when two of them break the line, and that emoticons stand
anywhere, even in "(a)(i)", is as in Atlassian's own converter (editor-wikimarkup-transformer: text.ts,
force-line-break.ts, keyword.ts).
https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all
"""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from jira_sandbox.wiki.colours import colour
from jira_sandbox.wiki.nodes import (
    Break,
    Colour,
    Emoticon,
    File,
    Image,
    Inline,
    Link,
    Mark,
    MarkKind,
    Mention,
    Monospace,
    Text,
)

KINDS: dict[str, MarkKind] = {
    "*": "strong",
    "_": "emphasis",
    "-": "deleted",
    "+": "inserted",
    "^": "superscript",
    "~": "subscript",
    "??": "citation",
}
# Longer codes stand before their beginnings.
EMOTICON = re.compile(
    r"\((?:flagoff|flag|off|on|\*[rgby]|[*ynix/!+?-])\)|[:;]-?\)|:-?[(PpD]",
)
MONOSPACE = r"\{\{(?P<monospace>(?:\\.|[^\\{}\n]|\}(?!\}))+?)\}\}"
_ESCAPE = r"(?<!\\)\\(?P<escape>[-\#*_+?^~|%{}\[\]()!@])"
_FORCED_BREAK = r"(?<!\\)\\\\(?!\S*\\)"
_REFERENCE = r"&\#(?P<reference>[0-9]{1,7}|[xX][0-9a-fA-F]{1,6});"
_PLACE = r"""[^\s\[\]|{}"<>\\]"""
_TOKEN = re.compile(
    rf"""
      (?P<break>{_FORCED_BREAK}[ \t]*\n?|\n)
    | {_ESCAPE}
    | {_REFERENCE}
    | {MONOSPACE}
    | \{{(?P<forced>[*_+^~-]|\?\?)\}}
    | \{{color:(?P<colour>[^{{}}\n]{{1,40}})\}}
    | (?P<uncolour>\{{color\}})
    | (?P<anchor>\{{anchor(?::[^{{}}\n]*)?\}})
    | \[~(?P<mention>[^\[\]|{{}}\n\\]+)\]
    | \[\^(?P<file>[^\[\]|{{}}\n\\]+)\]
    | \[(?:(?P<alias>(?:\\.|[^\[\]|\n\\])*)\|)?(?P<href>(?:https?://|mailto:|\#){_PLACE}+)(?:\|[^\[\]|\n]*)?\]
    | !(?P<image>[^!|\n\[\]{{}}\\/"<>\s][^!|\n\[\]{{}}\\/"<>]*\.[A-Za-z0-9]{{1,5}})
      (?:\|(?P<options>[^!|\n\[\]{{}}\\]*))?!
    | (?<![A-Za-z0-9])(?P<address>https?://[^\s\[\]|{{}}"<>\\!]*[^\s\[\]|{{}}"<>\\!.,;:?'*_~+^)-])
    | (?P<emoticon>{EMOTICON.pattern})
    | (?<!\S)(?P<dash>---?)(?!\S)
    | (?P<run>(?P<repeated>[*_+^~-])(?P=repeated)+|\?{{3,}})
    | (?P<effect>[*_+^~-]|\?\?)
    """,
    re.VERBOSE,
)
_LITERAL = re.compile(f"{_ESCAPE}|{_REFERENCE}")
_BREAKS = re.compile(_FORCED_BREAK)
_BLANKS = " \t"
_ALT = re.compile(r'\balt="([^"]*)"')


@dataclass(slots=True)
class _Open:
    """An effect that waits for its end: how it ends, its kind, where its content begins."""

    ending: str
    kind: str
    start: int
    value: str = ""


@dataclass(slots=True)
class _State:
    nodes: list[Inline] = field(default_factory=list)
    opened: list[_Open] = field(default_factory=list)

    def begin(self, raw: str, effect: _Open) -> None:
        """Remember an effect; until it is paired, its delimiter is text."""
        self.nodes.append(Text(raw))
        if all(other.kind != effect.kind for other in self.opened):
            effect.start = len(self.nodes)
            self.opened.append(effect)

    def end(self, ending: str) -> bool:
        """Whether this delimiter closed an open effect that has content; a colour may also be empty and vanishes."""
        place = next((i for i, effect in enumerate(self.opened) if effect.ending == ending), None)
        if place is None:
            return False
        effect = self.opened[place]
        content = tidy(self.nodes[effect.start :])
        if not content and effect.kind != "colour":
            return False
        del self.opened[place:]
        del self.nodes[effect.start - 1 :]
        if effect.kind == "colour":
            self.nodes.extend([Colour(effect.value, content)] if content else [])
        else:
            self.nodes.append(Mark(KINDS[ending.strip("{}")], content))
        return True


def parse_inline(raw: str, *, alias: bool = False) -> tuple[Inline, ...]:
    """The inline nodes of the markup of one block; in the alias of a link, bare addresses are not links again."""
    state = _State()
    position = 0
    for token in _TOKEN.finditer(raw):
        if token.start() > position:
            state.nodes.append(Text(raw[position : token.start()]))
        position = token.end()
        _take(state, token, alias=alias)
    state.nodes.append(Text(raw[position:]))
    return trim(tidy(state.nodes))


def markup_between(raw: str) -> list[tuple[int, int]]:
    """The stretches of the markup that lie outside escapes, links, images and the like, as start and end."""
    stretches = []
    position = 0
    for token in _TOKEN.finditer(raw):
        stretches.append((position, token.start()))
        position = token.end()
    return [*stretches, (position, len(raw))]


def is_word(character: str) -> bool:
    """Whether an effect can neither open behind this character nor close before it."""
    return character.isalnum() or character > "\x7f"


def literal(raw: str) -> str:
    """The text with its escapes and character references resolved and no other markup."""
    return _LITERAL.sub(lambda found: found["escape"] or _character(found["reference"]) or found[0], raw)


def tidy(nodes: list[Inline]) -> tuple[Inline, ...]:
    """The nodes with neighbouring texts joined and no blanks beside a line break."""
    joined: list[Inline] = []
    for node in nodes:
        if isinstance(node, Text) and joined and isinstance(joined[-1], Text):
            joined[-1] = Text(joined[-1].text + node.text)
        else:
            joined.append(node)
    for place, node in enumerate(joined):
        if isinstance(node, Text):
            text = node.text
            if place and isinstance(joined[place - 1], Break):
                text = text.lstrip(_BLANKS)
            if place + 1 < len(joined) and isinstance(joined[place + 1], Break):
                text = text.rstrip(_BLANKS)
            joined[place] = Text(text)
    return tuple(node for node in joined if node != Text(""))


def trim(nodes: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """The nodes without blanks and line breaks at either end."""
    kept = list(nodes)
    while kept and isinstance(kept[0], Text | Break):
        first = Text(kept[0].text.lstrip(_BLANKS)) if isinstance(kept[0], Text) else Text("")
        kept[:1] = [first] if first.text else []
        if first.text:
            break
    while kept and isinstance(kept[-1], Text | Break):
        last = Text(kept[-1].text.rstrip(_BLANKS)) if isinstance(kept[-1], Text) else Text("")
        kept[-1:] = [last] if last.text else []
        if last.text:
            break
    return tuple(kept)


def _take(state: _State, token: re.Match[str], *, alias: bool) -> None:
    found = token[0]
    if token["effect"]:
        _take_effect(state, token)
    elif token["forced"]:
        if not state.end(found):
            state.begin(found, _Open(found, KINDS[token["forced"]], 0))
    elif token["colour"] or token["uncolour"]:
        _take_colour(state, token)
    elif token["anchor"] is None:
        state.nodes.append(_atom(token, alias=alias))
        if "\n" in found:
            state.opened = [effect for effect in state.opened if effect.ending.startswith("{")]


def _take_colour(state: _State, token: re.Match[str]) -> None:
    value = colour(token["colour"] or "")
    if value:
        state.begin(token[0], _Open("{color}", "colour", 0, value))
    elif token["colour"] or not state.end(token[0]):
        state.nodes.append(Text(token[0]))


def _take_effect(state: _State, token: re.Match[str]) -> None:
    raw, found = token.string, token[0]
    start, end = token.span()
    begins_line = not start or (state.nodes and isinstance(state.nodes[-1], Break))
    before = " " if begins_line else raw[start - 1]
    after = " " if end == len(raw) or _BREAKS.match(raw, end) else raw[end]
    if not before.isspace() and not is_word(after) and state.end(found):
        return
    if is_word(before) or after.isspace():
        state.nodes.append(Text(found))
    else:
        state.begin(found, _Open(found, KINDS[found], 0))


def _atom(token: re.Match[str], *, alias: bool) -> Inline:
    name = token.lastgroup or ""
    if name in _ATOMS and not (alias and name == "address"):
        return _ATOMS[name](token)
    return Text(literal(token[0]))


def _emoticon(written: str) -> str:
    """One code per symbol: `:-p` is `:P`."""
    return written if written.startswith("(") else written.replace("-", "").replace("p", "P")


def _link(href: str, alias: str) -> Link:
    content = parse_inline(alias, alias=True)
    return Link(href, () if content == (Text(href),) else content)


def _image(name: str, options: str) -> Image:
    alt = _ALT.search(options)
    given = dict(option.strip().partition("=")[::2] for option in _ALT.sub("", options).split(","))
    width, height = (int(found[0]) if found else 0 for found in (_size(given, "width"), _size(given, "height")))
    return Image(name, width, height, thumbnail="thumbnail" in given, alt=alt[1] if alt else "")


def _size(options: dict[str, str], name: str) -> re.Match[str] | None:
    return re.match("[0-9]{1,4}", options.get(name, ""))


def _character(reference: str) -> str:
    """The character a reference stands for, or an empty string when it is not one that can be seen."""
    code = int(reference[1:], 16) if reference[0] in "xX" else int(reference)
    character = chr(code) if code <= sys.maxunicode else ""
    return character if character.isprintable() else ""


_ATOMS: dict[str, Callable[[re.Match[str]], Inline]] = {
    "break": lambda _: Break(),
    "monospace": lambda token: Monospace(literal(token["monospace"])),
    "mention": lambda token: Mention(token["mention"]),
    "file": lambda token: File(token["file"]),
    "href": lambda token: _link(token["href"], token["alias"] or ""),
    "image": lambda token: _image(token["image"], ""),
    "options": lambda token: _image(token["image"], token["options"]),
    "address": lambda token: Link(token["address"], ()),
    "emoticon": lambda token: Emoticon(_emoticon(token["emoticon"])),
    "dash": lambda token: Text("\N{EM DASH}" if token["dash"] == "---" else "\N{EN DASH}"),
}
