"""The issues of a project as a person reads them: filtered, sorted, counted."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from jira_sandbox.records import Issue, IssueType, Priority, Status, User
from jira_sandbox.state import State

PAGE = 100
FILTERS = ("type", "status", "assignee", "label")
NOBODY = "none"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    key: str
    summary: str
    type: IssueType
    status: Status
    priority: Priority | None
    assignee: User | None
    due: str
    late: bool
    labels: tuple[str, ...]
    number: int
    updated: float


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows of one page and what can be chosen to see others."""

    rows: tuple[Row, ...]
    found: int
    total: int
    page: int
    pages: int
    types: tuple[tuple[IssueType, int], ...]
    statuses: tuple[Status, ...]
    assignees: tuple[User, ...]
    labels: tuple[str, ...]


def listing(state: State, issues: Sequence[Issue], query: Mapping[str, str], zone: ZoneInfo) -> Listing:
    """The issues that fit the query (`type`, `status`, `assignee`, `label`, `text`, `sort`, `page`).

    Open ones are late after their due date by the sandbox's day in the zone.
    """
    today = state.clock.now().astimezone(zone).date().isoformat()
    rows = [_row(state, issue, today) for issue in issues]
    fitting = sorted((row for row in rows if _fits(row, query)), key=_ORDERS.get(query.get("sort", ""), _sensible))
    if query.get("order") == "desc":
        fitting.reverse()
    pages = max(1, -(-len(fitting) // PAGE))
    wanted = query.get("page", "1")
    page = min(int(wanted), pages) if wanted.isdecimal() and len(wanted) < len("1000000") and int(wanted) else 1
    types = Counter(row.type.id for row in rows)
    return Listing(
        rows=tuple(fitting[(page - 1) * PAGE : page * PAGE]),
        found=len(fitting),
        total=len(rows),
        page=page,
        pages=pages,
        types=tuple((state.issue_types[one], count) for one, count in sorted(types.items(), key=lambda pair: pair[0])),
        statuses=_by_name(row.status for row in rows),
        assignees=tuple(
            sorted({row.assignee for row in rows if row.assignee is not None}, key=lambda user: user.display_name)
        ),
        labels=tuple(sorted({label for row in rows for label in row.labels})),
    )


def _by_name(statuses: Iterable[Status]) -> tuple[Status, ...]:
    return tuple(sorted(set(statuses), key=lambda status: (_CATEGORY_ORDER.get(status.category, 0), status.name)))


def _row(state: State, issue: Issue, today: str) -> Row:
    values = issue.values
    status = state.statuses[issue.status]
    due = values.get("duedate") or ""
    return Row(
        key=issue.key,
        summary=values.get("summary") or "",
        type=state.issue_types[issue.type],
        status=status,
        priority=state.priorities.get(values.get("priority") or ""),
        assignee=state.users.get(values.get("assignee") or ""),
        due=due,
        late=bool(due) and due < today and status.category != "done",
        labels=tuple(values.get("labels") or ()),
        number=int(issue.key.rpartition("-")[2]),
        updated=issue.updated.timestamp(),
    )


def _fits(row: Row, query: Mapping[str, str]) -> bool:
    text = query.get("text", "").strip().casefold()
    held = {
        "type": row.type.id,
        "status": row.status.id,
        "assignee": row.assignee.account_id if row.assignee else NOBODY,
    }
    return (
        all(not query.get(name) or query[name] == value for name, value in held.items())
        and (not query.get("label") or query["label"] in row.labels)
        and (not text or text in row.summary.casefold() or text in row.key.casefold())
    )


_CATEGORY_ORDER = {"indeterminate": 0, "new": 1, "done": 2}


def _urgency(row: Row) -> int:
    return int(row.priority.id) if row.priority and row.priority.id.isdecimal() else 99


def _sensible(row: Row) -> tuple[bool, str, int, int]:
    """Open work first, what is due soonest before the rest, the most urgent before the less."""
    return row.status.category == "done", row.due or "9999", _urgency(row), row.number


_ORDERS: Mapping[str, Callable[[Row], Any]] = {
    "type": lambda row: (row.type.name, row.number),
    "key": lambda row: row.number,
    "summary": lambda row: (row.summary.casefold(), row.number),
    "status": lambda row: (_CATEGORY_ORDER.get(row.status.category, 0), row.status.name, row.number),
    "assignee": lambda row: (row.assignee.display_name if row.assignee else "\uffff", row.number),
    "due": lambda row: (row.due or "9999", row.number),
    "priority": lambda row: (_urgency(row), row.number),
}
