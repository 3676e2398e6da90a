"""Pipe tables of a Markdown text."""

import html
import re
from collections.abc import Iterator
from typing import Final

from cmmc_jira.findings.table import Row, Table, bounded

_RULE: Final = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_HEADING: Final = re.compile(r"\s{0,3}#{1,6}\s+(.*?)\s*#*\s*")
_FENCE: Final = re.compile(r"\s{0,3}(```|~~~)")
_BAR: Final = re.compile(r"(?<!\\)\|")
_LINK: Final = re.compile(r"!?\[([^\]\[]*(?:\[[a-z]\])?)\]\([^)\s]*\)")
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_EMPHASIS: Final = re.compile(r"(\*\*|__|~~|`)(?=\S)(.+?)(?<=\S)\1")
_STARRED: Final = re.compile(r"(?<!\w)([*_])(?=\S)([^*_]+?)(?<=\S)\1(?!\w)")


def is_markdown(text: str) -> bool:
    """Whether a pipe table stands in the text: a header with a rule of hyphens under it."""
    return any(_tables(text.splitlines()))


def markdown_tables(name: str, text: str) -> tuple[Table, ...]:
    """The pipe tables outside code blocks, each named by the heading above it; rows have the numbers of their lines."""
    lines = text.splitlines()
    return tuple(Table(title, bounded(name, _rows(lines, start, stop))) for title, start, stop in _tables(lines))


def _tables(lines: list[str]) -> Iterator[tuple[str, int, int]]:
    """Heading, index of the header line, and index after the last row of each table."""
    title, fenced, index = "", False, 0
    while index < len(lines):
        line = lines[index]
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and (heading := _HEADING.fullmatch(line)):
            title = _plain(heading.group(1))
        elif not fenced and "|" in line and index + 1 < len(lines) and _is_rule(lines[index + 1]):
            stop = index + 2
            while stop < len(lines) and "|" in lines[stop]:
                stop += 1
            yield title, index, stop
            index = stop
            continue
        index += 1


def _is_rule(line: str) -> bool:
    return "|" in line and "-" in line and _RULE.fullmatch(line) is not None


def _rows(lines: list[str], start: int, stop: int) -> Iterator[Row]:
    for index in (start, *range(start + 2, stop)):
        line = lines[index].strip().removeprefix("|")
        line = line[:-1] if line.endswith("|") and not line.endswith("\\|") else line
        yield Row(f"line {index + 1}", tuple(_plain(cell) for cell in _BAR.split(line)))


def _plain(cell: str) -> str:
    """The cell's text without emphasis, links, line breaks and escapes."""
    text = _LINK.sub(r"\1", _BREAK.sub("\n", cell.strip()))
    text = _STARRED.sub(r"\2", _EMPHASIS.sub(r"\2", text))
    return html.unescape(re.sub(r"\\([\\|*_`\[\]<>#-])", r"\1", text)).strip()
