"""Blocks to HTML. Everything a person typed is escaped; addresses are http, https or mailto; nothing runs."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup, escape

from jira_sandbox.wiki.nodes import (
    Block,
    Break,
    Cell,
    Colour,
    Emoticon,
    File,
    Heading,
    Image,
    Inline,
    Link,
    List,
    Mark,
    Mention,
    Monospace,
    Panel,
    Paragraph,
    Quote,
    Rule,
    Table,
    Text,
)
from jira_sandbox.wiki.writing import image_markup

_KEY = re.compile(r"(?<![\w.-])[A-Z][A-Z0-9_]+-[1-9][0-9]*(?![\w-])")
_DAY = re.compile(r"(?<![\w-])([0-9]{4}-[0-9]{2}-[0-9]{2})(?![\w-])")
_THUMBNAIL = 200  # pixels
_TAGS = {
    "strong": "strong",
    "emphasis": "em",
    "deleted": "del",
    "inserted": "ins",
    "superscript": "sup",
    "subscript": "sub",
    "citation": "cite",
}
_SYMBOLS = {
    ":)": ("smile", "🙂"),
    ":(": ("sad", "🙁"),
    ":P": ("cheeky", "😛"),
    ":D": ("laugh", "😃"),
    ";)": ("wink", "😉"),
    "(y)": ("thumbs up", "👍"),
    "(n)": ("thumbs down", "👎"),
    "(i)": ("information", "\N{INFORMATION SOURCE}"),
    "(/)": ("check mark", "✔"),
    "(x)": ("cross mark", "✖"),
    "(!)": ("warning", "⚠"),
    "(?)": ("question", "?"),
    "(+)": ("plus", "⊕"),
    "(-)": ("minus", "⊖"),
    "(on)": ("light bulb on", "💡"),
    "(off)": ("light bulb off", "🔅"),
    "(*)": ("yellow star", "★"),
    "(*y)": ("yellow star", "★"),
    "(*r)": ("red star", "★"),
    "(*g)": ("green star", "★"),
    "(*b)": ("blue star", "★"),
    "(flag)": ("flag", "⚑"),
    "(flagoff)": ("flag down", "⚐"),
}


@dataclass(frozen=True, slots=True)
class IssueLink:
    """Where the page of an issue is, what it is about, and whether it is done."""

    href: str
    summary: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class FileLink:
    """Where an attachment is, and whether a browser can show it as an image."""

    href: str
    image: bool = False


@dataclass(frozen=True, slots=True)
class Links:
    """What a text can refer to: each function answers None for what is not there, and the text stays text."""

    issue: Callable[[str], IssueLink | None] = lambda _key: None
    person: Callable[[str], str | None] = lambda _who: None
    file: Callable[[str], FileLink | None] = lambda _name: None


def to_html(blocks: tuple[Block, ...], links: Links) -> Markup:
    """The blocks as HTML."""
    return Markup("\n").join(_block(block, links) for block in blocks)


def _block(block: Block, links: Links) -> Markup:
    match block:
        case Paragraph(content):
            return _wrap("p", _inlines(content, links))
        case Heading(level, content):
            return _wrap(f"h{level}", _inlines(content, links))
        case Rule():
            return Markup("<hr>")
        case Quote(blocks):
            return _wrap("blockquote", to_html(blocks, links))
        case List():
            return _list(block, links)
        case Table():
            return _table(block, links)
        case Panel():
            return _panel(block, links)
        case _:
            title = _wrap("figcaption", escape(block.title)) if block.title else Markup()
            body = _wrap("pre", _wrap("code", escape(block.text)) if block.code else escape(block.text))
            return Markup('<figure class="{}">{}{}</figure>').format(
                "wiki-code" if block.code else "wiki-noformat", title, body
            )


def _panel(panel: Panel, links: Links) -> Markup:
    style = Markup(' style="background-color: {}"').format(panel.background) if panel.background else Markup()
    title = Markup('<div class="wiki-panel-title">{}</div>').format(panel.title) if panel.title else Markup()
    return Markup('<div class="wiki-panel"{}>{}<div class="wiki-panel-body">{}</div></div>').format(
        style, title, to_html(panel.blocks, links)
    )


def _list(items: List, links: Links) -> Markup:
    rendered = (
        _inlines(item.content, links) + Markup().join(_list(nested, links) for nested in item.lists)
        for item in items.items
    )
    return _wrap("ol" if items.numbered else "ul", Markup().join(_wrap("li", item) for item in rendered))


def _table(table: Table, links: Links) -> Markup:
    rows = (_wrap("tr", _cells(row, links)) for row in table.rows)
    return Markup('<div class="wiki-table"><table><tbody>{}</tbody></table></div>').format(Markup().join(rows))


def _cells(row: tuple[Cell, ...], links: Links) -> Markup:
    header = Markup('<th scope="{}">').format("col" if all(cell.header for cell in row) else "row")
    return Markup().join(
        header + _inlines(cell.content, links) + Markup("</th>")
        if cell.header
        else _wrap("td", _inlines(cell.content, links))
        for cell in row
    )


def _inlines(nodes: tuple[Inline, ...], links: Links, *, linked: bool = False) -> Markup:
    return Markup().join(_inline(node, links, linked=linked) for node in nodes)


def _inline(node: Inline, links: Links, *, linked: bool) -> Markup:
    """One node as HTML; inside a link (`linked`) nothing becomes a link again."""
    match node:
        case Text(text):
            return escape(text) if linked else _keys(text, links)
        case Break():
            return Markup("<br>")
        case Monospace(text):
            return _wrap("code", escape(text))
        case Mark(kind, content):
            return _wrap(_TAGS[kind], _inlines(content, links, linked=linked))
        case Colour(value, content):
            return Markup('<span style="color: {}">{}</span>').format(value, _inlines(content, links, linked=linked))
        case Link(href, content):
            return _link(href, _inlines(content, links, linked=True) or escape(href))
        case _:
            return _symbol(node) if isinstance(node, Emoticon) else _reference(node, links, linked=linked)


def _keys(text: str, links: Links) -> Markup:
    """The text with the keys of issues that exist as links."""
    pieces: list[Markup] = []
    position = 0
    for found in _KEY.finditer(text):
        issue = links.issue(found[0])
        if issue:
            pieces.append(_days(text[position : found.start()]))
            pieces.append(
                Markup('<a class="issue-key{}" href="{}" title="{}">{}</a>').format(
                    " is-done" if issue.done else "", issue.href, issue.summary, found[0]
                )
            )
            position = found.end()
    return Markup().join([*pieces, _days(text[position:])])


def _days(text: str) -> Markup:
    """The text with its days kept on one line: narrow cells would break them at their hyphens."""
    pieces = _DAY.split(text)
    return Markup().join(
        Markup('<span class="day">{}</span>').format(piece) if place % 2 else escape(piece)
        for place, piece in enumerate(pieces)
    )


def _link(href: str, label: Markup) -> Markup:
    if not href.startswith(("http://", "https://", "mailto:")):
        return label
    return Markup('<a href="{}" rel="noopener noreferrer nofollow">{}</a>').format(href, label)


def _symbol(node: Emoticon) -> Markup:
    name, symbol = _SYMBOLS[node.code]
    return Markup('<span class="emoticon emoticon-{}" role="img" aria-label="{}" title="{}">{}</span>').format(
        name.replace(" ", "-"), name, name, symbol
    )


def _reference(node: Mention | File | Image, links: Links, *, linked: bool) -> Markup:
    """A person or a file that exists; what does not stays as it was written."""
    if isinstance(node, Mention):
        name = links.person(node.who.removeprefix("accountid:"))
        return Markup('<span class="mention">@{}</span>').format(name) if name else escape(f"[~{node.who}]")
    found = links.file(node.name)
    if isinstance(node, File):
        return Markup('<a href="{}">{}</a>').format(found.href, node.name) if found else escape(f"[^{node.name}]")
    if found and found.image:
        return _image(node, found, linked=linked)
    return escape(image_markup(node)) if linked else _keys(image_markup(node), links)


def _image(image: Image, file: FileLink, *, linked: bool) -> Markup:
    sizes = Markup().join(
        Markup(' {}="{}"').format(name, size)
        for name, size in (("width", image.width or _THUMBNAIL * image.thumbnail), ("height", image.height))
        if size
    )
    shown = Markup('<img src="{}" alt="{}"{}>').format(file.href, image.alt or image.name, sizes)
    return shown if linked else Markup('<a href="{}">{}</a>').format(file.href, shown)


def _wrap(tag: str, content: Markup) -> Markup:
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), content)  # noqa: S704  # tags are ours
