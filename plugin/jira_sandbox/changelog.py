"""The changelog: every change of an issue goes through here."""

from collections.abc import Sequence
from dataclasses import replace

from jira_sandbox.records import History, HistoryItem, Issue, User
from jira_sandbox.state import State


def keep(state: State, issue: Issue) -> Issue:
    """Store the issue as it is now."""
    state.issues[issue.id] = issue
    return issue


def record(state: State, user: User, issue: Issue, items: Sequence[HistoryItem]) -> Issue:
    """Store the issue with an entry in its changelog."""
    now = state.clock.now()
    entry = History(state.next_id("history"), user.account_id, now, tuple(items))
    return keep(state, replace(issue, updated=now, history=(*issue.history, entry)))
