"""Blocks to wiki markup, in one spelling, as Jira Cloud reads back: what is written parses to the same blocks."""

from collections.abc import Iterator

from jira_sandbox.wiki.blocks import BLOCK_START
from jira_sandbox.wiki.inline import EMOTICON, KINDS, is_word
from jira_sandbox.wiki.nodes import (
    Block,
    Break,
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
    Verbatim,
)

_DELIMITERS = {kind: delimiter for delimiter, kind in KINDS.items()}
_ENDS_WORD = " .,;:)"  # after these an effect needs no braces
_FORCED_BREAK = "\\\\ "


def to_markup(blocks: tuple[Block, ...]) -> str:
    """The blocks as wiki markup, one blank line between them."""
    return "\n\n".join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    match block:
        case Paragraph(content):
            return _lines(content)
        case Heading(level, content):
            return f"h{level}. {_one_line(content)}"
        case Rule():
            return "----"
        case Quote(blocks):
            return f"{{quote}}\n{to_markup(blocks)}\n{{quote}}"
        case Panel(blocks, title, background):
            options = _options(("title", title), ("bgColor", background))
            return f"{{panel{options}}}\n{to_markup(blocks)}\n{{panel}}"
        case List():
            return "\n".join(_items(block, ""))
        case Table(rows):
            return "\n".join(_row([(cell.header, _one_line(cell.content)) for cell in row]) for row in rows)
        case Verbatim(code, text, language, title):
            name = "code" if code else "noformat"
            return f"{{{name}{_options(('', language), ('title', title))}}}\n{text}\n{{{name}}}"


def _options(*given: tuple[str, str]) -> str:
    written = "|".join(f"{name}={value}" if name else value for name, value in given if value)
    return f":{written}" if written else ""


def _items(items: List, markers: str) -> Iterator[str]:
    marker = markers + ("#" if items.numbered else "*")
    for item in items.items:
        yield f"{marker} {_lines(item.content, first_guarded=False)}"
        for nested in item.lists:
            yield from _items(nested, marker)


def _row(cells: list[tuple[bool, str]]) -> str:
    bars = ["||" if header else "|" for header, _ in cells]
    written = (f"{bar} {text} " if text else f"{bar} " for bar, (_, text) in zip(bars, cells, strict=True))
    return "".join(written) + bars[-1]


def _lines(content: tuple[Inline, ...], *, first_guarded: bool = True) -> str:
    """Running text over several lines, none of which begins like another block."""
    first, *others = _inlines(content, line_break="\n", last=True).split("\n")
    return "\n".join([_guard(first) if first_guarded else first, *map(_guard, others)])


def _guard(line: str) -> str:
    if not BLOCK_START.match(line):
        return line
    return line.replace(".", "&#46;", 1) if line[0].isalpha() else f"\\{line}"


def _one_line(content: tuple[Inline, ...]) -> str:
    return _inlines(content, line_break=_FORCED_BREAK, last=True)


def _inlines(nodes: tuple[Inline, ...], *, line_break: str, last: bool = False) -> str:
    """Inline nodes as markup; `last` says that the block ends with them."""
    written = []
    for place, node in enumerate(nodes):
        before = nodes[place - 1] if place else None
        after = nodes[place + 1] if place + 1 < len(nodes) else None
        match node:
            case Text(text):
                written.append(_text(text, after, ends=last and after is None))
            case Break():
                alone = not isinstance(before, Break) and not isinstance(after, Break)
                written.append(line_break if alone else _FORCED_BREAK)
            case Mark(kind, content):
                inner = _inlines(content, line_break=line_break)
                delimiter = _DELIMITERS[kind]
                if not (_free_before(before) and _free_after(after) and _tight(content)) or kind == "citation":
                    delimiter = f"{{{delimiter}}}"
                written.append(f"{delimiter}{inner}{delimiter}")
            case Colour(value, content):
                written.append(f"{{color:{value}}}{_inlines(content, line_break=line_break)}{{color}}")
            case _:
                written.append(_atom(node))
    return "".join(written)


