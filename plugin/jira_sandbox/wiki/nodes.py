"""What a rich text means: blocks of inline content, as Jira Cloud keeps it behind the wiki markup."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

MarkKind: TypeAlias = Literal["strong", "emphasis", "deleted", "inserted", "superscript", "subscript", "citation"]


@dataclass(frozen=True, slots=True)
class Text:
    """Characters that mean themselves."""

    text: str


@dataclass(frozen=True, slots=True)
class Break:
    """A line break inside a block."""


@dataclass(frozen=True, slots=True)
class Emoticon:
    """A symbol by its code, for example `(/)`."""

    code: str


@dataclass(frozen=True, slots=True)
class Monospace:
    """Fixed-width characters; no markup inside."""

    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Inline content with one effect."""

    kind: MarkKind
    content: "tuple[Inline, ...]"


@dataclass(frozen=True, slots=True)
class Colour:
    """Inline content in a colour, as `#rrggbb`."""

    value: str
    content: "tuple[Inline, ...]"


@dataclass(frozen=True, slots=True)
class Link:
    """A link to an http, https or mailto address, or to `#anchor`; without content it shows its address."""

    href: str
    content: "tuple[Inline, ...]"


@dataclass(frozen=True, slots=True)
class Mention:
    """A person, by `accountid:…` or by name."""

    who: str


@dataclass(frozen=True, slots=True)
class File:
    """A link to an attachment by its file name."""

    name: str


@dataclass(frozen=True, slots=True)
class Image:
    """An attached image by its file name; sizes in pixels, 0 where none is given; `alt` is its text alternative."""

    name: str
    width: int = 0
    height: int = 0
    thumbnail: bool = False
    alt: str = ""


Inline: TypeAlias = Text | Break | Emoticon | Monospace | Mark | Colour | Link | Mention | File | Image


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 6."""

    level: int
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line."""


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Preformatted text: code with its language, or no format at all."""

    code: bool
    text: str
    language: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """Quoted blocks."""

    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, slots=True)
class Panel:
    """Boxed blocks with a title and a background as `#rrggbb`, each empty where none is given."""

    blocks: "tuple[Block, ...]"
    title: str = ""
    background: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list, with the lists nested in it."""

    content: tuple[Inline, ...]
    lists: "tuple[List, ...]" = ()


@dataclass(frozen=True, slots=True)
class List:
    """A bulleted or numbered list."""

    numbered: bool
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table."""

    header: bool
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells."""

    rows: tuple[tuple[Cell, ...], ...]


Block: TypeAlias = Paragraph | Heading | Rule | Verbatim | Quote | Panel | List | Table
