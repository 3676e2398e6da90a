"""The part of JQL that the sandbox understands, parsed; everything else is refused as Jira refuses a mistake."""

import re
from dataclasses import dataclass

from jira_sandbox.refusals import Refused


@dataclass(frozen=True, slots=True)
class Value:
    """A literal operand."""

    text: str


@dataclass(frozen=True, slots=True)
class Function:
    """A function call as operand, for example `currentUser()`."""

    name: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Empty:
    """EMPTY or NULL."""


Operand = Value | Function | Empty


@dataclass(frozen=True, slots=True)
class Clause:
    """`field operator operands`; `in` has any number of operands, the others one."""

    field: str
    operator: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """A negated expression."""

    inner: "Expression"


@dataclass(frozen=True, slots=True)
class Both:
    """Expressions that must all hold."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Expressions of which one must hold."""

    parts: tuple["Expression", ...]


Expression = Clause | Not | Both | Either


@dataclass(frozen=True, slots=True)
class Order:
    """A field to sort by."""

    field: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query; no `where` means every issue."""

    where: Expression | None
    order: tuple[Order, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    | (?P<word>cf\[\d+\]|[^\s=!<>~()\[\]{},"'|&;?*/%^$\#@+`\\]+)
    | (?P<symbol>&&|\|\||<=|>=|!=|!~|[=<>~(),!&|])
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_WORDS = {"and": "and", "&&": "and", "&": "and", "or": "or", "||": "or", "|": "or", "not": "not", "!": "not"}
_RESERVED = frozenset(
    {"and", "or", "not", "in", "is", "was", "changed", "order", "by", "empty", "null", "from", "to", "on", "before",
     "after", "during", "asc", "desc"}
)  # fmt: skip


def parse(text: str) -> Query:
    """The query, or Jira's 400 with the place of the mistake."""
    reader = _Reader(_tokens(text))
    where = None if reader.at_end() or reader.peek_word("order") else _either(reader)
    order = _order(reader)
    if not reader.at_end():
        raise reader.unexpected("Expecting either 'OR' or 'AND'")
    return Query(where, order)


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    position = 0
    stripped = text.rstrip()
    while position < len(stripped):
        match = _TOKEN.match(stripped, position)
        if match is None:
            at = position + len(stripped[position:]) - len(stripped[position:].lstrip())
            raise _mistake(
                f"The character '{stripped[at]}' is a reserved JQL character. You must enclose it in a string "
                f"or use the escape '\\u{ord(stripped[at]):04x}' instead",
                at,
            )
        kind = match.lastgroup or ""
        raw = match.group(kind)
        found.append(_Token(kind, _unquoted(raw) if kind == "string" else raw, match.start(kind)))
        position = match.end()
    return found


def _unquoted(raw: str) -> str:
    def plain(match: re.Match[str]) -> str:
        code = match.group(1)
        return chr(int(code[1:], 16)) if len(code) > 1 else {"n": "\n", "t": "\t", "r": "\r"}.get(code, code)

    return _ESCAPE.sub(plain, raw[1:-1])


def _mistake(sentence: str, at: int) -> Refused:
    return Refused(400, f"Error in the JQL Query: {sentence}. (line 1, character {at + 1})")


class _Reader:
    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.position = 0

    def at_end(self) -> bool:
        return self.position >= len(self.tokens)

    def peek(self) -> _Token | None:
        return None if self.at_end() else self.tokens[self.position]

    def next(self, expecting: str) -> _Token:
        token = self.peek()
        if token is None:
            raise self.unexpected(expecting)
        self.position += 1
        return token

    def peek_word(self, *words: str) -> bool:
        token = self.peek()
        return token is not None and token.kind != "string" and token.text.lower() in words

    def take(self, *words: str) -> str | None:
        """Step over one of these words or symbols and give it, in lower case."""
        if not self.peek_word(*words):
            return None
        return self.next("").text.lower()

    def unexpected(self, expecting: str) -> Refused:
        token = self.peek()
        if token is None:
            last = self.tokens[-1] if self.tokens else _Token("", "", 0)
            return _mistake(f"{expecting} before the end of the query", last.at + len(last.text))
        return _mistake(f"{expecting} but got '{token.text}'", token.at)


def _either(reader: _Reader) -> Expression:
    parts = [_both(reader)]
    while reader.take("or", "||", "|"):
        parts.append(_both(reader))
    return parts[0] if len(parts) == 1 else Either(tuple(parts))


def _both(reader: _Reader) -> Expression:
    parts = [_term(reader)]
    while reader.take("and", "&&", "&"):
        parts.append(_term(reader))
    return parts[0] if len(parts) == 1 else Both(tuple(parts))


def _term(reader: _Reader) -> Expression:
    if reader.take("not", "!"):
        return Not(_term(reader))
    if reader.take("("):
        inner = _either(reader)
        if not reader.take(")"):
            raise reader.unexpected("Expecting ')'")
        return inner
    return _clause(reader)


def _clause(reader: _Reader) -> Clause:
    token = reader.peek()
    if token is None or token.kind == "symbol" or (token.kind == "word" and token.text.lower() in _RESERVED):
        raise reader.unexpected("Expecting a field name")
    name = reader.next("").text
    operator = _operator(reader)
    if operator in ("in", "not in"):
        return Clause(name, operator, _list(reader))
    operand = _operand(reader)
    if operator in ("is", "is not") and not isinstance(operand, Empty):
        raise Refused(400, f"Error in the JQL Query: The operator '{operator}' takes EMPTY or NULL only.")
    return Clause(name, operator, (operand,))


def _operator(reader: _Reader) -> str:
    if reader.take("is"):
        return "is not" if reader.take("not") else "is"
    if reader.take("not"):
        if reader.take("in"):
            return "not in"
        raise reader.unexpected("Expecting 'IN'")
    operator = reader.take("=", "!=", "<", "<=", ">", ">=", "~", "!~", "in")
    if operator is None:
        raise reader.unexpected(
            "Expecting operator. The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', "
            "'!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'"
        )
    return operator


def _list(reader: _Reader) -> tuple[Operand, ...]:
    if not reader.take("("):
        operand = _operand(reader)
        if isinstance(operand, Function):
            return (operand,)
        raise reader.unexpected("Expecting '('")
    operands = [_operand(reader)]
    while reader.take(","):
        operands.append(_operand(reader))
    if not reader.take(")"):
        raise reader.unexpected("Expecting ',' or ')'")
    return tuple(operands)


def _operand(reader: _Reader) -> Operand:
    token = reader.peek()
    if token is None or token.kind == "symbol":
        raise reader.unexpected("Expecting either a value, list or function")
    reader.next("")
    if token.kind == "string":
        return Value(token.text)
    if token.text.lower() in ("empty", "null"):
        return Empty()
    if token.text.lower() in _RESERVED:
        reader.position -= 1
        raise reader.unexpected("Expecting either a value, list or function")
    if reader.take("("):
        arguments: list[str] = []
        while not reader.take(")"):
            arguments.append(reader.next("Expecting ')'").text)
            reader.take(",")
        return Function(token.text, tuple(arguments))
    return Value(token.text)


def _order(reader: _Reader) -> tuple[Order, ...]:
    if not reader.take("order"):
        return ()
    if not reader.take("by"):
        raise reader.unexpected("Expecting 'BY'")
    found: list[Order] = []
    while True:
        name = reader.next("Expecting a field name").text
        found.append(Order(name, reader.take("asc", "desc") == "desc"))
        if not reader.take(","):
            return tuple(found)