def _atom(node: Emoticon | Monospace | Link | Mention | File | Image) -> str:
    match node:
        case Emoticon(code):
            return code
        case Monospace(text):
            return f"{{{{{_monospace(text)}}}}}"
        case Link(href, content):
            alias = f"{_inlines(content, line_break=_FORCED_BREAK)}|" if content else ""
            return f"[{alias}{href}]"
        case Mention(who):
            return f"[~{who}]"
        case File(name):
            return f"[^{name}]"
        case Image():
            return image_markup(node)


def image_markup(image: Image) -> str:
    """An image as wiki markup."""
    options = [
        *(f"{option}={size}" for option, size in (("width", image.width), ("height", image.height)) if size),
        *(["thumbnail"] if image.thumbnail else []),
        *([f'alt="{image.alt}"'] if image.alt else []),
    ]
    return f"!{image.name}|{','.join(options)}!" if options else f"!{image.name}!"


def _free_before(node: Inline | None) -> bool:
    return node is None or isinstance(node, Break) or (isinstance(node, Text) and node.text[-1] == " ")


def _free_after(node: Inline | None) -> bool:
    return node is None or isinstance(node, Break) or (isinstance(node, Text) and node.text[0] in _ENDS_WORD)


def _tight(content: tuple[Inline, ...]) -> bool:
    """Whether bare delimiters can hold the content: on one line, no blank beside them, and no `*#` to begin a list."""
    first, last = content[0], content[-1]
    if _breaks(content):
        return False
    begins = first.text[0] if isinstance(first, Text) else ""
    ends = last.text[-1] if isinstance(last, Text) else ""
    return not begins.isspace() and begins != "#" and not ends.isspace()


def _breaks(content: tuple[Inline, ...]) -> bool:
    return any(
        _breaks(node.content) if isinstance(node, Mark | Colour | Link) else isinstance(node, Break) for node in content
    )


def _text(text: str, after: Inline | None, *, ends: bool) -> str:
    """The text with a backslash before what would mean something where it stands; `ends` says that the block does."""
    return "".join(_character(text, place, after, ends=ends) for place in range(len(text)))


def _character(text: str, place: int, after: Inline | None, *, ends: bool) -> str:
    character = text[place]
    following = text[place + 1 : place + 2]
    preceding = text[place - 1] if place else ""
    match character:
        case "\\":
            return _backslash(following, ends=ends)
        case "{" | "[" | "]" | "|":
            meant = True
        case "*" | "_" | "-" | "+" | "^" | "~":
            inside_word = is_word(preceding) and is_word(following)
            apart = preceding.isspace() and following.isspace()
            meant = not inside_word and not apart
        case "?":
            meant = "?" in {preceding, following}
        case "!":
            meant = not (following.isspace() if following else ends or isinstance(after, Break))
        case "(":
            meant = EMOTICON.match(text, place) is not None
        case "&" | ":" | ";":
            return _reference(character) if _needs_reference(text, place, after) else character
        case _:
            meant = False
    return f"\\{character}" if meant else character


def _needs_reference(text: str, place: int, after: Inline | None) -> bool:
    """Whether this `&`, `:` or `;`, which no backslash escapes, would begin a reference, an address or a face."""
    if text[place] == "&":
        return text.startswith("#", place + 1)
    address = text.startswith("://", place)
    face = isinstance(after, Emoticon) and place + 1 == len(text)
    return address or face or EMOTICON.match(text, place) is not None


def _reference(character: str) -> str:
    return f"&#{ord(character)};"


def _backslash(following: str, *, ends: bool) -> str:
    """A backslash that means itself: it may stand bare only before a letter, a digit, a space or the end of a block."""
    if following.isalnum() or following.isspace() or (ends and not following):
        return "\\"
    return _reference("\\")


def _monospace(text: str) -> str:
    written = []
    for place, character in enumerate(text):
        following = text[place + 1 : place + 2]
        if character == "\\":
            written.append(_backslash(following, ends=False))
        elif character in "{}[]|":
            written.append(f"\\{character}")
        elif character == "&" and following == "#":
            written.append(_reference(character))
        else:
            written.append(character)
    return "".join(written)
