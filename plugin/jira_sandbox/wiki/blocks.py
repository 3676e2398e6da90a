"""Wiki markup to blocks: first the macros that enclose text are cut out, then the rest is read line by line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jira_sandbox.wiki.colours import colour
from jira_sandbox.wiki.inline import MONOSPACE, markup_between, parse_inline
from jira_sandbox.wiki.nodes import (
    Block,
    Cell,
    Heading,
    Inline,
    Item,
    List,
    Panel,
    Paragraph,
    Quote,
    Rule,
    Table,
    Verbatim,
)

# What begins a new block when a line begins with it, whatever went before.
BLOCK_START = re.compile(r"h[1-6]\.[ \t]*[^ \t]|bq\.[ \t]*[^ \t]|(?:[*#]+|-)[ \t]+[^ \t]|-{4,5}$|\|")
_HEADING = re.compile(r"h([1-6])\.[ \t]*([^ \t].*)")
_QUOTED_LINE = re.compile(r"bq\.[ \t]*([^ \t].*)")
_LISTED = re.compile(r"([*#]+|-)[ \t]+([^ \t].*)")
_BAR = re.compile(r"\|\|?")
_RULE = re.compile(r"-{4,5}")
_MACRO = re.compile(rf"\\.|{MONOSPACE}|\{{(?P<name>code|noformat|quote|panel)(?::(?P<options>[^{{}}\n]*))?\}}")
_LANGUAGE = re.compile(r"[\w+#-]+")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_DEEPEST = 10  # list levels; Jira's editor stops well before


@dataclass(frozen=True, slots=True)
class _Macro:
    name: str
    options: str
    body: str


@dataclass(frozen=True, slots=True)
class _Listed:
    """A line of a list: how deep it stands, whether it is numbered, what it says."""

    depth: int
    numbered: bool
    content: tuple[Inline, ...]


def parse(text: str) -> tuple[Block, ...]:
    """The blocks of a text in wiki markup; there is no text that cannot be read."""
    return _parse(_UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def _parse(text: str, *, quoted: bool = False) -> tuple[Block, ...]:
    """The blocks of this text; in a quotation nothing is quoted again, because the markup has no way to say it."""
    blocks: list[Block] = []
    for part in _parts(text):
        if isinstance(part, str):
            blocks.extend(_read_lines([line.strip(" \t") for line in part.split("\n")], quoted=quoted))
        elif part.name == "quote":
            inner = _parse(part.body, quoted=True)
            blocks.extend([Quote(inner)] if inner and not quoted else inner)
        elif part.name == "panel":
            options = _options(part.options)
            inner = _parse(part.body, quoted=quoted)
            blocks.append(Panel(inner, options.get("title", ""), colour(options.get("bgcolor", ""))))
        else:
            blocks.append(_verbatim(part))
    return tuple(blocks)


def _parts(text: str) -> Iterator[str | _Macro]:
    """The text in its order, cut into enclosing macros and what stands between them."""
    position = start = 0
    unclosed: set[str] = set()
    while found := _MACRO.search(text, position):
        name = found["name"]
        position = found.end()
        if not name or name in unclosed:
            continue
        close = _close(text, position, name)
        if close < 0:
            unclosed.add(name)
            continue
        yield text[start : found.start()]
        yield _Macro(name, found["options"] or "", text[position:close])
        position = start = close + len(f"{{{name}}}")
    yield text[start:]


def _close(text: str, position: int, name: str) -> int:
    """Where the macro that was opened before this position closes, or -1; preformatted text hides what it holds."""
    ending = f"{{{name}}}"
    if name in {"code", "noformat"}:
        return text.find(ending, position)
    while found := _MACRO.search(text, position):
        if found[0] == ending:
            return found.start()
        position = found.end()
        if found["name"] in {"code", "noformat"}:
            inner = text.find(f"{{{found['name']}}}", position)
            position = inner + len(f"{{{found['name']}}}") if inner >= 0 else position
    return -1


def _options(written: str) -> dict[str, str]:
    pairs = (option.partition("=") for option in written.split("|"))
    return {name.strip().lower(): value.strip() for name, mark, value in pairs if mark}


def _verbatim(macro: _Macro) -> Verbatim:
    first = macro.options.split("|")[0].strip().lower()
    language = first if macro.name == "code" and _LANGUAGE.fullmatch(first) else ""
    body = re.sub(r"\A(?:[ \t]*\n)+", "", macro.body).rstrip()
    return Verbatim(macro.name == "code", body, language, _options(macro.options).get("title", ""))


def _read_lines(lines: list[str], *, quoted: bool) -> Iterator[Block]:
    place = 0
    while place < len(lines):
        line = lines[place]
        if not line:
            place += 1
        elif line.startswith("|"):
            rows, place = _take_rows(lines, place)
            yield Table(tuple(_cells(row) for row in rows))
        elif _LISTED.fullmatch(line):
            listed, place = _take_list(lines, place)
            yield from _nest(listed, 1)
        elif BLOCK_START.match(line):
            place += 1
            yield from _read_line(line, quoted=quoted)
        else:
            taken, place = _take_running(line, lines, place)
            content = parse_inline(taken)
            yield from [Paragraph(content)] if content else []


def _read_line(line: str, *, quoted: bool) -> Iterator[Block]:
    """The block of a line that is one by itself; nothing when nothing in it can be seen."""
    if _RULE.fullmatch(line):
        yield Rule()
    elif heading := _HEADING.fullmatch(line):
        content = parse_inline(heading[2])
        yield from [Heading(int(heading[1]), content)] if content else []
    elif said := _QUOTED_LINE.fullmatch(line):
        paragraph = Paragraph(parse_inline(said[1]))
        yield from [paragraph if quoted else Quote((paragraph,))] if paragraph.content else []


def _take_running(first: str, lines: list[str], place: int) -> tuple[str, int]:
    """This beginning of the line at a place with the lines that continue it, and the place after them."""
    end = place + 1
    while end < len(lines) and lines[end] and not BLOCK_START.match(lines[end]):
        end += 1
    return "\n".join([first, *lines[place + 1 : end]]), end


def _take_rows(lines: list[str], place: int) -> tuple[list[str], int]:
    """The rows of a table and the place after them; a row that its line does not close goes on in the next."""
    rows = []
    while place < len(lines) and lines[place].startswith("|"):
        if lines[place].endswith("|"):
            row, place = lines[place], place + 1
        else:
            row, place = _take_running(lines[place], lines, place)
        rows.append(row)
    return rows, place


def _cells(row: str) -> tuple[Cell, ...]:
    bars = [bar for start, end in markup_between(row) for bar in _BAR.finditer(row, start, end)]
    ends = [*(bar.start() for bar in bars[1:]), len(row)]
    cells = [Cell(len(bar[0]) > 1, parse_inline(row[bar.end() : end])) for bar, end in zip(bars, ends, strict=True)]
    closed = len(cells) > 1 and not row[bars[-1].end() :].strip(" \t\n")
    return tuple(cells[:-1] if closed else cells)


def _take_list(lines: list[str], place: int) -> tuple[list[_Listed], int]:
    """The lines of a list, each at most one level below the one before, and the place after them."""
    listed: list[_Listed] = []
    while place < len(lines) and (marked := _LISTED.fullmatch(lines[place])):
        taken, place = _take_running(marked[2], lines, place)
        content = parse_inline(taken)
        depth = min(len(marked[1]), _DEEPEST, listed[-1].depth + 1 if listed else 1)
        if content:
            listed.append(_Listed(depth, marked[1].endswith("#"), content))
    return listed, place


def _nest(listed: list[_Listed], depth: int) -> tuple[List, ...]:
    """The lists of these lines, which begin at this depth: what stands deeper belongs to the item before it."""
    lists: list[List] = []
    place = 0
    while place < len(listed):
        numbered = listed[place].numbered
        items: list[Item] = []
        while place < len(listed) and listed[place].numbered == numbered:
            end = place + 1
            while end < len(listed) and listed[end].depth > depth:
                end += 1
            items.append(Item(listed[place].content, _nest(listed[place + 1 : end], depth + 1)))
            place = end
        lists.append(List(numbered, tuple(items)))
    return tuple(lists)
