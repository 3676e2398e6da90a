"""Which transition leads to a status category, and what its screen demands."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cmmc_jira.errors import JiraRefused

_WORDS: Final = {"new": "To Do", "indeterminate": "In Progress", "done": "Done"}
_RESOLUTION: Final = "resolution"
_USUAL: Final = "Done"


def choose(offered: Sequence[Mapping[str, Any]], category: str, *, issue_id: str) -> Mapping[str, Any]:
    """Return the first transition that leads to a status of this category and demands nothing that we do not have.

    Raises:
        JiraRefused: there is none; the sentence says what the workflow or its screen would have to allow.

    """
    leading = [each for each in offered if each["to"]["statusCategory"]["key"] == category]
    if not leading:
        raise JiraRefused(
            f'Issue {issue_id}: no transition leads to a status of the category "{_WORDS.get(category, category)}" '
            "from where it is, or the service account may not use it: add one to the workflow."
        )
    for each in leading:
        if not _demanded(each):
            return each
    names = "; ".join(f'"{each["name"]}" demands {", ".join(_demanded(each))}' for each in leading)
    raise JiraRefused(
        f"Issue {issue_id} cannot be moved on: {names}. Make the field optional, or give it a default value."
    )


def filled(transition: Mapping[str, Any], category: str) -> dict[str, Any]:
    """Return the fields to send along: a resolution where a status of done has one on its screen, else nothing."""
    field = transition["fields"].get(_RESOLUTION)
    if category != "done" or not isinstance(field, Mapping):
        return {}
    allowed = [str(each["name"]) for each in field.get("allowedValues") or () if each.get("name")]
    return {_RESOLUTION: {"name": _USUAL if _USUAL in allowed else allowed[0]}} if allowed else {}


def _demanded(transition: Mapping[str, Any]) -> Sequence[str]:
    """Return the names of the fields that its screen requires, without a default and without our knowing a value."""
    return [
        str(field.get("name") or id_)
        for id_, field in transition["fields"].items()
        if field.get("required")
        and not field.get("hasDefaultValue")
        and not (id_ == _RESOLUTION and field.get("allowedValues"))
    ]
