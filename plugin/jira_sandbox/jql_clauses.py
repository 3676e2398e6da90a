"""What a parsed JQL query means: which issues it finds, and in which order."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from jira_sandbox import catalogue
from jira_sandbox.jql import Both, Clause, Either, Empty, Expression, Not, Order, Query, Value
from jira_sandbox.jql_values import Asker, Span, meant, span, texts_of, values_of
from jira_sandbox.records import Field, Issue, Kept
from jira_sandbox.refusals import Refused
from jira_sandbox.state import State

Predicate = Callable[[Issue], bool]

_WORD = re.compile(r"[\w.-]*\w\*?")
_KEY = Field("key", "Key", "key")
_TEXT = Field("text", "Text", "text")
_KEY_OPERATORS = frozenset({"=", "!=", "in", "not in", "<", "<=", ">", ">="})


def predicate(asker: Asker, query: Query) -> Predicate:
    """The test an issue must pass; refuses fields, operators and values that Jira would refuse."""
    if query.where is None:
        return lambda _: True
    return _expression(asker, query.where)


def arranged(asker: Asker, query: Query, issues: Iterable[Issue]) -> list[Issue]:
    """The issues in the query's order; newest first where it names none."""
    found = sorted(issues, key=lambda issue: int(issue.id), reverse=True)
    for order in reversed(query.order):
        found = _sorted(asker, order, found)
    return found


def _sorted(asker: Asker, order: Order, issues: Sequence[Issue]) -> list[Issue]:
    field = _field(asker.state, order.field)
    keys = {issue.id: _rank(asker.state, field, issue) for issue in issues}
    filled = [issue for issue in issues if keys[issue.id] is not None]
    empty = [issue for issue in issues if keys[issue.id] is None]
    filled.sort(key=lambda issue: keys[issue.id], reverse=order.descending)
    return filled + empty


def _rank(state: State, field: Field, issue: Issue) -> Kept:
    values = [_scale(field, value) for value in values_of(state, field, issue)]
    return min(values) if values else None


def _scale(field: Field, value: Kept) -> Kept:
    """The value as it compares and sorts: keys by project and number, priorities from the lowest."""
    if field.kind == "key":
        project, _, number = value.rpartition("-")
        return project, int(number)
    return -int(value) if field.kind == "priority" else value


def _expression(asker: Asker, expression: Expression) -> Predicate:
    match expression:
        case Clause():
            return _clause(asker, expression)
        case Not(inner):
            denied = _expression(asker, inner)
            return lambda issue: not denied(issue)
        case Both(parts):
            all_of = [_expression(asker, part) for part in parts]
            return lambda issue: all(one(issue) for one in all_of)
        case Either(parts):
            any_of = [_expression(asker, part) for part in parts]
            return lambda issue: any(one(issue) for one in any_of)


def _field(state: State, name: str) -> Field:
    wanted = name.lower()
    if wanted in ("key", "issuekey", "id", "issue"):
        return _KEY
    if wanted == "text":
        return _TEXT
    for field in state.fields.values():
        if wanted in (clause.lower() for clause in catalogue.clause_names(field)):
            return field
    raise Refused(400, f"Field '{name}' does not exist or you do not have permission to view it.")


def _operators(field: Field) -> frozenset[str]:
    if field.kind == "key":
        return _KEY_OPERATORS
    if field.kind == "text":
        return frozenset({"~"})
    return catalogue.KINDS[field.kind].jql


def _clause(asker: Asker, clause: Clause) -> Predicate:
    field = _field(asker.state, clause.field)
    if clause.operator not in _operators(field):
        raise Refused(400, f"The operator '{clause.operator}' is not supported by the '{clause.field}' field.")
    state = asker.state
    if clause.operator in ("~", "!~"):
        return _text(state, field, clause)
    if clause.operator in ("is", "is not"):
        wants_empty = clause.operator == "is"
        return lambda issue: bool(values_of(state, field, issue)) != wants_empty
    if clause.operator in ("<", "<=", ">", ">="):
        return _compared(asker, field, clause)
    return _equal(asker, field, clause)


def _equal(asker: Asker, field: Field, clause: Clause) -> Predicate:
    state = asker.state
    wanted: set[Any] = set()
    spans: list[Span] = []
    empty = False
    for operand in clause.operands:
        if isinstance(operand, Empty):
            empty = True
        elif field.kind in ("stamp", "datetime"):
            spans.append(span(asker, clause.field, operand))
        else:
            wanted |= meant(asker, field, clause.field, operand)
    negative = clause.operator in ("!=", "not in")

    def fits(issue: Issue) -> bool:
        values = values_of(state, field, issue)
        if not values:
            return empty and not negative
        hit = any(value in wanted for value in values) or any(
            start <= value < end for value in values for start, end in spans
        )
        # An empty field is never unequal: Jira finds it with IS EMPTY only; `!= EMPTY` finds every filled one.
        return hit != negative

    return fits


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda value, bound: bool(value < bound),
    "<=": lambda value, bound: bool(value <= bound),
    ">": lambda value, bound: bool(value > bound),
    ">=": lambda value, bound: bool(value >= bound),
}


def _compared(asker: Asker, field: Field, clause: Clause) -> Predicate:
    state, operand = asker.state, clause.operands[0]
    compare = _COMPARE[clause.operator]
    if field.kind in ("stamp", "datetime"):
        start, end = span(asker, clause.field, operand)
        # Jira's dates in a query are minutes: `> 10:00` begins at 10:01, `<= 10:00` ends there.
        compare = _COMPARE[">="] if clause.operator in (">", ">=") else _COMPARE["<"]
        bound: Any = start if clause.operator in (">=", "<") else end
    else:
        bound = _scale(field, min(meant(asker, field, clause.field, operand)))
    return lambda issue: any(compare(_scale(field, value), bound) for value in values_of(state, field, issue))


def _text(state: State, field: Field, clause: Clause) -> Predicate:
    operand = clause.operands[0]
    if not isinstance(operand, Value):
        raise Refused(400, f"The operator '{clause.operator}' of the field '{clause.field}' takes a text only.")
    sought = operand.text.lower().strip()
    phrase = sought.removeprefix('"').removesuffix('"') if sought.startswith('"') else None
    terms = [] if phrase is not None else _WORD.findall(sought)
    negative = clause.operator == "!~"

    def fits(issue: Issue) -> bool:
        text = "\n".join(texts_of(state, field, issue)).lower()
        if phrase is not None:
            hit = phrase in text
        else:
            words = _WORD.findall(text)
            hit = all(any(_same(word, term) for word in words) for term in terms)
        return hit != negative

    return fits


def _same(word: str, term: str) -> bool:
    return word.startswith(term[:-1]) if term.endswith("*") else word == term
