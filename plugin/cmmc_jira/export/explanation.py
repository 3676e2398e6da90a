"""An explanation as a text for people: plain words first, then the law behind them, then what is often got wrong."""

from collections.abc import Iterator

from cmmc_jira.export.lines import WIDTH, Line, laid_out
from cmmc_rules.explain import Explanation, Statement


def explained(explanation: Explanation, *, width: int = WIDTH) -> str:
    """The explanation as plain text, each statement with its citation and the day since which it holds."""
    return laid_out((_head(explanation), _law(explanation), _errors(explanation)), width)


def _head(explanation: Explanation) -> Iterator[Line]:
    yield f"{explanation.id}: {explanation.title} ({explanation.kind})", 2
    yield f"  {explanation.words}", 2
    if explanation.do:
        yield f"  What to do: {explanation.do}", 2


def _law(explanation: Explanation) -> Iterator[Line]:
    if explanation.statements:
        yield "THE LAW", 2
    for statement in explanation.statements:
        yield f"  {statement.cite}{_force(statement)}", 4
        yield f"    {statement.says}", 4
        if statement.value is not None:
            yield f"    Value: {statement.value}", 4
        for position in statement.positions:
            yield f"    Where the text is silent: {position}", 4
        if statement.compared is not None:
            yield f"    Compared with the source on {statement.compared}", 4


def _force(statement: Statement) -> str:
    since = f"in force since {statement.since}" if statement.since else ""
    authority = "" if statement.authority == "regulation" else str(statement.authority)
    said = ", ".join(part for part in (authority, since) if part)
    return f" ({said})" if said else ""


def _errors(explanation: Explanation) -> Iterator[Line]:
    if explanation.errors:
        yield "OFTEN GOT WRONG", 2
    for error in explanation.errors:
        yield f"  {error.error}", 4
        yield f"    {error.answer}{f' ({error.cite})' if error.cite else ''}", 4
