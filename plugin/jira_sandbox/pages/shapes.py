"""How days, instants, people and sizes are written on the pages."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from jira_sandbox.records import User

_TONES = 8


def day(value: str) -> str:
    """An ISO day as 1 Jun 2026; what is no day stays as it is."""
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{found.day} {found:%b %Y}"


def moment(value: datetime, zone: str) -> Markup:
    """An instant as 1 Jun 2026, 05:00 EDT, for people in that zone and for machines."""
    found = value.astimezone(ZoneInfo(zone))
    return Markup('<time datetime="{}">{} {}</time>').format(
        found.isoformat(timespec="seconds"), found.day, f"{found:%b %Y, %H:%M %Z}"
    )


def initials(user: User) -> str:
    """The first letters of the first and last name."""
    words = user.display_name.split() or ["?"]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def tone(name: str) -> int:
    """A number from 0 to 7 that stays the same for a name, to colour it by."""
    return sum(name.encode("utf-8", "replace")) % _TONES


def size(count: int) -> str:
    """A number of bytes as 512 B, 12.3 kB or 4.5 MB."""
    if count < 1000:  # noqa: PLR2004  # SI units
        return f"{count} B"
    kilo = count / 1000
    return f"{kilo:.1f} kB" if kilo < 1000 else f"{kilo / 1000:.1f} MB"  # noqa: PLR2004  # SI units


def cut(value: str | None, limit: int = 300) -> str:
    """A text cut to what a line can hold."""
    text = value or ""
    return text if len(text) <= limit else f"{text[:limit].rstrip()} …"
