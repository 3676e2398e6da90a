"""Blocks of lines as plain text of a given width."""

import re
from collections.abc import Iterable
from textwrap import wrap

WIDTH = 100

Line = tuple[str, int]
"""A text, and how far its second and later lines are indented."""

_HARD_SPACE = "\N{NO-BREAK SPACE}"
_CITATION = re.compile(r"\b(\d+) (CFR|FR) ")


def laid_out(blocks: Iterable[Iterable[Line]], width: int) -> str:
    """The blocks with an empty line between them, no line longer than `width` unless a word is; empty ones left out.

    What cannot be printed is shown as space, so that nothing that was typed somewhere can steer a terminal.
    """
    texts = ("\n".join(line for text, hang in block for line in _fitted(text, hang, width)) for block in blocks)
    return "\n\n".join(text for text in texts if text) + "\n"


def _fitted(text: str, hang: int, width: int) -> list[str]:
    """The text in lines; a citation is not torn apart after `32 CFR`."""
    printable = "".join(each if each.isprintable() else " " for each in text)
    whole = _CITATION.sub(rf"\1{_HARD_SPACE}\2{_HARD_SPACE}", printable)
    lines = wrap(whole, width, subsequent_indent=" " * hang, break_long_words=False, break_on_hyphens=False)
    return [line.replace(_HARD_SPACE, " ") for line in lines]
