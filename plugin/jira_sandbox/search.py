"""The index: what a search finds, which may lag behind what is."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jira_sandbox import jql, jql_clauses, permissions
from jira_sandbox.jql_values import Asker
from jira_sandbox.records import Issue, User
from jira_sandbox.refusals import Refused
from jira_sandbox.state import State

PAGES_KEPT = 200


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search, and the token that continues it."""

    issues: tuple[Issue, ...]
    token: str | None


def look(state: State) -> Mapping[str, Issue]:
    """What the index holds for this search: the issues as they were `index_lag` searches ago."""
    state.looks.append(dict(state.issues))
    lag = state.faults.index_lag
    del state.looks[: max(0, len(state.looks) - lag - 1)]
    return state.looks[0]


def visible(state: State, user: User | None, issues: Iterable[Issue]) -> list[Issue]:
    """Those of the issues that are still there and that the user may see."""
    return [one for one in issues if one.id in state.issues and permissions.sees(state, user, one)]


def bounded(text: str) -> jql.Query:
    """The parsed query; refuses one without any restriction, as Jira Cloud does."""
    query = jql.parse(text)
    if query.where is None:
        raise Refused(400, "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.")
    return query


def first(state: State, user: User | None, text: str, limit: int, fresh: Iterable[str] = ()) -> Found:
    """The first page. Issues whose ids are `fresh` count as they are now, whatever the index holds."""
    query = bounded(text)
    index = look(state)
    if user is None:
        return Found((), None)
    asker = Asker(state, user)
    fits = jql_clauses.predicate(asker, query)
    asked = set(fresh)
    candidates = [one for one in index.values() if one.id not in asked]
    candidates += [state.issues[one] for one in asked if one in state.issues]
    found = jql_clauses.arranged(asker, query, filter(fits, visible(state, user, candidates)))
    return _page(state, text, tuple(found), limit)


def whole(state: State, user: User | None, text: str) -> list[Issue]:
    """Everything that the query finds, which may be unbounded; an anonymous caller sees no project."""
    query = jql.parse(text)
    asker = Asker(state, user)
    fits = jql_clauses.predicate(asker, query)
    return jql_clauses.arranged(asker, query, filter(fits, visible(state, user, look(state).values())))


def following(state: State, user: User | None, text: str, limit: int, token: str) -> Found:
    """The page that the token continues; refuses a token of another query."""
    kept = state.pages.get(token)
    if kept is None or kept[0] != text:
        raise Refused(400, "The provided next page token is invalid or expired.")
    return _page(state, text, tuple(visible(state, user, kept[1])), limit)


def _page(state: State, text: str, found: tuple[Issue, ...], limit: int) -> Found:
    rest = found[limit:]
    if not rest:
        return Found(found, None)
    token = secrets.token_urlsafe(24)
    state.pages[token] = (text, rest)
    while len(state.pages) > PAGES_KEPT:
        del state.pages[next(iter(state.pages))]
    return Found(found[:limit], token)
