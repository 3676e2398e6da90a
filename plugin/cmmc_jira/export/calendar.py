"""The days of an assessment as a calendar file (RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event, vDuration

from cmmc_jira.core.agenda import Entry

_REFRESH = timedelta(hours=12)


def calendar(entries: Iterable[Entry], *, name: str, assessment_id: str, as_of: date) -> bytes:
    """Return a calendar of all-day events; the same matter keeps its UID when its day moves."""
    book = Calendar.new(
        prodid="-//cmmc-jira//closeout calendar//EN",
        name=name,
        uid=f"{assessment_id}@cmmc-jira",
        last_modified=datetime.combine(as_of, time(), tzinfo=UTC),
    )
    book.add("REFRESH-INTERVAL", _REFRESH, parameters={"VALUE": "DURATION"})
    book.add("X-PUBLISHED-TTL", vDuration(_REFRESH).to_ical().decode())
    stamp = datetime.combine(as_of, time(), tzinfo=UTC)
    for entry in entries:
        event = Event()
        event.add("UID", f"{assessment_id}/{entry.name}@cmmc-jira")
        event.add("DTSTAMP", stamp)
        event.add("DTSTART", entry.day)
        if entry.day < date.max:  # people enter such days; without an end an event lasts its day
            event.add("DTEND", entry.day + timedelta(days=1))
        event.add("SUMMARY", entry.title)
        event.add("DESCRIPTION", entry.text)
        event.add("TRANSP", "TRANSPARENT")
        event.add("CATEGORIES", ["CMMC"])
        book.add_component(event)
    content: bytes = book.to_ical()
    return content
