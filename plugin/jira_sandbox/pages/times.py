"""The time machine of the pages: forward by days, to a numbered day, or on until somebody comments."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from jira_sandbox import permissions
from jira_sandbox.pages.guard import is_ours
from jira_sandbox.records import User
from jira_sandbox.refusals import Refused
from jira_sandbox.state import State
from jira_sandbox.travel import MOST_DAYS, Trip, forward
from jira_sandbox.web import time_machine

_SINCE_AT_MOST = 12
_DAYS_AT_MOST = 4_000
_ENDS = {
    "comment": "somebody commented",
    "stopped": "it was stopped",
    "limit": f"nobody commented in {MOST_DAYS} days",
    "calendar": "the calendar of the sandbox ends here",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """What the header shows: the time where the person is, the days that can be counted from, and a trip under way."""

    local: datetime
    zone: str
    since: tuple[tuple[str, str], ...]
    trip: Trip | None


def moment(state: State, user: User) -> Moment:
    """The time as this person sees it."""
    zone = ZoneInfo(user.timezone)
    local = state.clock.now().astimezone(zone)
    dates = (("today", local.date().isoformat()), *_dates(state, user))
    return Moment(local, user.timezone, dates[:_SINCE_AT_MOST], time_machine().under_way)


def _dates(state: State, user: User) -> list[tuple[str, str]]:
    """The dates that issues hold in fields of their own, by issue and field, the latest first."""
    own = [field for field in state.fields.values() if field.kind == "date" and field.custom]
    found = [
        (f"{issue.key} {field.name} {issue.values[field.id]}", str(issue.values[field.id]))
        for issue in state.issues.values()
        for field in own
        if issue.values.get(field.id) and permissions.sees(state, user, issue)
    ]
    return sorted(found, key=lambda row: row[1], reverse=True)


def ahead(state: State, user: User) -> ResponseReturnValue:
    """Go forward by the days that the form names."""
    days = _number(request.form.get("days", ""))
    return _go(state, user, days)


def to_day(state: State, user: User) -> ResponseReturnValue:
    """Go forward to a numbered day, counted from the date that the form names."""
    number, since = _number(request.form.get("number", "")), _day(request.form.get("since", ""))
    today = state.clock.now().astimezone(ZoneInfo(user.timezone)).date()
    return _go(state, user, (since + timedelta(days=number) - today).days)


def to_notice(state: State, user: User) -> ResponseReturnValue:
    """Go forward day by day until somebody comments."""
    del state
    if not time_machine().set_out(ZoneInfo(user.timezone)):
        raise Refused(409, "Time is moving already: wait until it has arrived, or stop it.")
    return _back()


def stop(state: State, user: User) -> ResponseReturnValue:
    """Stop going forward."""
    del state, user
    time_machine().stop()
    return _back()


def arrived(state: State, user: User) -> None:
    """Tell, once, how far the last trip went."""
    machine = time_machine()
    trip = machine.trip
    if trip is not None and trip.end is not None and not trip.told:
        trip.told = True
        flash(Markup("{} went by; {}{}.").format(_counted(trip.days), _ENDS[trip.end], _heard(state, user, trip)))


def _heard(state: State, user: User, trip: Trip) -> Markup:
    """Who commented on what, where that ended the trip and the person may see it."""
    issue_id, comment_id = state.last_comment or ("", "")
    issue = state.issues.get(issue_id)
    if trip.end != "comment" or issue is None or not permissions.sees(state, user, issue):
        return Markup()
    said = next((one for one in issue.comments if one.id == comment_id), None)
    author = state.users[said.author].display_name if said else "one"
    place = url_for("pages.issue", key=issue.key, _anchor=f"comment-{comment_id}" if said else None)
    return Markup(': {} on <a href="{}">{}</a>').format(author, place, issue.key)


def _go(state: State, user: User, days: int) -> ResponseReturnValue:
    if time_machine().under_way is not None:
        raise Refused(409, "Time is moving already: wait until it has arrived, or stop it.")
    if days < 0:
        raise Refused(400, f"That day was {_counted(-days)} ago: on these pages time only goes forward.")
    try:
        state.clock.set(forward(state.clock.now(), days, ZoneInfo(user.timezone)))
    except OverflowError:
        raise Refused(400, "The sandbox's clock does not know days so far ahead.") from None
    flash(f"{_counted(days)} went by.")
    return _back()


def _back() -> ResponseReturnValue:
    here = request.form.get("here", "")
    return redirect(here if is_ours(here) else url_for("pages.projects"), 303)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > len(str(_DAYS_AT_MOST)) or int(text) > _DAYS_AT_MOST:
        raise Refused(400, f"Write a number of days, from 0 to {_DAYS_AT_MOST}.")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(400, "Choose the date from which the days are counted.") from None


def _counted(days: int) -> str:
    return "One day" if days == 1 else f"{days} days"
