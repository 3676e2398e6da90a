"""What we remember on issues, as it is read back: whatever somebody else broke in it is passed over.

Every app and every person who may edit an issue may write its properties, so nothing in them is believed to have the
shape in which we wrote it. What is passed over counts as never written, and is written anew where it is needed.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from cmmc_jira.core.fields import DUE

Fits = Callable[[Any], bool]


def of_issue(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what fits of what is remembered on an issue of ours."""
    memory = _fitting(value, _ISSUE)
    if "set" in memory:
        memory["set"] = {name: text for name, text in memory["set"].items() if _text(text)}
        if DUE in memory["set"] and not _day(memory["set"][DUE]):
            del memory["set"][DUE]
    if "keep" in memory:
        memory["keep"] = _fitting(memory["keep"], _KEEP)
    if "facts" in memory:
        memory["facts"] = _fitting(memory["facts"], _FACTS)
    return memory


def of_assessment(value: Mapping[str, Any], id_: str) -> Mapping[str, Any]:
    """Return what fits of what is remembered on an assessment issue; nothing of what is another issue's.

    An issue that was cloned together with its properties carries those of the one it was cloned from.
    """
    if value.get("assessment", id_) != id_:
        return {}
    memory = _fitting(value, _ASSESSMENT)
    if "issues" in memory:
        memory["issues"] = {subject: row for subject, row in memory["issues"].items() if _row(row)}
    return memory


def of_findings(value: Mapping[str, Any], id_: str) -> Mapping[str, Any]:
    """Return the frozen findings of an assessment issue; nothing of what was frozen on another one."""
    return value if value.get("assessment", id_) == id_ else {}


def _fitting(value: Mapping[str, Any], shapes: Mapping[str, Fits]) -> dict[str, Any]:
    return {name: each for name, each in value.items() if name not in shapes or shapes[name](each)}


def _text(value: object) -> bool:
    return isinstance(value, str)


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _mapping(value: object) -> bool:
    return isinstance(value, Mapping)


def _day(value: object) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return isinstance(value, str)


def _instant(value: object) -> bool:
    try:
        return datetime.fromisoformat(str(value)).tzinfo is not None
    except ValueError:
        return False


def _days(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_day, value))  # noqa: PLR2004  a day and since when


def _slips(value: object) -> bool:
    return isinstance(value, list) and all(map(_slip, value))


def _slip(value: object) -> bool:
    match value:
        case [before, after, by, on]:
            return _day(before) and _day(after) and (by is None or _text(by)) and _day(on)
    return False


def _id(value: object) -> bool:
    return isinstance(value, str) and value.isdecimal() and value.isascii()


def _ids(value: object) -> bool:
    return isinstance(value, list) and all(map(_id, value))


def _row(value: object) -> bool:
    return isinstance(value, list) and bool(value) and _id(value[0]) and _texts(value)


_ISSUE: Final[Mapping[str, Fits]] = {
    "assessment": _text,
    "subject": _text,
    "sent": _text,
    "closed": _text,
    "set": _mapping,
    "said": _texts,
    "labels": _texts,
    "facts": _mapping,
    "keep": _mapping,
}
_KEEP: Final[Mapping[str, Fits]] = {
    "ours": _days,
    "due": _days,
    "slips": _slips,
    "ready": _day,
    "posted": _days,
    "target": _days,
    "start": _days,
}
_FACTS: Final[Mapping[str, Fits]] = {
    "status": _text,
    "score": lambda value: value is None or isinstance(value, int),
    "deadline": lambda value: value is None or _day(value),
    "open": _texts,
    "ready": _texts,
}
_ASSESSMENT: Final[Mapping[str, Fits]] = {
    "issues": _mapping,
    "findings": _ids,
    "claims": _texts,
    "claimed": _instant,
    "said": _texts,
}
